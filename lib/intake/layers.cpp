#include "intake/layers.h"

#include <algorithm>

namespace greffe::intake {
namespace {

bool share_group(const TrackSurvey& a, const TrackSurvey& b) {
  const auto holds = [](const dump::SsrcGroup& group, const TrackSurvey& survey) {
    return std::any_of(group.ssrcs.begin(), group.ssrcs.end(),
                       [&](Ssrc ssrc) { return survey.ssrcs.contains(ssrc); });
  };
  return std::any_of(a.coding.groups.begin(), a.coding.groups.end(), [&](const dump::SsrcGroup& group) {
    return group.semantics == "SIM" && holds(group, a) && holds(group, b);
  });
}

bool are_layers(const SurveyedTrack& a, const SurveyedTrack& b) {
  if (a.container || b.container) return false;
  const TrackSurvey& one = a.survey;
  const TrackSurvey& other = b.survey;
  if (a.participant != b.participant || a.role != b.role || one.coding.codec != other.coding.codec ||
      media::facts_of(one.coding.codec).kind != media::Kind::Video)
    return false;
  const bool overlap =
      one.first_arrival() < other.last_arrival() && other.first_arrival() < one.last_arrival();
  if (!overlap || one.coding.wall_clock != other.coding.wall_clock) return false;
  const bool other_rid = !one.rid.empty() && !other.rid.empty() && one.rid != other.rid;
  return other_rid || share_group(one, other) || one.frame_times.coincide_with(other.frame_times);
}

}  // namespace

void find_layers(std::vector<SurveyedTrack>& tracks) {
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    for (std::size_t k = 0; k < i; ++k) {
      if (!are_layers(tracks[k], tracks[i])) continue;
      if (!tracks[k].camera) tracks[k].camera = k;
      tracks[i].camera = tracks[k].camera;
      break;
    }
  }
}

}  // namespace greffe::intake
