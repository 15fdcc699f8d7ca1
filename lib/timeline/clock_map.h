// RTP timestamps → meeting time for one track (DESIGN 5).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "json/value.h"
#include "units/rtp.h"
#include "units/time.h"

namespace greffe::timeline {

// One span of unbroken RTP time: a straight line through two points, evaluated exactly (no doubles).
struct ClockSegment {
  std::int64_t first_tick = 0;   // of the segment's first frame
  std::int64_t last_tick = 0;    // of the segment's last frame
  std::int64_t anchor_tick = 0;  // maps to anchor exactly
  MeetingTime anchor{};
  // The sender's clock against the meeting's: `rate_ticks` ticks last `rate_ns` nanoseconds.
  std::int64_t rate_ticks = 90'000;
  std::int64_t rate_ns = 1'000'000'000;

  // Ends 36 years from the anchor, so that no tick of a file overflows.
  MeetingTime at(std::int64_t tick) const;
  // Nominal rate against measured, in parts per million; positive: the sender's clock is fast.
  double drift_ppm(ClockRate nominal) const;
};

struct ClockMap {
  ClockRate clock_rate;
  std::vector<ClockSegment> segments;  // in order of arrival; frames name theirs by index
  std::string witness;                 // "abs-capture-time", "sender-reports", "arrival", "container", "none"
  double residual_ms = 0;              // how far the witness lies from the map, median
  Duration audio_advance{};            // what an arrival-only audio track was moved earlier by

  MeetingTime at(std::uint32_t segment, std::int64_t tick) const { return segments.at(segment).at(tick); }
};

json::Value to_json(const ClockMap& map);
Result<ClockMap> clock_map_of(const json::Value& value);

}  // namespace greffe::timeline
