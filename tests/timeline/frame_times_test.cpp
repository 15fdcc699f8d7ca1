#include "timeline/frame_times.h"

#include <gtest/gtest.h>

namespace greffe::timeline {
namespace {

TEST(FrameTimes, KnowsLayersByTheirUnevenSteps) {
  FrameTimes one, layer, other;
  std::int64_t tick = 0, other_tick = 0;
  for (int i = 0; i < 300; ++i) {
    const ArrivalTime at(std::chrono::milliseconds(33 * i));
    tick += 2970 + (i * i * 7 % 11) * 90;
    other_tick += 2970 + (i * i * 5 % 13) * 90;
    one.add(tick, at);
    if (i % 9 != 0) layer.add(tick + 123'456'789, at + std::chrono::milliseconds(4));
    other.add(other_tick, at);
  }
  EXPECT_TRUE(one.coincide_with(layer));
  EXPECT_TRUE(layer.coincide_with(one));
  EXPECT_FALSE(one.coincide_with(other));
  EXPECT_FALSE(one.coincide_with({}));
}

TEST(FrameTimes, EvenStepsSayNothing) {
  FrameTimes one, other;
  for (int i = 0; i < 300; ++i) {
    one.add(3000 * i, ArrivalTime(std::chrono::milliseconds(33 * i)));
    other.add(3000 * i + 77, ArrivalTime(std::chrono::milliseconds(33 * i)));
  }
  EXPECT_FALSE(one.coincide_with(other));
}

TEST(FrameTimes, LongTracksAreComparedInTheSameSeconds) {
  FrameTimes one, layer;
  std::int64_t tick = 0;
  for (int i = 0; i < 200'000; ++i) {
    const ArrivalTime at(std::chrono::milliseconds(33 * i));
    tick += 2970 + (static_cast<std::int64_t>(i) * i % 11) * 90;
    one.add(tick, at);
    if (i > 50'000) layer.add(tick - 4711, at);
  }
  EXPECT_TRUE(one.coincide_with(layer));
}

}  // namespace
}  // namespace greffe::timeline
