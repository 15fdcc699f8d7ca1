#include "rtp/rtx_restorer.h"

#include <gtest/gtest.h>

#include "rtp/jitter_buffer.h"
#include "support/packets.h"

namespace greffe::rtp {
namespace {

using test::ListedPackets;
using test::Octets;
using test::TestPacket;

constexpr std::uint32_t Media = 0x1234, Rtx = 0x9999;

TestPacket media(int number) {
  return {.sequence = static_cast<std::uint16_t>(number),
          .timestamp = static_cast<std::uint32_t>(3000 * number),
          .payload = {0x90, static_cast<std::uint8_t>(number), 7},
          .arrival_ms = 33 * number};
}

// Packet `number` again, on its own stream under number `own` (RFC 4588 §4).
TestPacket again(int number, int own) {
  TestPacket packet = media(number);
  packet.payload.insert(packet.payload.begin(), {static_cast<std::uint8_t>(packet.sequence >> 8),
                                                 static_cast<std::uint8_t>(packet.sequence)});
  packet.sequence = static_cast<std::uint16_t>(own);
  packet.ssrc = Rtx;
  packet.payload_type = 97;
  packet.arrival_ms += 90;
  return packet;
}

struct Outcome {
  std::vector<std::int64_t> numbers;
  std::vector<Octets> payloads;
  std::vector<int> types;
  PacketCounts counts;
  RtxCounts rtx;
  DamageLog damage;
};

Outcome read(const std::vector<TestPacket>& packets, std::map<PayloadType, PayloadType> types = {}) {
  Outcome outcome;
  ListedPackets source(packets);
  RtxRestorer restorer(source, {.streams = {Ssrc{Rtx}}, .types = std::move(types)}, "track", outcome.damage);
  JitterBuffer buffer(restorer, {.place = "track"}, outcome.damage);
  for (auto packet = buffer.next(); packet && *packet; packet = buffer.next()) {
    EXPECT_EQ((*packet)->packet.ssrc, Ssrc{Media});
    outcome.numbers.push_back((*packet)->sequence - 65'536);
    outcome.payloads.emplace_back((*packet)->packet.payload.begin(), (*packet)->packet.payload.end());
    outcome.types.push_back((*packet)->packet.payload_type.value);
  }
  outcome.counts = buffer.counts();
  outcome.rtx = restorer.counts();
  return outcome;
}

TEST(RtxRestorer, R57_WhatIsSentAgainBelongsToItsOwnRecording) {
  std::vector<TestPacket> packets{media(1), media(2), media(4)};
  // The second recording begins with a retransmission of what its own stream has not had yet.
  for (TestPacket packet : {again(3, 70), media(1), media(2), again(3, 71), media(4)}) {
    packet.recording = 1;
    packets.push_back(packet);
  }
  const Outcome out = read(packets);
  EXPECT_EQ(out.numbers, (std::vector<std::int64_t>{1, 2, 4, 1, 2, 3, 4}));
  EXPECT_EQ(out.counts.lost, 1u);
  EXPECT_EQ(out.counts.recovered, 1u);
  EXPECT_EQ(out.rtx.unusable, 1u);
}

TEST(RtxRestorer, R19_PutsPacketsBackWhereTheyBelong) {
  const Outcome outcome = read({media(1), media(2), media(5), again(4, 700), again(3, 701), media(6)});
  EXPECT_EQ(outcome.numbers, (std::vector<std::int64_t>{1, 2, 3, 4, 5, 6}));
  for (int i = 0; i < 6; ++i) EXPECT_EQ(outcome.payloads[static_cast<std::size_t>(i)], media(i + 1).payload);
  EXPECT_EQ(outcome.counts.lost, 0U);
  EXPECT_EQ(outcome.counts.recovered, 2U);
  EXPECT_EQ(outcome.counts.packets, 4U);
  EXPECT_EQ(outcome.counts.segments, 1U);
  EXPECT_TRUE(outcome.damage.empty());
}

TEST(RtxRestorer, R19_ACopyOfWhatCameIsPassedOver) {
  const Outcome outcome = read({media(1), media(2), again(1, 700), media(3), again(3, 701)});
  EXPECT_EQ(outcome.numbers, (std::vector<std::int64_t>{1, 2, 3}));
  EXPECT_EQ(outcome.counts.recovered, 0U);
  EXPECT_EQ(outcome.counts.duplicates, 0U);
  EXPECT_EQ(outcome.rtx.restored, 2U);
}

TEST(RtxRestorer, R17_ProbesAndHolesAmongRetransmissionsAreNoLoss) {
  TestPacket probe = again(1, 800);
  probe.payload = {};
  probe.padding = 200;
  const Outcome outcome = read({media(1), probe, media(2), again(2, 950), media(3)});
  EXPECT_EQ(outcome.counts.lost, 0U);
  EXPECT_EQ(outcome.counts.padding_only, 0U);
  EXPECT_EQ(outcome.rtx.packets, 2U);
  EXPECT_EQ(outcome.rtx.probes, 1U);
  EXPECT_TRUE(outcome.damage.empty());
}

TEST(RtxRestorer, R19_PayloadsUnderTwoOctetsAreDropped) {
  EXPECT_FALSE(parse_rtx({}));
  const Octets one{9};
  EXPECT_FALSE(parse_rtx(one));
  const Octets two{1, 2};
  EXPECT_EQ(parse_rtx(two)->original.value, 0x0102);
  EXPECT_TRUE(parse_rtx(two)->payload.empty());
  TestPacket shorter = again(2, 700);
  shorter.payload = {9};
  const Outcome outcome = read({media(1), shorter, media(3)});
  EXPECT_EQ(outcome.counts.lost, 1U);
  EXPECT_EQ(outcome.rtx.unusable, 1U);
  EXPECT_EQ(outcome.damage.count("rtx-malformed"), 1U);
}

TEST(RtxRestorer, TheTypeIsThatOfTheMapOrOfTheTrack) {
  const Outcome by_track = read({media(1), again(2, 700), media(3)});
  EXPECT_EQ(by_track.types, (std::vector<int>{96, 96, 96}));
  const Outcome by_map = read({media(1), again(2, 700), media(3)}, {{PayloadType{97}, PayloadType{100}}});
  EXPECT_EQ(by_map.types, (std::vector<int>{96, 100, 96}));
}

TEST(RtxRestorer, WhatComesBeforeTheTrackOrIsCutIsOfNoUse) {
  TestPacket cut = again(3, 701);
  cut.cut = true;
  const Outcome outcome = read({again(1, 700), media(2), cut, media(4)});
  EXPECT_EQ(outcome.numbers, (std::vector<std::int64_t>{2, 4}));
  EXPECT_EQ(outcome.rtx.unusable, 2U);
}

TEST(RtxRestorer, R1_FillsHolesAcrossTheWrap) {
  std::vector<TestPacket> packets;
  for (const int number : {65'534, 65'537, 65'538}) {
    packets.push_back(media(number));
    packets.back().sequence = static_cast<std::uint16_t>(number);
  }
  packets.push_back(again(65'535, 1));
  packets.push_back(again(65'536, 2));
  const Outcome outcome = read(packets);
  EXPECT_EQ(outcome.numbers, (std::vector<std::int64_t>{65'534, 65'535, 65'536, 65'537, 65'538}));
  EXPECT_EQ(outcome.counts.recovered, 2U);
}

}  // namespace
}  // namespace greffe::rtp
