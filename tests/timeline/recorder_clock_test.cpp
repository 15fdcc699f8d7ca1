#include "timeline/recorder_clock.h"

#include <gtest/gtest.h>

#include "timeline/clock_fit.h"

namespace greffe::timeline {
namespace {

using namespace std::chrono_literals;

constexpr ClockRate Rate{48'000};

// Packets of 20 ms from `from` to `to` of true time, as a recorder has them whose clock is set by `height` at
// 40 s. `stalled`: the sender's own clock stands still there instead.
ClockObservation observe(Duration from, Duration to, Duration height, Duration stalled = 0s) {
  ClockObserver observer(Rate, true);
  std::int64_t number = 0;
  for (Duration at = from; at < to; at += 20ms, ++number) {
    if (at >= 40s && at < 40s + stalled) {
      --number;
      continue;
    }
    const Duration arrival = 1h + at + (at >= 40s ? height : 0s);
    observer.see({.sequence = number, .ticks = number * 960, .arrival = ArrivalTime(arrival)});
  }
  return observer.finish();
}

ArrivalCorrection correction_of(const std::vector<RecordedClock>& tracks) {
  return {find_recorder_steps(tracks), ArrivalTime(1h), ArrivalTime(1h + 60s)};
}

TEST(RecorderClock, R60_AStepOfAllTracksMovesNoMedia) {
  for (const Duration height : {7000ms, -7000ms, 3'600'000ms, -900ms}) {
    ClockObservation a = observe(0s, 60s, height), b = observe(2s, 60s, height);
    ClockObservation joined = observe(50s, 60s, height);
    const auto correction = correction_of({{&a, "a"}, {&b, "b"}, {&joined, "c"}});
    ASSERT_EQ(correction.steps().size(), 1u) << height.count();
    EXPECT_NEAR(static_cast<double>((correction.steps()[0].height - height).count()), 0, 1e6);
    for (ClockObservation* seen : {&a, &b, &joined}) correction.correct(*seen);
    const ClockMap map = fit_arrival(a, ArrivalTime(1h), {});
    for (const std::int64_t second : {10, 39, 41, 59}) {
      const std::uint32_t segment = second < 40 ? 0 : 1;
      EXPECT_NEAR(
          static_cast<double>((map.at(segment, second * 48'000).time_since_epoch() - second * 1s).count()), 0,
          2e6)
          << second;
    }
    if (height > 0s) {  // behind a step back the two clocks overlap, and a track without the step cannot tell
      EXPECT_EQ(joined.segments[0].first_arrival, ArrivalTime(1h + 50s));
    }
  }
}

TEST(RecorderClock, R60_TheLongestSteadyPartTellsTheTimeOfDay) {
  ClockObservation a = observe(30s, 90s, 7s), b = observe(30s, 90s, 7s);
  const ArrivalCorrection correction(find_recorder_steps({{&a, "a"}, {&b, "b"}}), ArrivalTime(1h + 30s),
                                     ArrivalTime(1h + 97s));
  correction.correct(a);
  EXPECT_EQ(a.segments[0].first_arrival, ArrivalTime(1h + 37s));
  EXPECT_EQ(a.segments[1].first_arrival, ArrivalTime(1h + 47s));
}

TEST(RecorderClock, R60_GoingBackIsTheRecordersEvenForOneTrack) {
  const ClockObservation a = observe(0s, 60s, -5s);
  EXPECT_EQ(correction_of({{&a, "a"}}).steps().size(), 1u);
}

// One pair a second of a sender's clock that goes on, whatever the recorder's does.
std::vector<SeenReport> pairs(Duration height, Duration stalled) {
  std::vector<SeenReport> all;
  for (int second = 1; second < 60; ++second) {
    const bool later = second * 1s >= 40s;
    if (later && second * 1s < 40s + stalled) continue;
    const Duration media = second * 1s - (later ? stalled : 0s);
    all.push_back({.tick = media / 1s * 48'000,
                   .sender = WallTime(9h + second * 1s),
                   .arrival = ArrivalTime(1h + second * 1s + 30ms + (later ? height : 0s))});
  }
  return all;
}

TEST(RecorderClock, R60_TheSendersClockDecidesForOneTrack) {
  ClockObservation stepped = observe(0s, 60s, 7s);
  const ClockObservation stood_still = observe(0s, 60s, 0s, 7s);
  std::vector<SeenReport> reports = pairs(7s, 0s);
  const auto correction = correction_of({{&stepped, "a", reports}});
  ASSERT_EQ(correction.steps().size(), 1u);
  correction.correct(stepped, {&reports});
  EXPECT_EQ(judge_reports(stepped, reports).refused(), 0u);
  EXPECT_TRUE(correction_of({{&stood_still, "a", pairs(0s, 7s)}}).steps().empty());
  // Two at once may still have stood still, when one of their clocks says so.
  EXPECT_TRUE(correction_of({{&stood_still, "a", pairs(0s, 7s)}, {&stood_still, "b"}}).steps().empty());
}

TEST(RecorderClock, R3_OneParticipantsStallIsHis) {
  const ClockObservation sound = observe(0s, 60s, 0s, 7s), picture = observe(0s, 60s, 0s, 7s);
  const ClockObservation other = observe(0s, 60s, 0s);
  EXPECT_TRUE(correction_of({{&sound, "a"}, {&picture, "a"}}).steps().empty());
  EXPECT_TRUE(correction_of({{&sound, "a"}, {&other, "b"}}).steps().empty());
  EXPECT_TRUE(correction_of({{&sound, "a"}, {&picture, "b"}, {&other, "c"}}).steps().empty());
  EXPECT_TRUE(correction_of({}).steps().empty());
}

}  // namespace
}  // namespace greffe::timeline
