#include "layout/candidates.h"

#include <algorithm>
#include <numeric>

#include "base/text.h"

namespace greffe::layout {
namespace {

Candidate candidate_of(const VisibleTrack& track, MeetingTime time, MeetingTime order) {
  Candidate candidate;
  candidate.key = track.screen ? fmt::format("{}/{}", track.participant, track.camera) : track.participant;
  candidate.since = track.visible.front().start;
  candidate.tile.participant = track.participant;
  candidate.tile.track = track.track;
  candidate.tile.kind = track.screen ? TileKind::Screen : TileKind::Camera;
  candidate.camera = track.camera;
  candidate.aspect = track.aspect_at(time);
  candidate.order = order;
  return candidate;
}

std::int64_t area_at(const VisibleTrack& track, MeetingTime time) { return track.size_at(time).area(); }

// The layer that stands for the track's camera until tiles have a size: the first of the largest that are
// there. The track itself is one.
const VisibleTrack& largest_layer(const VisibleTrack& track, const std::vector<VisibleTrack>& tracks,
                                  MeetingTime time) {
  const VisibleTrack* largest = nullptr;
  for (const VisibleTrack& layer : tracks)
    if (layer.camera == track.camera && layer.visible_at(time) &&
        (largest == nullptr || area_at(layer, time) > area_at(*largest, time)))
      largest = &layer;
  return largest != nullptr ? *largest : track;
}

// The participant's camera at `time` (the one that began last, where two overlap), or a placeholder.
Candidate candidate_of(const Presence& presence, const std::vector<VisibleTrack>& tracks, MeetingTime time) {
  const VisibleTrack* camera = nullptr;
  for (const VisibleTrack& track : tracks)
    if (!track.screen && track.participant == presence.participant && track.visible_at(time)) camera = &track;
  if (camera) return candidate_of(largest_layer(*camera, tracks, time), time, presence.joined);
  Candidate candidate;
  candidate.key = candidate.tile.participant = presence.participant;
  candidate.order = candidate.since = presence.joined;
  return candidate;
}

Duration speaking_time(const Sources& sources, const std::string& participant) {
  const auto speech = sources.speech.find(participant);
  if (speech == sources.speech.end()) return {};
  return std::accumulate(speech->second.begin(), speech->second.end(), Duration{},
                         [](Duration sum, const TimeRange& range) { return sum + range.duration(); });
}

void sort_presences(Sources& sources, Order order) {
  const auto name = [&](const Presence& presence) {
    const auto known = sources.names.find(presence.participant);
    return lower_case(known == sources.names.end() ? presence.participant : known->second);
  };
  const auto before = [&](const Presence& a, const Presence& b) {
    switch (order) {
      case Order::Speaking:
        return speaking_time(sources, a.participant) > speaking_time(sources, b.participant);
      case Order::Name: return name(a) < name(b);
      case Order::Join: break;
    }
    return a.joined < b.joined;
  };
  std::stable_sort(sources.presences.begin(), sources.presences.end(), before);
}

// The order of the presence at `index`: when they joined, or how far in front they are for another reason.
MeetingTime order_of(const Sources& sources, std::size_t index, const PlanOptions& options) {
  if (sources.presences[index].participant == options.lock) return MeetingTime::min();
  if (options.order == Order::Join) return sources.presences[index].joined;
  return MeetingTime(Duration(static_cast<std::int64_t>(index)));
}

}  // namespace

Sources sources_of(const timeline::Meeting& meeting, const std::vector<Utterance>& utterances,
                   const PlanOptions& options) {
  const auto absent = [&](const auto& of) {
    return std::find(options.without.begin(), options.without.end(), of.participant) != options.without.end();
  };
  std::vector<Utterance> heard = utterances;
  std::erase_if(heard, absent);
  Sources sources{presences_of(meeting), visible_tracks_of(meeting),
                  turns_of(heard, {options.min_stay, options.look_ahead}), speech_of_each(heard),
                  display_names_of(meeting)};
  std::erase_if(sources.presences, absent);
  std::erase_if(sources.tracks, absent);
  sort_presences(sources, options.order);
  return sources;
}

const VisibleTrack* find_layer(const std::string& camera, const Rectangle& picture,
                               const std::vector<VisibleTrack>& tracks, MeetingTime time) {
  const VisibleTrack* best = nullptr;
  const auto fills = [&](const VisibleTrack& layer) {
    const media::PictureSize size = layer.size_at(time);
    return size.width_px >= picture.width && size.height_px >= picture.height;
  };
  for (const VisibleTrack& layer : tracks) {
    if (layer.camera != camera || !layer.visible_at(time)) continue;
    const bool better =
        best == nullptr ||
        (fills(layer) != fills(*best) ? fills(layer)
                                      : (area_at(layer, time) < area_at(*best, time)) == fills(*best));
    if (better) best = &layer;
  }
  return best;
}

std::vector<Candidate> candidates_at(const Sources& sources, MeetingTime time, const PlanOptions& options) {
  std::vector<Candidate> candidates;
  for (std::size_t i = 0; i < sources.presences.size(); ++i) {
    if (!sources.presences[i].present_at(time)) continue;
    candidates.push_back(candidate_of(sources.presences[i], sources.tracks, time));
    candidates.back().order = order_of(sources, i, options);
  }
  for (const VisibleTrack& track : sources.tracks)
    if (track.screen && track.visible_at(time) && &largest_layer(track, sources.tracks, time) == &track)
      candidates.push_back(candidate_of(
          track, time, options.order == Order::Join ? track.visible.front().start : MeetingTime::max()));
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const Candidate& a, const Candidate& b) { return a.order < b.order; });
  return candidates;
}

}  // namespace greffe::layout
