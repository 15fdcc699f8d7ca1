#include "intake/layers.h"

#include <algorithm>
#include <optional>
#include <set>

namespace greffe::intake {
namespace {

constexpr std::size_t MostCamerasAsked = 128;

bool share_group(const TrackSurvey& a, const TrackSurvey& b) {
  const auto holds = [](const dump::SsrcGroup& group, const TrackSurvey& survey) {
    return std::any_of(group.ssrcs.begin(), group.ssrcs.end(),
                       [&](Ssrc ssrc) { return survey.ssrcs.contains(ssrc); });
  };
  return std::any_of(a.coding.groups.begin(), a.coding.groups.end(), [&](const dump::SsrcGroup& group) {
    return group.semantics == "SIM" && holds(group, a) && holds(group, b);
  });
}

// One participant's pictures of one kind, at the same time.
bool could_be_layers(const SurveyedTrack& a, const SurveyedTrack& b) {
  if (a.container || b.container) return false;
  const TrackSurvey& one = a.survey;
  const TrackSurvey& other = b.survey;
  if (a.participant != b.participant || a.role != b.role || one.coding.codec != other.coding.codec ||
      media::facts_of(one.coding.codec).kind != media::Kind::Video)
    return false;
  const bool overlap =
      one.first_arrival() < other.last_arrival() && other.first_arrival() < one.last_arrival();
  return overlap && one.coding.wall_clock == other.coding.wall_clock;
}

bool are_named_layers(const SurveyedTrack& a, const SurveyedTrack& b) {
  if (!could_be_layers(a, b)) return false;
  const bool other_rid = !a.survey.rid.empty() && !b.survey.rid.empty() && a.survey.rid != b.survey.rid;
  return other_rid || share_group(a.survey, b.survey);
}

// The track ahead of the one at `i` that shows the same camera. Layers begin together, so by their frames the
// nearest ahead are asked first, one of each camera.
std::optional<std::size_t> find_layer(const std::vector<SurveyedTrack>& tracks, std::size_t i) {
  for (std::size_t k = 0; k < i; ++k)
    if (are_named_layers(tracks[k], tracks[i])) return k;
  std::set<std::size_t> asked;
  for (std::size_t k = i; k-- > 0 && asked.size() < MostCamerasAsked;) {
    const std::size_t camera = tracks[k].camera.value_or(k);
    if (asked.contains(camera) || !could_be_layers(tracks[k], tracks[i])) continue;
    if (tracks[k].survey.frame_times.coincide_with(tracks[i].survey.frame_times)) return k;
    asked.insert(camera);
  }
  return std::nullopt;
}

}  // namespace

void find_layers(std::vector<SurveyedTrack>& tracks) {
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    const auto layer = find_layer(tracks, i);
    if (!layer) continue;
    if (!tracks[*layer].camera) tracks[*layer].camera = *layer;
    tracks[i].camera = tracks[*layer].camera;
  }
}

}  // namespace greffe::intake
