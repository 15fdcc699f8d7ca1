#include "timeline/clock_map.h"

#include <algorithm>

#include "json/reader.h"

namespace greffe::timeline {
namespace {

// 36 years of nanoseconds: what a sidecar of somebody else's making says beyond that is no clock.
constexpr std::int64_t Farthest = std::int64_t{1} << 60;

bool is_near(std::int64_t value) { return value >= -Farthest && value <= Farthest; }

}  // namespace

MeetingTime ClockSegment::at(std::int64_t tick) const {
  const std::int64_t half = rate_ticks / 2;
  std::int64_t near = 0;
  // To the nearest nanosecond. In 64 bits where they hold it: a division of 128 bits costs several times as
  // much.
  if (!__builtin_sub_overflow(tick, anchor_tick, &near) && !__builtin_mul_overflow(near, rate_ns, &near) &&
      !__builtin_add_overflow(near, near < 0 ? -half : half, &near) && is_near(near / rate_ticks))
    return anchor + Duration(near / rate_ticks);
  const __int128 scaled = (static_cast<__int128>(tick) - anchor_tick) * rate_ns;
  const __int128 rounded = (scaled + (scaled < 0 ? -half : half)) / rate_ticks;
  return anchor + Duration(static_cast<std::int64_t>(std::clamp<__int128>(rounded, -Farthest, Farthest)));
}

double ClockSegment::drift_ppm(ClockRate nominal) const {
  const double ticks_per_second = static_cast<double>(rate_ticks) * 1e9 / static_cast<double>(rate_ns);
  return (ticks_per_second / nominal.hz - 1) * 1e6;
}

json::Value to_json(const ClockMap& map) {
  json::Array segments;
  for (const ClockSegment& segment : map.segments)
    segments.push_back(json::Object{{"first_tick", segment.first_tick},
                                    {"last_tick", segment.last_tick},
                                    {"anchor_tick", segment.anchor_tick},
                                    {"anchor_ns", segment.anchor.time_since_epoch().count()},
                                    {"rate_ticks", segment.rate_ticks},
                                    {"rate_ns", segment.rate_ns}});
  return json::Object{{"clock_rate_hz", map.clock_rate.hz},
                      {"witness", map.witness},
                      {"residual_ms", map.residual_ms},
                      {"audio_advance_ns", map.audio_advance.count()},
                      {"segments", std::move(segments)}};
}

Result<ClockMap> clock_map_of(const json::Value& value) {
  json::Reader reader(value, "clock");
  ClockMap map;
  const std::int64_t rate = reader.integer("clock_rate_hz");
  if (rate <= 0 || rate > 1'000'000'000) reader.refuse("clock_rate_hz", "not a clock rate");
  map.clock_rate = ClockRate{static_cast<std::uint32_t>(rate)};
  map.witness = reader.text("witness");
  map.residual_ms = reader.number("residual_ms");
  map.audio_advance = Duration(reader.integer("audio_advance_ns"));
  if (!is_near(map.audio_advance.count())) reader.refuse("audio_advance_ns", "beyond all times");
  for (const json::Value& item : reader.array("segments")) {
    json::Reader segment(item, reader.place_of(fmt::format("segments[{}]", map.segments.size())));
    map.segments.push_back({.first_tick = segment.integer("first_tick"),
                            .last_tick = segment.integer("last_tick"),
                            .anchor_tick = segment.integer("anchor_tick"),
                            .anchor = MeetingTime(Duration(segment.integer("anchor_ns"))),
                            .rate_ticks = segment.integer("rate_ticks"),
                            .rate_ns = segment.integer("rate_ns")});
    const ClockSegment& read = map.segments.back();
    if (read.rate_ticks <= 0 || read.rate_ns <= 0) segment.refuse("rate_ns", "rates are above 0");
    if (!is_near(read.anchor.time_since_epoch().count())) segment.refuse("anchor_ns", "beyond all times");
    GREFFE_CHECK(segment.status());
  }
  GREFFE_CHECK(reader.status());
  return map;
}

}  // namespace greffe::timeline
