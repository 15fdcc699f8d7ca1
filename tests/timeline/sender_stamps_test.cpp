#include "timeline/sender_stamps.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "timeline/clock_fit.h"

namespace greffe::timeline {
namespace {

using namespace std::chrono_literals;

constexpr int CaptureId = 5, SendId = 3;

// A sender that stamps its packets: media 20 ms a packet, its own clock `ppm` off the media's, an encoder
// that takes up to `capture_jitter` and a network that takes up to `network_jitter`.
struct Sender {
  double ppm = 0;
  Duration capture_jitter = 0ms;
  Duration network_jitter = 0ms;
  std::uint32_t ntp_seconds = 4'000'000'000;
  std::mt19937 random{11};
  std::vector<std::uint8_t> block{};

  Duration up_to(Duration most) {
    return Duration(std::uniform_int_distribution<std::int64_t>(0, most.count())(random));
  }
  void put(std::uint64_t value, int octets) {
    for (int shift = 8 * (octets - 1); shift >= 0; shift -= 8)
      block.push_back(static_cast<std::uint8_t>(value >> shift));
  }

  // The packet lends its extension block from this object until the next call.
  rtp::OrderedPacket packet(std::int64_t number, std::optional<std::int64_t> offset = std::nullopt) {
    const double seconds = static_cast<double>(number) * 0.02 / (1 + ppm * 1e-6);
    const Duration captured(std::llround(seconds * 1e9));
    const Duration sent = captured + up_to(capture_jitter);
    block.clear();
    put(CaptureId << 4 | (offset ? 15 : 7), 1);
    put(ntp_seconds + static_cast<std::uint32_t>(seconds), 4);
    put(static_cast<std::uint32_t>(std::fmod(seconds, 1) * 4294967296.0), 4);
    if (offset) put(static_cast<std::uint64_t>(*offset), 8);
    put(SendId << 4 | 2, 1);
    put(static_cast<std::uint32_t>(std::llround(static_cast<double>(sent.count()) / 1e9 * 262144.0)) &
            0xFFFFFF,
        3);
    rtp::OrderedPacket packet{.sequence = number,
                              .ticks = 77 + number * 960,
                              .arrival = ArrivalTime(1h + sent + up_to(network_jitter))};
    packet.packet.extension_profile = 0xBEDE;
    packet.packet.extension = block;
    return packet;
  }
};

SenderStamps stamps_of(Sender& sender, int packets, std::optional<std::int64_t> offset = std::nullopt) {
  StampObserver observer({.capture_time = CaptureId, .send_time = SendId}, ClockRate{48'000});
  for (int i = 0; i < packets; ++i) observer.see(sender.packet(i, offset));
  return observer.finish();
}

TEST(SenderStamps, R62_SendTimeIsCarriedOverItsWraps) {
  Sender sender;
  const SenderStamps stamps = stamps_of(sender, 50 * 300);  // 64 s, four times over
  ASSERT_FALSE(stamps.sent.empty());
  const EnvelopePoint &first = stamps.sent.front(), &last = stamps.sent.back();
  const double media = static_cast<double>(last.tick - first.tick) / 48'000;
  EXPECT_NEAR(std::chrono::duration<double>(last.arrival - first.arrival).count(), media, 0.001);
  EXPECT_GT(media, 298);
}

TEST(SenderStamps, TellCaptureJitterFromNetworkJitter) {
  Sender encoder{.capture_jitter = 30ms}, network{.network_jitter = 30ms};
  const SenderStamps by_encoder = stamps_of(encoder, 1000), by_network = stamps_of(network, 1000);
  EXPECT_NEAR(by_encoder.capture_jitter_ms, 10, 1);
  EXPECT_LT(by_encoder.network_jitter_ms, 0.1);
  EXPECT_NEAR(by_network.network_jitter_ms, 10, 1);
  EXPECT_LT(by_network.capture_jitter_ms, 0.1);
}

TEST(SenderStamps, R8_SendTimeShowsADriftThatNetworkJitterHides) {
  Sender sender{.ppm = 200, .network_jitter = 120ms};
  ClockObserver observer(ClockRate{48'000}, true);
  StampObserver stamps({.send_time = SendId}, ClockRate{48'000});
  for (int i = 0; i < 50 * 90; ++i) {
    const rtp::OrderedPacket packet = sender.packet(i);
    observer.see(packet);
    stamps.see(packet);
  }
  ClockObservation seen = observer.finish();
  EXPECT_FALSE(arrival_drift(seen).by_send_times);
  seen.sent = stamps.finish().sent;
  ASSERT_TRUE(arrival_drift(seen).by_send_times);
  EXPECT_NEAR(fit_arrival(seen, ArrivalTime{}, {}).segments[0].drift_ppm(seen.rate), 200, 30);
}

TEST(SenderStamps, R9_SendTimesThatRunAwayFromArrivalAreNotBelieved) {
  Sender sender;
  ClockObserver observer(ClockRate{48'000}, true);
  StampObserver stamps({.send_time = SendId}, ClockRate{48'000});
  for (int i = 0; i < 50 * 90; ++i) {
    rtp::OrderedPacket packet = sender.packet(i);
    stamps.see(packet);
    packet.arrival += packet.arrival.time_since_epoch() / 1000 - 3600ms;  // 1000 ppm, and arrival shows it
    observer.see(packet);
  }
  ClockObservation seen = observer.finish();
  const double by_arrival = arrival_drift(seen).slope;
  seen.sent = stamps.finish().sent;
  EXPECT_FALSE(arrival_drift(seen).by_send_times);
  EXPECT_EQ(arrival_drift(seen).slope, by_arrival);
}

TEST(SenderStamps, R3_TheLongestSpanInWhichSendTimeAndRtpTimeKeepTogetherServes) {
  constexpr int Packets = 400;
  for (const int leap_at : {100, 300}) {
    Sender sender;
    StampObserver observer({.send_time = SendId}, ClockRate{48'000});
    for (int i = 0; i < Packets; ++i) {
      rtp::OrderedPacket packet = sender.packet(i);
      if (i >= leap_at) packet.ticks += 48'000 * 10;
      observer.see(packet);
    }
    const SenderStamps stamps = observer.finish();
    ASSERT_FALSE(stamps.sent.empty());
    const bool is_second = leap_at < Packets / 2;
    const std::int64_t first = is_second ? 77 + 48'000 * 10 + leap_at * 960 : 77;
    const EnvelopePoint& soonest = stamps.sent.front();
    EXPECT_GE(soonest.tick, first);
    EXPECT_LT(soonest.tick, first + 12'000) << "of the first quarter of a second";
    EXPECT_LT(stamps.sent.back().tick, first + std::max(leap_at, Packets - leap_at) * 960);
    const Duration begun =
        soonest.arrival - ArrivalTime(1h) - std::chrono::milliseconds((soonest.tick - first) / 48);
    EXPECT_LT(begun - (is_second ? 2s : 0s), 4us) << "send times are in 2^-18 s";
    EXPECT_EQ(stamps.send_times, std::uint64_t{Packets});
  }
}

TEST(SenderStamps, CaptureTimesFitLikeReports) {
  Sender sender{.ppm = -150, .network_jitter = 40ms};
  ClockObserver observer(ClockRate{48'000}, true);
  StampObserver stamps({.capture_time = CaptureId}, ClockRate{48'000});
  for (int i = 0; i < 50 * 600; ++i) {
    const rtp::OrderedPacket packet = sender.packet(i);
    observer.see(packet);
    if (i % 50 == 0) stamps.see(packet);  // sparse: once a second
  }
  const ClockObservation seen = observer.finish();
  const SenderStamps found = stamps.finish();
  EXPECT_EQ(found.capture_times, 600u);
  const auto clock = fit_reports(seen, found.captures);
  ASSERT_TRUE(clock);
  EXPECT_NEAR(clock->segments[0].drift_ppm(seen.rate), -150, 1);
  EXPECT_LT(clock->residual_ms, 0.1);
}

TEST(SenderStamps, TheEstimatedOffsetPutsCaptureTimesOnTheSendersClock) {
  Sender plain, estimated;
  const auto without = stamps_of(plain, 10).captures;
  const auto with = stamps_of(estimated, 10, std::int64_t{5} << 32).captures;  // the capturer is 5 s fast
  ASSERT_EQ(without.size(), with.size());
  EXPECT_EQ(without[3].sender - with[3].sender, 5s);
}

TEST(SenderStamps, R9_CaptureTimesAnHourOffServeAndThoseThatLeapDoNot) {
  Sender sender{.ntp_seconds = 4'000'003'600};
  ClockObserver observer(ClockRate{48'000}, true);
  StampObserver stamps({.capture_time = CaptureId}, ClockRate{48'000});
  for (int i = 0; i < 3000; ++i) {
    if (i == 2000) sender.ntp_seconds += 3600;
    const rtp::OrderedPacket packet = sender.packet(i);
    observer.see(packet);
    stamps.see(packet);
  }
  const ClockObservation seen = observer.finish();
  const auto captures = stamps.finish().captures;
  const ReportVerdicts verdicts = judge_reports(seen, captures);
  EXPECT_EQ(verdicts.apart_from_arrival, 0u);
  EXPECT_NEAR(static_cast<double>(verdicts.clock_leaps) / static_cast<double>(captures.size()), 1.0 / 3,
              0.02);
  EXPECT_TRUE(fit_reports(seen, captures));
}

TEST(SenderStamps, R62_MemoryDoesNotGrowOver25Hours) {
  ReportThinner thinner;
  for (int i = 0; i < 25 * 3600 * 50; ++i) thinner.add({.tick = i});
  const auto& kept = thinner.reports();
  EXPECT_LE(kept.size(), ReportThinner::MostReports);
  EXPECT_GT(kept.size(), ReportThinner::MostReports / 2);
  for (std::size_t i = 2; i < kept.size(); ++i)
    ASSERT_EQ(kept[i].tick - kept[i - 1].tick, kept[1].tick - kept[0].tick) << i;
}

TEST(SenderStamps, CutStampsAreNone) {
  StampObserver observer({.capture_time = 1, .send_time = 2}, ClockRate{48'000});
  const std::vector<std::uint8_t> block{0x13, 1, 2, 3, 4, 0x21, 9, 9};  // 4 octets, and 2
  rtp::OrderedPacket packet;
  packet.packet.extension_profile = 0xBEDE;
  packet.packet.extension = block;
  observer.see(packet);
  const SenderStamps stamps = observer.finish();
  EXPECT_EQ(stamps.capture_times + stamps.send_times, 0u);
  EXPECT_TRUE(stamps.sent.empty());
}

}  // namespace
}  // namespace greffe::timeline
