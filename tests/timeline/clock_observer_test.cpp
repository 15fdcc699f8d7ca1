// Of pictures only the first packet tells of the clock (see also clock_fit_test.cpp, which has sound).
#include "timeline/clock_observer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "units/media_time.h"

namespace greffe::timeline {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

constexpr std::int64_t TicksOfPicture = 3000;  // 30 a second
constexpr int PacketsOfPicture = 3;
constexpr auto BetweenPackets = 4ms;

// A camera whose pictures take three packets, one behind the other.
struct Camera {
  ClockObserver observer{ClockRate{90'000}, true};
  std::int64_t sequence = 0;

  void send(std::int64_t ticks, Duration arrival) {
    for (int i = 0; i < PacketsOfPicture; ++i)
      observer.see(
          {.sequence = sequence++, .ticks = ticks, .arrival = ArrivalTime(arrival + i * BetweenPackets)});
  }
  // From picture `first` on, `late` behind their time.
  void send_on_time(int first, int count, Duration late = {}) {
    for (int i = first; i < first + count; ++i)
      send(i * TicksOfPicture, late + std::chrono::nanoseconds(i * 1'000'000'000LL / 30));
  }
};

std::uint64_t packets_of(const ClockObservation& seen) {
  return std::accumulate(seen.segments.begin(), seen.segments.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const ObservedSegment& one) { return sum + one.packets; });
}

TEST(ClockObserver, AllPacketsOfAPictureCountAndTheLastOfThemEndsTheTrack) {
  Camera camera;
  camera.send_on_time(0, 30);
  const ClockObservation seen = camera.observer.finish();
  ASSERT_EQ(seen.segments.size(), 1u);
  EXPECT_EQ(packets_of(seen), 30u * PacketsOfPicture);
  EXPECT_EQ(seen.segments[0].last_arrival,
            ArrivalTime(std::chrono::nanoseconds(29 * 1'000'000'000LL / 30) + 2 * BetweenPackets));
  EXPECT_EQ(seen.usual_step, TicksOfPicture);
  for (const EnvelopePoint& point : seen.segments[0].envelope)
    EXPECT_LT(point.arrival.time_since_epoch() - media_time(point.tick, seen.rate), BetweenPackets)
        << "a packet that waited for its turn is no witness";
}

TEST(ClockObserver, R3_APictureOfAlienTimeIsLeftOutWithAllItsPackets) {
  Camera camera;
  camera.send_on_time(0, 30);
  camera.send(1'000'000'000, 1000ms);
  camera.send_on_time(31, 30);
  const ClockObservation seen = camera.observer.finish();
  EXPECT_EQ(seen.segments.size(), 1u);
  EXPECT_THAT(seen.outliers, ElementsAre(90u, 91u, 92u));
  EXPECT_TRUE(seen.breaks.empty());
}

TEST(ClockObserver, R3_ACameraThatStopsItsClockBeginsASegmentWithTheFirstPacketOfAPicture) {
  Camera camera;
  camera.send_on_time(0, 60);
  camera.send_on_time(60, 60, 5s);
  const ClockObservation seen = camera.observer.finish();
  ASSERT_EQ(seen.segments.size(), 2u);
  EXPECT_THAT(seen.breaks, ElementsAre(180u));
  EXPECT_EQ(seen.segments[1].first_packet, 180u);
  EXPECT_EQ(seen.segments[1].first_tick, 60 * TicksOfPicture);
}

// Delay that rises and comes back is the network's: what was looked at apart is one again.
TEST(ClockObserver, R8_ADelayThatComesBackLeavesOneSegmentWithAllThatWasInIt) {
  Camera camera;
  camera.send_on_time(0, 90);
  camera.send_on_time(90, 90, 200ms);
  camera.send_on_time(180, 90);
  const ClockObservation seen = camera.observer.finish();
  ASSERT_EQ(seen.segments.size(), 1u);
  const ObservedSegment& segment = seen.segments[0];
  EXPECT_EQ(segment.packets, 270u * PacketsOfPicture);
  EXPECT_EQ(segment.first_tick, 0);
  EXPECT_EQ(segment.last_tick, 269 * TicksOfPicture);
  EXPECT_EQ(segment.first_arrival, ArrivalTime{});
  EXPECT_TRUE(seen.breaks.empty());
}

}  // namespace
}  // namespace greffe::timeline
