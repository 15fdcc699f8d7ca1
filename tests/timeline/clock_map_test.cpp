#include "timeline/clock_map.h"

#include <gtest/gtest.h>

#include <limits>

namespace greffe::timeline {
namespace {

constexpr std::int64_t Least = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t Most = std::numeric_limits<std::int64_t>::max();

ClockSegment segment(std::int64_t anchor_tick, std::int64_t anchor_ns, std::int64_t rate_ticks,
                     std::int64_t rate_ns) {
  return {.first_tick = anchor_tick,
          .last_tick = anchor_tick,
          .anchor_tick = anchor_tick,
          .anchor = MeetingTime(Duration(anchor_ns)),
          .rate_ticks = rate_ticks,
          .rate_ns = rate_ns};
}

TEST(ClockSegment, IsExactToTheNearestNanosecond) {
  const ClockSegment camera = segment(1000, 5, 90'000, 1'000'000'000);
  EXPECT_EQ(camera.at(91'000), MeetingTime(Duration(1'000'000'005)));
  EXPECT_EQ(camera.at(1001), MeetingTime(Duration(11'116)));  // 11111.1 ns
  EXPECT_EQ(camera.at(999), MeetingTime(Duration(-11'106)));
  // Behind 64 bits of what is divided, as a line that was fitted over hours has it.
  const ClockSegment fitted = segment(0, 0, 1'296'000'000'000, 14'400'000'000'000'000);
  EXPECT_EQ(fitted.at(1'296'000'000'000), MeetingTime(Duration(14'400'000'000'000'000)));
}

TEST(ClockSegment, NoTickOverflows) {
  for (const std::int64_t anchor_tick : {Least, std::int64_t{0}, Most})
    for (const std::int64_t tick : {Least, std::int64_t{0}, Most})
      for (const std::int64_t rate : {std::int64_t{1}, std::int64_t{90'000}, Most}) {
        const MeetingTime slow = segment(anchor_tick, 1, 1, rate).at(tick);
        const MeetingTime fast = segment(anchor_tick, 1, rate, 1).at(tick);
        EXPECT_TRUE(tick < anchor_tick ? slow <= fast : slow >= fast)
            << anchor_tick << ' ' << tick << ' ' << rate;
      }
}

TEST(ClockMap, AnAnchorBeyondAllTimesIsRefused) {
  ClockMap map{.clock_rate = ClockRate{90'000}, .segments = {segment(0, 0, 90'000, 1'000'000'000)}};
  EXPECT_TRUE(clock_map_of(to_json(map)));
  for (const std::int64_t ns : {Least, Most}) {
    map.segments.front().anchor = MeetingTime(Duration(ns));
    EXPECT_FALSE(clock_map_of(to_json(map))) << ns;
  }
}

}  // namespace
}  // namespace greffe::timeline
