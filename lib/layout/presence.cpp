#include "layout/presence.h"

#include <algorithm>
#include <optional>

#include "timeline/frame_cursor.h"

namespace greffe::layout {
namespace {

// Renegotiation leaves a hole between two tracks of a participant who never left.
constexpr Duration RejoinPause = std::chrono::seconds(3);

bool any_contains(const std::vector<TimeRange>& ranges, MeetingTime time) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [&](const TimeRange& range) { return range.contains(time); });
}

std::vector<TimeRange> joined(std::vector<TimeRange> ranges, Duration pause) {
  std::sort(ranges.begin(), ranges.end(),
            [](const TimeRange& a, const TimeRange& b) { return a.start < b.start; });
  std::vector<TimeRange> result;
  for (const TimeRange& range : ranges) {
    if (!result.empty() && range.start - result.back().end <= pause)
      result.back().end = std::max(result.back().end, range.end);
    else
      result.push_back(range);
  }
  return result;
}

bool is_video(const timeline::TrackSidecar& track) {
  return media::facts_of(track.codec).kind == media::Kind::Video && track.frames > 0;
}

// A screen that does not change sends nothing, so a share lasts from its first picture to its last at least.
// A camera that sends nothing is off.
std::vector<TimeRange> visible_spans(const timeline::TrackSidecar& track, bool screen) {
  std::vector<TimeRange> spans;
  const Duration hold = CameraPause / 2;
  const MeetingTime track_end = std::max(track.range.end, track.range.start + Duration(1));
  if (screen) return {{track.range.start, track_end}};
  timeline::FrameCursor frames(track);
  while (const auto next = frames.next()) {
    const MeetingTime time = *next;
    if (!spans.empty() && time - (spans.back().end - hold) <= CameraPause)
      spans.back().end = std::max(spans.back().end, time + hold);
    else
      spans.push_back({time, time + hold});
  }
  if (!spans.empty())
    spans.back().end = std::max(std::min(spans.back().end, track_end), spans.back().start + Duration(1));
  return spans;
}

media::PictureSize turned(media::PictureSize size, media::Orientation orientation) {
  const int width = std::max(size.width_px, 1);
  const int height = std::max(size.height_px, 1);
  return orientation.rotation_deg % 180 == 0 ? media::PictureSize{width, height}
                                             : media::PictureSize{height, width};
}

std::vector<ShownSize> sizes_of(const timeline::TrackSidecar& track) {
  std::vector<MeetingTime> times;
  for (const auto& change : track.sizes) times.push_back(change.at);
  for (const auto& change : track.orientations) times.push_back(change.at);
  std::sort(times.begin(), times.end());

  std::vector<ShownSize> sizes;
  for (const MeetingTime time : times) {
    media::PictureSize size{16, 9};
    for (const auto& change : track.sizes)
      if (change.at <= time || &change == &track.sizes.front()) size = change.size;
    media::Orientation orientation;
    for (const auto& change : track.orientations)
      if (change.at <= time) orientation = change.orientation;
    if (!sizes.empty() && sizes.back().at == time) sizes.pop_back();
    sizes.push_back({time, turned(track.shown(size), orientation)});
  }
  return sizes;
}

std::vector<ShapeChange> shapes_of(const std::vector<ShownSize>& sizes) {
  std::vector<ShapeChange> shapes;
  for (const ShownSize& shown : sizes) {
    const Aspect aspect{shown.size.width_px, shown.size.height_px};
    if (shapes.empty() || !shapes.back().aspect.same_as(aspect)) shapes.push_back({shown.at, aspect});
  }
  return shapes;
}

// A camera that goes on in another track after a renegotiation: its last picture stays until the first of the
// next.
void join_takes(std::vector<VisibleTrack>& tracks) {
  for (VisibleTrack& track : tracks) {
    MeetingTime& end = track.visible.back().end;
    const MeetingTime latest = end + CameraPause;
    std::optional<MeetingTime> next;
    for (const VisibleTrack& other : tracks) {
      const MeetingTime start = other.visible.front().start;
      const bool follows = !other.screen && other.participant == track.participant && start > end &&
                           start <= latest && (!next || start < *next);
      if (follows) next = start;
    }
    if (next && !track.screen) end = *next;
  }
}

