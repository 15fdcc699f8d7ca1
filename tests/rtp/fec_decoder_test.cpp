#include "rtp/fec_decoder.h"

#include <gtest/gtest.h>

#include "rtp/jitter_buffer.h"
#include "rtp/red_unwrapper.h"
#include "support/fec_writer.h"

namespace greffe::rtp {
namespace {

using test::ListedPackets;
using test::Octets;
using test::TestPacket;

constexpr std::uint8_t Vp8 = 96, Red = 116, UlpFec = 117, FlexFec = 118;
constexpr std::uint32_t Media = 0x1234, FecSsrc = 0x7777;

// Packets of unlike sizes, some with extensions, markers and padding.
TestPacket media(int number) {
  TestPacket packet{.sequence = static_cast<std::uint16_t>(number),
                    .timestamp = static_cast<std::uint32_t>(3000 * (number / 3)),
                    .payload = Octets(static_cast<std::size_t>(20 + number * 7 % 50)),
                    .arrival_ms = 10 * number,
                    .marker = number % 3 == 2};
  for (std::size_t i = 0; i < packet.payload.size(); ++i)
    packet.payload[i] = static_cast<std::uint8_t>(number * 31 + static_cast<int>(i));
  if (number % 2 == 0) packet.extension = {0x10, 0x85, 0x31, 1, 2};
  if (number % 5 == 0) packet.padding = 8;
  return packet;
}

std::vector<TestPacket> packets_of(const std::vector<int>& numbers) {
  std::vector<TestPacket> packets;
  for (const int number : numbers) packets.push_back(media(number));
  return packets;
}

TestPacket ulpfec(int number, const std::vector<int>& over) {
  TestPacket packet = media(number);
  packet.payload = test::ulpfec_payload(packets_of(over));
  packet.payload_type = UlpFec;
  packet.padding = 0;
  return packet;
}

TestPacket flexfec(int own, const std::vector<int>& over) {
  TestPacket packet = media(over.back());
  packet.payload = test::flexfec_payload(packets_of(over));
  packet.sequence = static_cast<std::uint16_t>(own);
  packet.ssrc = FecSsrc;
  packet.payload_type = FlexFec;
  packet.extension = {};
  packet.padding = 0;
  packet.marker = false;
  return packet;
}

// RFC 2198 with one block.
TestPacket in_red(TestPacket packet) {
  packet.payload.insert(packet.payload.begin(), packet.payload_type);
  packet.payload_type = Red;
  return packet;
}

Result<FecPacket> draft(Bytes payload) { return parse_flexfec({.payload = payload}); }
Result<FecPacket> final(Bytes payload) {
  return parse_flexfec({.csrc_count = 1, .csrc = Ssrc{Media}, .payload = payload});
}

// A packet of its own stream that names the other as its CSRC (RFC 8627).
TestPacket naming(int own, Octets payload) {
  return {.sequence = static_cast<std::uint16_t>(own),
          .payload = std::move(payload),
          .ssrc = FecSsrc,
          .payload_type = FlexFec,
          .csrc = Media};
}

struct Outcome {
  std::map<std::int64_t, Octets> payloads;  // of packets that carry something
  std::map<std::int64_t, bool> markers;
  std::map<std::int64_t, std::int64_t> times;
  PacketCounts counts;
  FecCounts fec;
  DamageLog damage;
};

Outcome read(const std::vector<TestPacket>& packets) {
  Outcome outcome;
  ListedPackets source(packets);
  RedUnwrapper red(source, PayloadType{Red}, "track", outcome.damage);
  FecDecoder decoder(red, {.ulpfec = PayloadType{UlpFec}, .flexfec = {Ssrc{FecSsrc}}}, "track",
                     outcome.damage);
  JitterBuffer buffer(decoder, {.place = "track"}, outcome.damage);
  for (auto packet = buffer.next(); packet && *packet; packet = buffer.next()) {
    if ((*packet)->packet.payload.empty()) continue;
    EXPECT_EQ((*packet)->packet.payload_type, PayloadType{Vp8});
    EXPECT_EQ((*packet)->packet.ssrc, Ssrc{Media});
    const std::int64_t number = (*packet)->sequence - 65'536;
    outcome.payloads[number] = Octets((*packet)->packet.payload.begin(), (*packet)->packet.payload.end());
    outcome.markers[number] = (*packet)->packet.marker;
    outcome.times[number] = (*packet)->packet.timestamp.value;
  }
  outcome.counts = buffer.counts();
  outcome.fec = decoder.counts();
  return outcome;
}

void expect_media(const Outcome& outcome, const std::vector<int>& numbers) {
  EXPECT_EQ(outcome.payloads.size(), numbers.size());
  for (const int number : numbers) {
    ASSERT_TRUE(outcome.payloads.contains(number)) << number;
    EXPECT_EQ(outcome.payloads.at(number), media(number).payload) << number;
    EXPECT_EQ(outcome.markers.at(number), media(number).marker) << number;
    EXPECT_EQ(outcome.times.at(number), media(number).timestamp) << number;
  }
}

TEST(FecDecoder, R57_SumsGoOverThePacketsOfOneRecording) {
  for (const std::uint32_t recording : {0U, 1U}) {
    std::vector<TestPacket> packets{media(10), media(11), media(13), media(14), ulpfec(15, {11, 12, 13, 14})};
    for (std::size_t i = 2; i < packets.size(); ++i) packets[i].recording = recording;
    EXPECT_EQ(read(packets).fec.rebuilt, recording == 0 ? 1U : 0U);
  }
  std::vector<TestPacket> packets;
  for (const std::uint32_t recording : {0U, 1U})
    for (TestPacket packet : {media(10), media(11), media(13), media(14), ulpfec(15, {11, 12, 13, 14})}) {
      packet.recording = recording;
      packets.push_back(packet);
    }
  const Outcome outcome = read(packets);
  EXPECT_EQ(outcome.counts.recovered, 2U);
  EXPECT_EQ(outcome.counts.lost, 0U);
}

TEST(FecDecoder, R21_UlpFecRebuildsEachPacketOfItsGroup) {
  for (int lost = 11; lost <= 14; ++lost) {
    std::vector<TestPacket> packets{media(10)};
    for (const int number : {11, 12, 13, 14})
      if (number != lost) packets.push_back(media(number));
    packets.push_back(ulpfec(15, {11, 12, 13, 14}));
    packets.push_back(media(16));
    const Outcome outcome = read(packets);
    expect_media(outcome, {10, 11, 12, 13, 14, 16});
    EXPECT_EQ(outcome.counts.lost, 0U);
    EXPECT_EQ(outcome.counts.recovered, 1U);
    EXPECT_TRUE(outcome.damage.empty());
  }
}

TEST(FecDecoder, R21_InsideRedundancyAsBrowsersSendIt) {
  std::vector<TestPacket> packets;
  for (const int number : {20, 21, 23, 24}) packets.push_back(in_red(media(number)));
  packets.push_back(in_red(ulpfec(25, {20, 21, 22, 23, 24})));
  packets.push_back(in_red(media(26)));
  const Outcome outcome = read(packets);
  expect_media(outcome, {20, 21, 22, 23, 24, 26});
  EXPECT_EQ(outcome.counts.recovered, 1U);
  EXPECT_EQ(outcome.counts.lost, 0U);
}

TEST(FecDecoder, R21_FlexFecRebuildsFromItsOwnStream) {
  for (const int last : {14, 40, 100}) {  // masks of 15, 46 and 109 bits
    const Outcome outcome =
        read({media(10), media(12), flexfec(900, {10, 11, 12, last}), media(last), media(last + 1)});
    expect_media(outcome, {10, 11, 12, last, last + 1});
    EXPECT_EQ(outcome.counts.recovered, 1U);
    EXPECT_EQ(outcome.counts.segments, 1U);
    EXPECT_EQ(outcome.counts.packets, 4U);
    EXPECT_EQ(outcome.fec.packets, 1U);
  }
}

TEST(FecDecoder, R21_FlexFecOfTheRfcRebuildsByItsMasks) {
  for (const int last : {14, 40, 119}) {  // masks of 15, 46 and 110 bits
    const Octets payload = test::final_flexfec_payload(packets_of({10, 11, 12, last}));
    const Outcome outcome = read({media(10), media(12), naming(900, payload), media(last), media(last + 1)});
    expect_media(outcome, {10, 11, 12, last, last + 1});
    EXPECT_EQ(outcome.counts.recovered, 1U);
    EXPECT_EQ(outcome.fec.packets, 1U);
  }
}

TEST(FecDecoder, R21_FlexFecOfTheRfcRebuildsRowsAndColumns) {
  // 30 to 38 in three rows; 31, 32 and 35 are lost. The first row is the one of a row and column code (D is
  // 1).
  const auto row = [&](int first, std::uint8_t d) {
    return test::fixed_flexfec_payload(packets_of({first, first + 1, first + 2}), 3, d);
  };
  const auto column = [&](int first) {
    return test::fixed_flexfec_payload(packets_of({first, first + 3, first + 6}), 3, 3);
  };
  const Outcome outcome =
      read({media(30), media(33), media(34), media(36), media(37), media(38), naming(1, row(30, 1)),
            naming(2, row(33, 0)), naming(3, column(31)), naming(4, column(32)), media(39)});
  expect_media(outcome, {30, 31, 32, 33, 34, 35, 36, 37, 38, 39});
  EXPECT_EQ(outcome.counts.recovered, 3U);
  EXPECT_TRUE(outcome.damage.count("fec-mismatch") == 0);
}

TEST(FecDecoder, R21_FlexFecOfTheRfcRepeatsWholePackets) {
  Octets copy = test::wire_bytes(media(11));
  ASSERT_EQ(copy[0] >> 6, 2);  // R is set, F is not: as the version is
  const Outcome outcome = read({media(10), media(12), naming(1, copy), media(13)});
  expect_media(outcome, {10, 11, 12, 13});
  EXPECT_EQ(outcome.counts.recovered, 1U);
}

TEST(FecDecoder, FlexFecOfTheRfcIsReadOrRefusedToItsLastOctet) {
  for (const int last : {14, 40, 119}) {
    const Octets whole = test::final_flexfec_payload(packets_of({10, 11, last}));
    const std::size_t header = last < 25 ? 12 : last < 56 ? 16 : 24;
    for (std::size_t length = 0; length <= header; ++length)
      EXPECT_FALSE(final(Bytes(whole).first(length))) << last << " " << length;
    ASSERT_TRUE(final(whole));
    EXPECT_EQ(final(whole)->offsets[2], last - 10);
  }
  const auto fixed = [](std::uint8_t l, std::uint8_t d) {
    return final(test::fixed_flexfec_payload(packets_of({10, 11}), l, d));
  };
  EXPECT_FALSE(fixed(0, 3)) << "protects nothing";
  EXPECT_TRUE(fixed(255, 0));
  EXPECT_TRUE(fixed(1, 255));
  EXPECT_TRUE(fixed(127, 3));
  EXPECT_FALSE(fixed(128, 3)) << "more numbers than are remembered";
  EXPECT_FALSE(fixed(255, 255));
  const Octets whole = test::final_flexfec_payload(packets_of({10, 11}));
  EXPECT_FALSE(parse_flexfec({.csrc_count = 2, .csrc = Ssrc{Media}, .payload = whole}));
  const Octets copy = test::wire_bytes(media(11));
  for (std::size_t length = 0; length <= 12; ++length) EXPECT_FALSE(final(Bytes(copy).first(length)));
}

TEST(FecDecoder, OneRebuiltPacketMakesTheNextKnown) {
  // 30 to 35 as rows and columns: 31 and 32 of one row are lost.
  const Outcome outcome = read({media(30), media(33), media(34), media(35), flexfec(1, {30, 31, 32}),
                                flexfec(2, {31, 34}), media(36)});
  expect_media(outcome, {30, 31, 32, 33, 34, 35, 36});
  EXPECT_EQ(outcome.counts.recovered, 2U);
}

TEST(FecDecoder, TwoLostOfOneGroupStayLost) {
  const Outcome outcome = read({media(10), media(13), ulpfec(14, {10, 11, 12, 13}), media(15)});
  expect_media(outcome, {10, 13, 15});
  EXPECT_EQ(outcome.counts.lost, 2U);
  EXPECT_EQ(outcome.counts.recovered, 0U);
}

TEST(FecDecoder, R21_NumbersOfErrorCorrectionAreNotLossAndReachNoDecoder) {
  const Outcome outcome = read({media(10), ulpfec(11, {10}), media(12), ulpfec(13, {12}), media(14)});
  expect_media(outcome, {10, 12, 14});
  EXPECT_EQ(outcome.counts.lost, 0U);
  EXPECT_EQ(outcome.counts.recovered, 0U);
  EXPECT_EQ(outcome.fec.packets, 2U);
}

TEST(FecDecoder, AcrossTheWrap) {
  const Outcome outcome =
      read({media(65'534), media(65'537), flexfec(5, {65'534, 65'535, 65'537}), media(65'538)});
  EXPECT_EQ(outcome.counts.recovered, 1U);
  EXPECT_EQ(outcome.payloads.at(65'535), media(65'535).payload);
}

TEST(FecDecoder, APacketThatOnlyCameLateIsItself) {
  const Outcome outcome = read({media(10), media(12), ulpfec(13, {10, 11, 12}), media(11), media(14)});
  expect_media(outcome, {10, 11, 12, 14});
  EXPECT_EQ(outcome.counts.recovered, 0U);
}

TEST(FecDecoder, ASumOfOtherPacketsIsDamage) {
  TestPacket wrong = ulpfec(13, {10, 11, 12});
  wrong.payload[1] = static_cast<std::uint8_t>(wrong.payload[1] ^ 0x55);  // another payload type
  const Outcome outcome = read({media(10), media(12), wrong, media(14)});
  EXPECT_EQ(outcome.counts.recovered, 0U);
  EXPECT_EQ(outcome.damage.count("fec-mismatch"), 1U);
}

TEST(FecDecoder, EveryPrefixIsReadOrRefused) {
  const Octets ulp = test::ulpfec_payload(packets_of({10, 11, 40}));
  const Octets flex = test::flexfec_payload(packets_of({10, 30, 100}));
  for (std::size_t length = 0; length < ulp.size(); ++length)
    EXPECT_FALSE(parse_ulpfec(Bytes(ulp).first(length))) << length;
  EXPECT_TRUE(parse_ulpfec(ulp));
  for (std::size_t length = 0; length <= 32; ++length)
    EXPECT_FALSE(draft(Bytes(flex).first(length))) << length;
  const auto whole = draft(flex);
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->count, 3U);
  EXPECT_EQ(whole->offsets[2], 90);
  EXPECT_EQ(whole->ssrc, Ssrc{Media});
}

TEST(FecDecoder, RefusesWhatItCannotUse) {
  Octets extended = test::ulpfec_payload(packets_of({10, 11}));
  extended[0] = static_cast<std::uint8_t>(extended[0] | 0x80);
  EXPECT_FALSE(parse_ulpfec(extended));
  Octets nothing = test::ulpfec_payload(packets_of({10}));
  nothing[12] = nothing[13] = 0;
  EXPECT_FALSE(parse_ulpfec(nothing));
  for (const int bits : {0x80, 0x40}) {
    Octets fixed = test::flexfec_payload(packets_of({10, 11}));
    fixed[0] = static_cast<std::uint8_t>(fixed[0] | bits);
    EXPECT_FALSE(draft(fixed));
  }
  Octets several = test::flexfec_payload(packets_of({10, 11}));
  several[8] = 2;
  EXPECT_FALSE(draft(several));
  const Outcome outcome = read({media(10),
                                [] {
                                  TestPacket packet = ulpfec(11, {10});
                                  packet.payload.resize(5);
                                  return packet;
                                }(),
                                media(12)});
  EXPECT_EQ(outcome.counts.lost, 0U);
  EXPECT_EQ(outcome.damage.count("fec-malformed"), 1U);
}

TEST(FecDecoder, MasksOverNumbersThatNeverComeCostNothing) {
  std::vector<TestPacket> packets{media(1)};
  for (int i = 0; i < 5000; ++i) {
    TestPacket hostile = flexfec(i, {1, 2, 3});
    for (const std::size_t at : {18U, 19U}) hostile.payload[at] = 0x7f;  // all bits, more to come
    packets.push_back(hostile);
  }
  packets.push_back(media(2));
  const Outcome outcome = read(packets);
  EXPECT_EQ(outcome.counts.lost, 0U);
  EXPECT_EQ(outcome.fec.packets, 5000U);
}

}  // namespace
}  // namespace greffe::rtp
