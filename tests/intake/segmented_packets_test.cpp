#include "intake/segmented_packets.h"

#include <gtest/gtest.h>

#include "depacketizer/depacketizer.h"
#include "rtp/jitter_buffer.h"
#include "support/packets.h"
#include "support/vp8_writer.h"

namespace greffe::intake {
namespace {

using test::TestPacket;

constexpr ClockRate Video{90'000};
constexpr std::uint32_t Astray = 10 * 90'000;  // of a wrong RTP time, ahead of what surrounds it

struct Written {
  std::vector<depacketizer::FrameInTrack> frames;
  DamageLog damage;
};

// What two readings of the packets give: the first observes the clock, the second parts them by it.
Written read_twice(const std::vector<TestPacket>& packets, media::CodecId codec, ClockRate rate) {
  Written out;
  DamageLog ignored;
  test::ListedPackets observed(packets), written(packets);
  rtp::JitterBuffer first(observed, {.place = "track", .clock_rate = rate}, ignored);
  timeline::ClockObserver observer(rate, true);
  while (const rtp::OrderedPacket* packet = first.next().value()) observer.see(*packet);
  const timeline::ClockObservation observation = observer.finish();
  rtp::JitterBuffer second(written, {.place = "track", .clock_rate = rate}, out.damage);
  SegmentedPackets segmented(second, observation, "track", out.damage);
  depacketizer::Options options{.place = "track"};
  options.payload_types[PayloadType{96}] = codec;
  const auto depacketizer =
      depacketizer::make_depacketizer(codec, segmented, std::move(options), out.damage).value();
  while (auto frame = depacketizer->next().value()) out.frames.push_back(std::move(*frame));
  return out;
}

// Ten pictures a second of five packets each; packet `part` of frame 20 has a wrong time.
std::vector<TestPacket> pictures(int part) {
  std::vector<TestPacket> packets;
  const test::Octets key = test::vp8_frame({.key = true}, 500);
  const test::Octets delta = test::vp8_frame({}, 500);
  for (std::uint32_t number = 0; number < 50; ++number) {
    const test::Octets& frame = number % 25 == 0 ? key : delta;
    for (int i = 0; i < 5; ++i) {
      const auto size = static_cast<std::ptrdiff_t>(frame.size());
      const bool wrong = number == 20 && i == part;
      TestPacket packet{.sequence = static_cast<std::uint16_t>(packets.size()),
                        .timestamp = number * 9000 + (wrong ? Astray : 0),
                        .payload = test::vp8_descriptor({}, i == 0),
                        .arrival_ms = number * 100,
                        .marker = i == 4};
      packet.payload.insert(packet.payload.end(), frame.begin() + size * i / 5,
                            frame.begin() + size * (i + 1) / 5);
      packets.push_back(packet);
    }
  }
  return packets;
}

TEST(SegmentedPackets, R32_APictureWhoseMiddlePacketHasAWrongTimeIsNotWhole) {
  for (const int part : {1, 2, 3}) {
    const Written out = read_twice(pictures(part), media::CodecId::Vp8, Video);
    ASSERT_EQ(out.frames.size(), 45u);  // 20 is not whole, 21 to 24 refer to it
    for (const auto& frame : out.frames)
      EXPECT_EQ(frame.frame.bytes.size(), test::vp8_frame({.key = frame.frame.key}, 500).size());
    EXPECT_EQ(out.frames[20].frame.ticks - out.frames[0].frame.ticks, 25 * 9000);
    EXPECT_TRUE(out.frames[20].after_damage);
    EXPECT_EQ(out.damage.count("frame-hole"), 1u);
  }
}

// Every packet from `first` up to `end` comes later than it would.
std::vector<TestPacket> late(std::vector<TestPacket> packets, std::size_t first, std::size_t end,
                             std::uint32_t ms) {
  for (std::size_t i = first; i < std::min(end, packets.size()); ++i) packets[i].arrival_ms += ms;
  return packets;
}

constexpr std::size_t All = SIZE_MAX;
constexpr int NonePart = -1;

TEST(SegmentedPackets, R3_WhereOnlyTheClockBreaksNoPictureIsLost) {
  std::vector<TestPacket> leaps = pictures(NonePart);
  for (std::size_t i = 135; i < leaps.size(); ++i) leaps[i].timestamp += 60 * 90'000;
  // Before a picture, and in its middle.
  for (const auto& packets :
       {leaps, late(pictures(NonePart), 135, All, 700), late(pictures(NonePart), 137, All, 700),
        late(pictures(NonePart), 135, All, 5000)}) {
    const Written out = read_twice(packets, media::CodecId::Vp8, Video);
    ASSERT_EQ(out.frames.size(), 50u);
    EXPECT_EQ(out.frames[26].segment, 0u);
    EXPECT_EQ(out.frames[28].segment, 1u);
    EXPECT_TRUE(out.damage.empty());
  }
}

TEST(SegmentedPackets, APictureThatTricklesInBreaksNoClock) {
  for (const std::size_t picture : {0u, 20u})
    for (const std::uint32_t seconds : {1u, 4u}) {
      std::vector<TestPacket> packets = pictures(NonePart);
      for (TestPacket& packet : packets) packet.timestamp *= 10, packet.arrival_ms *= 10;  // one a second
      for (std::size_t i = 0; i < 5; ++i)
        packets[5 * picture + i].arrival_ms += static_cast<std::uint32_t>(i) * seconds * 250;
      const Written out = read_twice(packets, media::CodecId::Vp8, Video);
      ASSERT_EQ(out.frames.size(), 50u) << picture << " " << seconds;
      EXPECT_EQ(out.frames.back().segment, 0u);
      EXPECT_TRUE(out.damage.empty());
    }
}

// For eight seconds a link passes a part of what is sent, then all that waits at once.
TEST(SegmentedPackets, AQueueThatGrowsBreaksNoClock) {
  for (const double passes : {0.5, 0.33, 0.9}) {
    std::vector<TestPacket> packets;
    double free_ms = 0;
    for (std::uint32_t number = 0; number < 2000; ++number) {
      const double sent_ms = number * 20.0;
      const bool congested = sent_ms >= 10'000 && sent_ms < 18'000;
      if (congested) free_ms = std::max(free_ms, sent_ms) + 20 / passes;
      const double arrival_ms = congested ? std::min(free_ms, 18'000.0) : sent_ms;
      packets.push_back({.sequence = static_cast<std::uint16_t>(number),
                         .timestamp = number * 960,
                         .payload = {0xf8, 1, 2, 3},
                         .arrival_ms = static_cast<std::uint32_t>(arrival_ms)});
    }
    const Written out = read_twice(packets, media::CodecId::Opus, ClockRate{48'000});
    EXPECT_EQ(out.frames.size(), 2000u);
    EXPECT_EQ(out.frames.back().segment, 0u) << passes;
    EXPECT_TRUE(out.damage.empty());
  }
}

TEST(SegmentedPackets, R32_AllPacketsOfAPictureOfAWrongTimeAreLeftOut) {
  std::vector<TestPacket> packets = pictures(NonePart);
  for (std::size_t i = 100; i < 105; ++i) packets[i].timestamp += Astray;
  const Written out = read_twice(packets, media::CodecId::Vp8, Video);
  EXPECT_EQ(out.frames.size(), 45u) << "the picture, and those that refer to it";
  for (std::size_t i = 1; i < out.frames.size(); ++i)
    EXPECT_GT(out.frames[i].frame.ticks, out.frames[i - 1].frame.ticks);
  EXPECT_EQ(out.frames.back().segment, 0u);
}

TEST(SegmentedPackets, R3_AClockThatJumpsInItsFirstSecondDoesSo) {
  std::vector<TestPacket> packets = pictures(NonePart);
  for (std::size_t i = 25; i < packets.size(); ++i) packets[i].timestamp += 2 * 90'000;
  const Written out = read_twice(packets, media::CodecId::Vp8, Video);
  ASSERT_EQ(out.frames.size(), 50u);
  EXPECT_EQ(out.frames[4].segment, 0u);
  EXPECT_EQ(out.frames[5].segment, 1u);
}

TEST(SegmentedPackets, R3_SoundWhoseTimeStandsStillIsPlacedByArrival) {
  std::vector<TestPacket> packets;
  for (std::uint32_t number = 0; number < 1000; ++number)
    packets.push_back({.sequence = static_cast<std::uint16_t>(number),
                       .timestamp = std::min(number, 250u) * 960 + (number > 750 ? (number - 750) * 960 : 0),
                       .payload = {0xf8, 1, 2, 3},
                       .arrival_ms = number * 20});
  const Written out = read_twice(packets, media::CodecId::Opus, ClockRate{48'000});
  EXPECT_EQ(out.frames.size(), 1000u);
  EXPECT_GT(out.frames[500].segment, 0u) << "not all of ten seconds at one time";
  EXPECT_GT(out.frames.back().segment, out.frames[500].segment);
}

TEST(SegmentedPackets, WhatIsOnTimeBehindWhatIsLateIsNoOutlier) {
  for (const std::size_t picture : {0u, 1u, 30u})
    for (const std::uint32_t ms : {620u, 1500u}) {
      const auto packets = late(late(pictures(NonePart), 5 * picture, 5 * picture + 5, ms), 5 * picture + 10,
                                5 * picture + 15, 150);
      const Written out = read_twice(packets, media::CodecId::Vp8, Video);
      ASSERT_EQ(out.frames.size(), 50u) << picture << " " << ms;
      EXPECT_EQ(out.frames.back().segment, 0u);
      EXPECT_TRUE(out.damage.empty());
    }
}

TEST(SegmentedPackets, AnOutlierIsTold) {
  const Written out = read_twice(pictures(2), media::CodecId::Vp8, Video);
  ASSERT_FALSE(out.damage.empty());
  const Damage& told = out.damage.entries().front();
  EXPECT_EQ(told.condition, "packet-mistimed");
  EXPECT_EQ(told.place, "track");
  EXPECT_EQ(told.unit, "packets");
  EXPECT_EQ(told.amount, 1u);
  EXPECT_EQ(told.first, 20 * 9000 + Astray);
  EXPECT_EQ(told.text, "packet 102: its RTP time 1080000 fits nothing around it: left out");
}

TEST(SegmentedPackets, SoundOfAWrongTimeIsAGapBetweenItsNeighbours) {
  std::vector<TestPacket> packets;
  for (std::uint32_t number = 0; number < 200; ++number)
    packets.push_back({.sequence = static_cast<std::uint16_t>(number),
                       .timestamp = number * 960 + (number == 100 ? 10 * 48'000 : 0),
                       .payload = {0xf8, 1, 2, 3},
                       .arrival_ms = number * 20});
  const Written out = read_twice(packets, media::CodecId::Opus, ClockRate{48'000});
  ASSERT_EQ(out.frames.size(), 199u);
  EXPECT_EQ(out.frames[100].frame.ticks - out.frames[99].frame.ticks, 2 * 960);
  EXPECT_TRUE(out.frames[100].after_damage);
  EXPECT_EQ(out.damage.count("packet-mistimed"), 1u);
  EXPECT_EQ(out.damage.count("frame-hole"), 1u);
}

}  // namespace
}  // namespace greffe::intake
