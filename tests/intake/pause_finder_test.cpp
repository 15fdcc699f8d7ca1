#include "intake/pause_finder.h"

#include <gtest/gtest.h>

namespace greffe::intake {
namespace {

using namespace std::chrono_literals;

struct Sent {
  std::int64_t ms = 0;
  std::uint32_t missing = 0;
  std::uint8_t type = 0;
  bool starts_segment = false;
};

class SentPackets final : public rtp::PacketSource {
 public:
  SentPackets(std::vector<Sent> sent, int ticks_a_ms) : sent_(std::move(sent)), ticks_a_ms_(ticks_a_ms) {}
  Result<rtp::OrderedPacket*> next() override {
    if (at_ == sent_.size()) return nullptr;
    const Sent& sent = sent_[at_++];
    given_.ticks = sent.ms * ticks_a_ms_;
    given_.lost_before = sent.missing;
    given_.starts_segment = sent.starts_segment;
    given_.packet.payload_type = PayloadType{sent.type};
    return &given_;
  }

 private:
  std::vector<Sent> sent_;
  int ticks_a_ms_;
  std::size_t at_ = 0;
  rtp::OrderedPacket given_;
};

constexpr std::uint8_t Noise = 13;

// All pauses of a track whose second segment, if any, lies a minute later.
std::vector<Pause> pauses_in(std::vector<Sent> sent, media::CodecId codec = media::CodecId::Pcmu,
                             Duration usual_step = 20ms) {
  const auto rate = media::facts_of(codec).kind == media::Kind::Audio ? 8u : 90u;
  timeline::ClockMap clock{.clock_rate = ClockRate{rate * 1000}};
  for (const auto at : {0ms, 60'000ms})
    clock.segments.push_back({.anchor = MeetingTime(at), .rate_ticks = rate * 1000});
  TrackCoding coding{.codec = codec};
  coding.payload_types = {{PayloadType{0}, codec}, {PayloadType{Noise}, media::CodecId::ComfortNoise}};
  SentPackets source(std::move(sent), static_cast<int>(rate));
  PauseFinder finder(source, clock, coding, usual_step / 1ms * rate);
  while (finder.next().value()) continue;
  return finder.take(1, 3'600'000);
}

Pause silent(Duration start, Duration end) { return {{MeetingTime(start), MeetingTime(end)}, false}; }
Pause noisy(Duration start, Duration end) { return {{MeetingTime(start), MeetingTime(end)}, true}; }
using Pauses = std::vector<Pause>;

TEST(PauseFinder, SteadyPacketsAndPlainLossHaveNone) {
  EXPECT_EQ(pauses_in({{0}, {20}, {40}, {60}}), Pauses());
  EXPECT_EQ(pauses_in({{0}, {20}, {3040, 150}, {3060}}), Pauses());
  EXPECT_EQ(pauses_in({{0}, {60}, {140, 1}, {160}}), Pauses()) << "packets may be longer now and then";
}

TEST(PauseFinder, R7_WhatIsMissingLastsAsLongAsItsPackets) {
  EXPECT_EQ(pauses_in({{0}, {20}, {60'060, 1}, {60'080}}), Pauses{silent(60ms, 60'060ms)});
  EXPECT_EQ(pauses_in({{0}, {20}, {60'060, 50}, {60'080}}), Pauses{silent(1040ms, 60'060ms)});
}

TEST(PauseFinder, WhatIsMissingLastsAsLongAsThePacketsBeforeIt) {
  // A sender that goes from 20 ms to 60 ms: 5 packets of 60 ms are no pause, 20 of them are none either.
  EXPECT_EQ(pauses_in({{0}, {20}, {40}, {100}, {460, 5}, {520}}), Pauses());
  EXPECT_EQ(pauses_in({{0}, {20}, {40}, {100}, {1360, 20}, {1420}}), Pauses());
  EXPECT_EQ(pauses_in({{0}, {20}, {80}, {60'200, 1}}), Pauses{silent(200ms, 60'200ms)});
  // And back, though 60 ms are usual.
  const auto longer = [](std::vector<Sent> sent) {
    return pauses_in(std::move(sent), media::CodecId::Pcmu, 60ms);
  };
  EXPECT_EQ(longer({{0}, {60}, {80}, {10'100, 5}}), Pauses{silent(200ms, 10'100ms)});
  EXPECT_EQ(longer({{0}, {10'000, 5}}), Pauses{silent(360ms, 10'000ms)})
      << "before any step the usual one counts";
  // Silence between packets does not make them longer, nor does another kind of packet.
  EXPECT_EQ(pauses_in({{0}, {20}, {420}, {10'420, 1}}),
            (Pauses{silent(40ms, 420ms), silent(460ms, 10'420ms)}));
  EXPECT_EQ(pauses_in({{0}, {20, 0, Noise}, {120}, {10'120, 1}}),
            (Pauses{noisy(20ms, 120ms), silent(160ms, 10'120ms)}));
}

TEST(PauseFinder, R3_AClockThatStoodStillPausesAllTheSame) {
  EXPECT_EQ(pauses_in({{0}, {20}, {60, 1, 0, true}, {80}}), Pauses{silent(60ms, 60'060ms)});
}

TEST(PauseFinder, R22_ComfortNoiseSoundsOnUpToWhatIsMissing) {
  EXPECT_EQ(pauses_in({{0}, {20, 0, Noise}, {10'020, 1, Noise}, {20'020}}),
            (Pauses{noisy(20ms, 10'000ms), noisy(10'020ms, 20'020ms)}));
  EXPECT_EQ(pauses_in({{0}, {20, 0, Noise}, {120, 0, Noise}, {220}}), Pauses{noisy(20ms, 220ms)});
  EXPECT_EQ(pauses_in({{0}, {10'000, 1, Noise}, {10'020}}),
            (Pauses{silent(40ms, 10'000ms), noisy(10'000ms, 10'020ms)}));
}

TEST(PauseFinder, AFewPicturesASecondAreNoPause) {
  const auto camera = [](std::vector<Sent> sent) {
    return pauses_in(std::move(sent), media::CodecId::Vp8, 40ms);
  };
  EXPECT_EQ(camera({{0}, {40}, {1540}, {1580}}), Pauses());
  EXPECT_EQ(camera({{0}, {40}, {60'040, 1}, {60'080}}), Pauses{silent(120ms, 60'040ms)});
}

TEST(PauseFinder, WithoutAUsualStepAllMayBeLost) {
  EXPECT_EQ(pauses_in({{0}, {60'000, 1}}, media::CodecId::Pcmu, 0ms), Pauses());
}

TEST(PauseFinder, PausesAreTakenOnce) {
  timeline::ClockMap clock{.clock_rate = ClockRate{8000}};
  clock.segments.push_back({.rate_ticks = 8000});
  SentPackets source({{0}, {20}, {5000}, {5020}, {9000}}, 8);
  PauseFinder finder(source, clock, {.codec = media::CodecId::Pcmu}, 160);
  while (finder.next().value()) continue;
  EXPECT_EQ(finder.take(0, 4000 * 8), Pauses());
  EXPECT_EQ(finder.take(0, 5000 * 8), Pauses{silent(40ms, 5000ms)});
  EXPECT_EQ(finder.take(0, 9000 * 8), Pauses{silent(5040ms, 9000ms)});
}

}  // namespace
}  // namespace greffe::intake
