// Made-up meetings for the tests of plans.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "timeline/meeting.h"

namespace greffe::layout {

inline MeetingTime at_ms(std::int64_t ms) { return MeetingTime(std::chrono::milliseconds(ms)); }

// A VP8 track with a picture each 40 ms in each of `spans` (ms), of 640x360.
inline timeline::TrackSidecar video(const std::string& who, const std::string& role,
                                    std::vector<std::pair<int, int>> spans) {
  timeline::TrackSidecar track;
  track.track = who + "-" + role + "-1";
  track.participant = who;
  track.role = role;
  track.codec = media::CodecId::Vp8;
  track.range = {at_ms(spans.front().first), at_ms(spans.back().second)};
  track.clock.clock_rate = ClockRate{90'000};
  for (const auto& [from, to] : spans) {
    timeline::ClockSegment segment;
    segment.last_tick = std::int64_t{90} * (to - from);
    segment.anchor = at_ms(from);
    track.clock.segments.push_back(segment);
    const auto pictures = static_cast<std::uint32_t>((to - from) / 40);
    timeline::FrameTicks ticks;
    ticks.empty = false;
    ticks.runs = {timeline::TickRun{3600, pictures}};
    track.ticks.push_back(ticks);
    track.frames += pictures + 1;
  }
  track.sizes = {{track.range.start, {640, 360}}};
  return track;
}

inline timeline::Meeting meeting_of_tracks(std::vector<timeline::TrackSidecar> tracks) {
  timeline::Meeting meeting;
  meeting.title = "test";
  for (timeline::TrackSidecar& track : tracks) {
    if (!meeting.find_participant(track.participant))
      meeting.participants.push_back({track.participant, track.participant, {}});
    meeting.end = std::max(meeting.end, track.range.end);
    meeting.tracks.push_back(std::move(track));
  }
  return meeting;
}

}  // namespace greffe::layout