// The longest time without a picture between two of a track; none of a track with one picture.
std::optional<Duration> longest_pause(const timeline::TrackSidecar& track) {
  std::optional<Duration> longest;
  std::optional<MeetingTime> before;
  timeline::FrameCursor frames(track);
  while (const auto time = frames.next()) {
    if (before) longest = std::max(longest.value_or(Duration{0}), *time - *before);
    before = *time;
  }
  return longest;
}

// Some senders of screens send a picture only when it changes. Of a share that paused before, the last
// picture stays as long as the longest pause, a single one for good: until its sender leaves or somebody
// shares anew.
void hold_last_pictures(const timeline::Meeting& meeting, const std::vector<Presence>& presences,
                        std::vector<VisibleTrack>& tracks) {
  for (VisibleTrack& track : tracks) {
    if (!track.screen) continue;
    const auto pause = longest_pause(*meeting.find_track(track.track));
    if (pause && *pause <= CameraPause) continue;
    MeetingTime& end = track.visible.back().end;
    MeetingTime latest = pause ? end + *pause : MeetingTime::max();
    for (const VisibleTrack& other : tracks)
      if (other.screen && other.camera != track.camera && other.visible.front().start >= end)
        latest = std::min(latest, other.visible.front().start);
    for (const Presence& presence : presences)
      for (const TimeRange& present : presence.present)
        if (presence.participant == track.participant && present.start <= end && end <= present.end)
          end = std::max(end, std::min(latest, present.end));
  }
}

}  // namespace

bool Presence::present_at(MeetingTime time) const { return any_contains(present, time); }
bool VisibleTrack::visible_at(MeetingTime time) const { return any_contains(visible, time); }

Aspect VisibleTrack::aspect_at(MeetingTime time) const {
  Aspect aspect = shapes.empty() ? Aspect{} : shapes.front().aspect;
  for (const ShapeChange& change : shapes)
    if (change.at <= time) aspect = change.aspect;
  return aspect;
}

media::PictureSize VisibleTrack::size_at(MeetingTime time) const {
  media::PictureSize size = sizes.empty() ? media::PictureSize{} : sizes.front().size;
  for (const ShownSize& change : sizes)
    if (change.at <= time) size = change.size;
  return size;
}

std::vector<Presence> presences_of(const timeline::Meeting& meeting) {
  std::vector<Presence> presences;
  for (const timeline::Participant& participant : meeting.participants) {
    std::vector<TimeRange> ranges;
    for (const timeline::TrackSidecar& track : meeting.tracks)
      if (track.participant == participant.id && track.frames > 0) ranges.push_back(track.range);
    if (ranges.empty()) continue;
    ranges = joined(std::move(ranges), RejoinPause);
    presences.push_back({participant.id, ranges.front().start, std::move(ranges)});
  }
  std::stable_sort(presences.begin(), presences.end(),
                   [](const Presence& a, const Presence& b) { return a.joined < b.joined; });
  return presences;
}

std::vector<VisibleTrack> visible_tracks_of(const timeline::Meeting& meeting) {
  std::vector<VisibleTrack> tracks;
  for (const timeline::TrackSidecar& track : meeting.tracks) {
    if (!is_video(track)) continue;
    const bool screen = track.role == "screen";
    std::vector<ShownSize> sizes = sizes_of(track);
    std::vector<ShapeChange> shapes = shapes_of(sizes);
    tracks.push_back({.participant = track.participant,
                      .track = track.track,
                      .camera = track.alternative_of.empty() ? track.track : track.alternative_of,
                      .screen = screen,
                      .visible = visible_spans(track, screen),
                      .shapes = std::move(shapes),
                      .sizes = std::move(sizes)});
  }
  std::erase_if(tracks, [](const VisibleTrack& track) { return track.visible.empty(); });
  join_takes(tracks);
  hold_last_pictures(meeting, presences_of(meeting), tracks);
  std::stable_sort(tracks.begin(), tracks.end(), [](const VisibleTrack& a, const VisibleTrack& b) {
    return a.visible.front().start < b.visible.front().start;
  });
  return tracks;
}

}  // namespace greffe::layout
