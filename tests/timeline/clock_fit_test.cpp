#include "timeline/clock_fit.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace greffe::timeline {
namespace {

using namespace std::chrono_literals;

// A sender that ticks at `ppm` beside the recorder's clock, over a network that adds jitter.
struct Model {
  ClockRate rate{48'000};
  std::int64_t step = 960;
  double ppm = 0;
  Duration start{};
  Duration jitter = 20ms;
  std::mt19937 random{7};

  rtp::OrderedPacket packet(std::int64_t number) {
    const double seconds = static_cast<double>(number * step) / rate.hz / (1 + ppm * 1e-6);
    const Duration wait(std::uniform_int_distribution<std::int64_t>(0, jitter.count())(random));
    return {.sequence = number + 1000,
            .ticks = number * step + 77,
            .arrival = ArrivalTime(start + Duration(std::llround(seconds * 1e9)) + wait)};
  }
};

ClockObservation observe(Model& model, int packets) {
  ClockObserver observer(model.rate, true);
  for (int i = 0; i < packets; ++i) observer.see(model.packet(i));
  return observer.finish();
}

double ms(Duration duration) { return static_cast<double>(duration.count()) / 1e6; }

TEST(ClockFit, JitterDoesNotMoveTheEnvelope) {
  Model model;
  model.start = 3s;
  const ClockMap map = fit_arrival(observe(model, 1500), ArrivalTime(1s), {});
  ASSERT_EQ(map.segments.size(), 1u);
  EXPECT_NEAR(ms(map.at(0, 77).time_since_epoch()), 2000, 1.5);
  EXPECT_NEAR(ms(map.at(0, 77 + 48'000 * 10).time_since_epoch()), 12'000, 1.5);
}

TEST(ClockFit, AudioMovesEarlierByItsPacketAndLookAhead) {
  Model model;
  const ClockMap plain = fit_arrival(observe(model, 1500), ArrivalTime{}, {});
  model.random.seed(7);
  const ClockMap moved =
      fit_arrival(observe(model, 1500), ArrivalTime{}, {.packet = 20ms, .look_ahead = 6500us});
  EXPECT_EQ(plain.at(0, 77) - moved.at(0, 77), 26'500us);
}

TEST(ClockFit, R8_DriftEndsWithin40MsAfterFourHours) {
  for (const double ppm : {15.0, -100.0, 500.0}) {
    Model model;
    model.ppm = ppm;
    const int packets = 4 * 3600 * 50;
    const ClockObservation seen = observe(model, packets);
    const ClockMap map = fit_arrival(seen, ArrivalTime{}, {});
    ASSERT_EQ(map.segments.size(), 1u) << ppm;
    EXPECT_NEAR(map.segments[0].drift_ppm(model.rate), ppm, 1) << ppm;
    const double true_end = static_cast<double>(packets) * 20 / (1 + ppm * 1e-6);
    EXPECT_NEAR(ms(map.at(0, 77 + std::int64_t{960} * packets).time_since_epoch()), true_end, 40) << ppm;
  }
}

TEST(ClockFit, R62_MemoryDoesNotGrowOver25Hours) {
  Model model;
  model.step = 48'000;
  EXPECT_LE(observe(model, 25 * 3600).segments[0].envelope.size(), LowerEnvelope::MostPoints);
}

TEST(ClockObserver, R3_AStoppedRtpClockStartsASegmentOnArrival) {
  Model model;
  ClockObserver observer(model.rate, true);
  for (int i = 0; i < 1000; ++i) {
    rtp::OrderedPacket packet = model.packet(i);
    if (i >= 400) packet.arrival += 7s;
    observer.see(packet);
  }
  const ClockObservation seen = observer.finish();
  ASSERT_EQ(seen.segments.size(), 2u);
  EXPECT_EQ(seen.breaks, std::vector<std::uint64_t>{400});
  const ClockMap map = fit_arrival(seen, ArrivalTime{}, {});
  EXPECT_NEAR(ms(map.at(1, 77 + 960 * 400).time_since_epoch()), 15'000, 2);
}

TEST(ClockObserver, R3_ABurstAfterAStallIsNoBreak) {
  Model model;
  ClockObserver observer(model.rate, true);
  for (int i = 0; i < 1000; ++i) {
    rtp::OrderedPacket packet = model.packet(i);
    // Two seconds of packets arrive at once.
    if (i >= 400 && i < 500) packet.arrival = model.packet(500).arrival;
    observer.see(packet);
  }
  EXPECT_EQ(observer.finish().segments.size(), 1u);
}

// A minute or two of talk in spurts, with a pause after each in which the clock stands still.
struct Spurts {
  Duration pause{};
  int spurts = 40;
  int packets = 100;  // in a spurt
  Duration jitter = 20ms;
  double ppm = 0;
};
ClockObservation observe(const Spurts& spurts) {
  Model model;
  model.jitter = spurts.jitter;
  model.ppm = spurts.ppm;
  ClockObserver observer(model.rate, true);
  for (int i = 0; i < spurts.spurts * spurts.packets; ++i) {
    rtp::OrderedPacket packet = model.packet(i);
    packet.arrival += spurts.pause * (i / spurts.packets);
    observer.see(packet);
  }
  return observer.finish();
}

TEST(ClockObserver, R3_AClockThatStandsStillInShortPausesIsFollowed) {
  for (const Duration pause : {100ms, 300ms, 450ms})
    for (const double ppm : {0.0, 100.0, -500.0}) {
      const ClockObservation seen = observe(Spurts{.pause = pause, .ppm = ppm});
      ASSERT_EQ(seen.segments.size(), 40u) << ms(pause);
      ASSERT_EQ(seen.breaks.size(), 39u);
      EXPECT_EQ(seen.breaks[10], 1100u);
      const ClockMap map = fit_arrival(seen, ArrivalTime{}, {});
      for (const int spurt : {0, 20, 39}) {
        const double sent = 20.0 * 100 * spurt / (1 + ppm * 1e-6) + ms(pause) * spurt;
        EXPECT_NEAR(ms(map.at(static_cast<std::uint32_t>(spurt), 77 + 96'000 * spurt).time_since_epoch()),
                    sent, 3)
            << ms(pause) << " ms, spurt " << spurt;
      }
    }
}

TEST(ClockObserver, R3_HundredsOfShortPausesTakeBoundedMemoryAndAreAllFound) {
  EXPECT_EQ(observe(Spurts{.pause = 300ms, .spurts = 500, .packets = 30}).segments.size(), 500u);
}

TEST(ClockObserver, R3_AFewRisesOfDelayAreTheNetworks) {
  EXPECT_EQ(observe(Spurts{.pause = 100ms, .spurts = 5}).segments.size(), 1u);
  EXPECT_EQ(observe(Spurts{.pause = 40ms, .spurts = 40}).segments.size(), 1u) << "jitter hides as much";
}

TEST(ClockObserver, R8_DelayThatComesAndGoesPartsNothing) {
  for (const double ppm : {0.0, -300.0, 300.0}) {
    Model model;
    model.ppm = ppm;
    ClockObserver observer(model.rate, true);
    std::mt19937 random(11);
    Duration delay{};
    for (int i = 0; i < 50 * 3600; ++i) {
      // Each second may begin a while of up to 8 s of more delay; it is over at once, as a queue that drains.
      if (i % 50 == 0 && random() % 4 == 0) delay = std::chrono::milliseconds(random() % 450);
      if (i % 400 == 0) delay = 0ms;
      rtp::OrderedPacket packet = model.packet(i);
      packet.arrival += delay;
      observer.see(packet);
    }
    const ClockObservation seen = observer.finish();
    EXPECT_EQ(seen.segments.size(), 1u) << ppm;
    EXPECT_NEAR(fit_arrival(seen, ArrivalTime{}, {}).segments[0].drift_ppm(model.rate), ppm, 1);
  }
}

TEST(ClockObserver, R8_AClockTwoPercentOffStaysOneSegment) {
  Model model;
  model.ppm = -20'000;
  EXPECT_EQ(observe(model, 50 * 600).segments.size(), 1u);
}

TEST(ClockObserver, R3_OnePacketWithAlienTimeIsAnOutlier) {
  Model model;
  ClockObserver observer(model.rate, true);
  for (int i = 0; i < 300; ++i) {
    rtp::OrderedPacket packet = model.packet(i);
    if (i == 100) packet.ticks += 48'000 * 60;
    observer.see(packet);
  }
  const ClockObservation seen = observer.finish();
  EXPECT_EQ(seen.segments.size(), 1u);
  EXPECT_EQ(seen.outliers, std::vector<std::uint64_t>{100});
}

// A version 1 .mjr has no times: what comes first lies where the recording began, all else by RTP time.
TEST(ClockFit, WithoutArrivalTimesRtpTimeGoesOnAtItsOwnRate) {
  Model model;
  ClockObserver observer(model.rate, false);
  for (int i = 0; i < 50 * 60; ++i) {
    rtp::OrderedPacket packet = model.packet(i);
    packet.arrival = ArrivalTime(10s);
    observer.see(packet);
  }
  const ClockObservation seen = observer.finish();
  EXPECT_TRUE(seen.segments.at(0).envelope.empty());
  const ClockMap map = fit_rtp_time(seen, ArrivalTime(7s));
  ASSERT_EQ(map.segments.size(), 1u);
  EXPECT_EQ(map.witness, "none");
  EXPECT_EQ(map.residual_ms, 0);
  EXPECT_EQ(map.at(0, 77), MeetingTime(3s));
  EXPECT_EQ(map.at(0, 77 + 48'000 * 60), MeetingTime(63s));
}

TEST(ClockFit, WithoutArrivalTimesASegmentBeginsWhereTheOneBeforeEnds) {
  Model model;
  ClockObserver observer(model.rate, false);
  const auto see = [&](Duration recording, int packets) {
    for (int i = 0; i < packets; ++i) {
      rtp::OrderedPacket packet = model.packet(i);
      packet.arrival = ArrivalTime(recording);
      packet.starts_segment = i == 0;
      observer.see(packet);
    }
  };
  see(0s, 50 * 60);
  see(0s, 50 * 30);
  see(3600s, 50);  // another recording, joined behind, says that it began an hour later
  const ClockMap map = fit_rtp_time(observer.finish(), ArrivalTime{});
  ASSERT_EQ(map.segments.size(), 3u);
  EXPECT_EQ(map.at(0, 77), MeetingTime(0s));
  EXPECT_EQ(map.at(1, 77), MeetingTime(60s));
  EXPECT_EQ(map.at(1, 77 + 48'000 * 30), MeetingTime(90s));
  EXPECT_EQ(map.at(2, 77), MeetingTime(3600s));
}

std::vector<SeenReport> reports_of(const Model& model, Duration sender_epoch, int count) {
  std::vector<SeenReport> reports;
  for (int i = 1; i <= count; ++i) {
    const Duration at = 5s * i;
    reports.push_back({.tick = 77 + 48'000 * 5 * i,
                       .sender = WallTime(sender_epoch + at),
                       .arrival = ArrivalTime(model.start + at + 9ms)});
  }
  return reports;
}

TEST(ClockFit, SenderReportsPutTwoTracksOnOneClock) {
  Model audio, video;
  video.start = 40ms;  // leaves 40 ms later than its reports say: encoder and pacer
  const auto heard = observe(audio, 3000), seen = observe(video, 3000);
  const Duration epoch = 1'000'000s;
  const auto audio_clock = fit_reports(heard, reports_of(audio, epoch, 10));
  const auto video_clock = fit_reports(seen, reports_of(audio, epoch, 10));
  ASSERT_TRUE(audio_clock && video_clock);
  const auto maps = fit_shared({{&heard, *audio_clock, {}}, {&seen, *video_clock, {}}}, ArrivalTime{});
  ASSERT_TRUE(maps);
  EXPECT_EQ((*maps)[0].at(0, 77 + 48'000), (*maps)[1].at(0, 77 + 48'000));
  EXPECT_EQ((*maps)[0].witness, "sender-reports");
  EXPECT_NEAR(ms((*maps)[0].at(0, 77).time_since_epoch()), 0, 2);
}

TEST(ClockFit, ReportsThatStampThePacketsEndAreSeenBesidePictures) {
  Model audio, video;
  video.start = 8ms;  // capture to network: the encoder
  const AudioDelay delay{.packet = 20ms, .look_ahead = 6500us};
  for (const Duration late : {0ms, 20ms}) {  // 20 ms: the reports name the sample, not the packet's end
    Model sound = audio;
    sound.start = late;
    const auto heard = observe(sound, 3000), seen = observe(video, 3000);
    const auto audio_clock = fit_reports(heard, reports_of(audio, 1'000s, 10));
    const auto video_clock = fit_reports(seen, reports_of(audio, 1'000s, 10));
    const auto maps = fit_shared({{&heard, *audio_clock, delay}, {&seen, *video_clock, {}}}, ArrivalTime{});
    ASSERT_TRUE(maps);
    EXPECT_EQ((*maps)[1].at(0, 77) - (*maps)[0].at(0, 77), 20ms - late);
    EXPECT_EQ((*maps)[0].audio_advance, 20ms - late);
  }
}

TEST(ClockFit, R9_ImplausibleReportsAreRefused) {
  Model model;
  const auto seen = observe(model, 3000);
  auto reports = reports_of(model, 1'000'000s, 10);
  reports[3].sender += 1h;
  reports[4].sender = NtpTime{}.wall_time();
  reports[5].tick += 48'000 * 100;
  const auto clock = fit_reports(seen, reports);
  ASSERT_TRUE(clock);
  EXPECT_EQ(clock->used, 7u);
  EXPECT_EQ(clock->refused, 3u);
  EXPECT_LT(clock->residual_ms, 0.1);
}

// R11: the RTP time of a new SSRC starts anywhere, also among the times of the old one.
TEST(ClockFit, R11_ReportsFindTheirSegmentAmongOverlappingTimes) {
  for (const std::int64_t restart : {-48'000 * 15, 48'000 * 5, 48'000 * 1000}) {
    Model model;
    model.jitter = 2ms;
    ClockObserver observer(model.rate, true);
    std::vector<SeenReport> reports;
    for (int i = 0; i < 2000; ++i) {
      rtp::OrderedPacket packet = model.packet(i);
      packet.starts_segment = i == 1000;
      if (i >= 1000) packet.ticks += restart;
      observer.see(packet);
      if (i % 50 == 0) reports.push_back({packet.ticks, WallTime(1000s + i * 20ms), packet.arrival});
    }
    const ClockObservation seen = observer.finish();
    ASSERT_EQ(seen.segments.size(), 2u);
    const auto clock = fit_reports(seen, reports);
    ASSERT_TRUE(clock) << restart;
    EXPECT_EQ(clock->used, 40u) << restart;
    EXPECT_NEAR(ms(clock->segments[0].at(77 + 48'000 * 10).time_since_epoch() - 1010s), 0, 1) << restart;
    EXPECT_NEAR(ms(clock->segments[1].at(77 + 48'000 * 30 + restart).time_since_epoch() - 1030s), 0, 1)
        << restart;
  }
}

TEST(ClockSegment, IsExactFarFromItsAnchor) {
  const ClockSegment segment{.anchor_tick = 1, .rate_ticks = 90'000, .rate_ns = 1'000'000'000};
  EXPECT_EQ(segment.at(1 + 90'000LL * 86'400 * 365).time_since_epoch(), 24h * 365);
  EXPECT_EQ(segment.at(2).time_since_epoch().count(), 11'111);
  EXPECT_EQ(segment.at(0).time_since_epoch().count(), -11'111);
}

}  // namespace
}  // namespace greffe::timeline
