#include "rtp/packet.h"

#include <gtest/gtest.h>

#include "support/packets.h"

namespace greffe::rtp {
namespace {

using test::Octets;

TEST(RtpPacket, ReadsTheHeader) {
  const Octets bytes = {0x80, 0xe0, 0x12, 0x34, 0x01, 0x02, 0x03, 0x04, 0xa0, 0xb0, 0xc0, 0xd0, 7, 8};
  const auto parsed = parse_packet(bytes);
  ASSERT_TRUE(parsed.has_value());
  const RtpPacket& packet = parsed->packet;
  EXPECT_TRUE(packet.marker);
  EXPECT_EQ(packet.payload_type.value, 96);
  EXPECT_EQ(packet.sequence.value, 0x1234);
  EXPECT_EQ(packet.timestamp.value, 0x01020304u);
  EXPECT_EQ(packet.ssrc.value, 0xa0b0c0d0u);
  EXPECT_EQ(Octets(packet.payload.begin(), packet.payload.end()), (Octets{7, 8}));
}

TEST(RtpPacket, R14_RejectsOtherVersionsAndEveryCutHeader) {
  Octets bytes = test::wire_bytes({});
  for (std::size_t size = 0; size < 12; ++size)
    EXPECT_FALSE(parse_packet(Bytes(bytes).first(size)).has_value()) << size;
  for (const std::uint8_t version : Octets{0x00, 0x40, 0xc0}) {
    bytes[0] = version;
    EXPECT_FALSE(parse_packet(bytes).has_value());
  }
}

TEST(RtpPacket, R15_SkipsCsrcsAndRejectsMoreThanThereAre) {
  Octets bytes = test::wire_bytes({.payload = {}});
  bytes[0] |= 2;
  bytes.insert(bytes.end(), {1, 2, 3, 4, 5, 6, 7});
  EXPECT_FALSE(parse_packet(bytes).has_value());
  bytes.insert(bytes.end(), {8, 42});
  const auto parsed = parse_packet(bytes);
  ASSERT_TRUE(parsed.has_value());
  EXPECT_EQ(parsed->packet.csrc_count, 2);
  ASSERT_EQ(parsed->packet.payload.size(), 1u);
  EXPECT_EQ(parsed->packet.payload[0], 42);
}

TEST(RtpPacket, R16_AnExtensionLongerThanThePacketLosesExtensionAndPayloadOnly) {
  Octets bytes = test::wire_bytes({.payload = {1, 2}, .extension = {0x10, 0xff}});
  const auto whole = parse_packet(bytes);
  ASSERT_TRUE(whole.has_value());
  EXPECT_EQ(whole->packet.extension_profile, 0xBEDE);
  EXPECT_EQ(whole->packet.extension.size(), 4u);
  EXPECT_EQ(whole->packet.payload.size(), 2u);
  bytes[15] = 200;  // words of extension
  const auto overrun = parse_packet(bytes);
  ASSERT_TRUE(overrun.has_value());
  EXPECT_TRUE(overrun->extension_overrun);
  EXPECT_TRUE(overrun->packet.extension.empty());
  EXPECT_TRUE(overrun->packet.payload.empty());
}

TEST(RtpPacket, R17_StripsPaddingDownToNothing) {
  const auto some = parse_packet(test::wire_bytes({.payload = {1, 2}, .padding = 4}));
  EXPECT_EQ(some->packet.payload.size(), 2u);
  EXPECT_EQ(some->packet.padding_bytes, 4);
  const auto probe = parse_packet(test::wire_bytes({.payload = {}, .padding = 255}));
  EXPECT_TRUE(probe->packet.payload.empty());
  EXPECT_EQ(probe->packet.padding_bytes, 255);
  EXPECT_FALSE(some->padding_wrong || probe->padding_wrong);
}

TEST(RtpPacket, R17_ImpossiblePaddingCountsAreToldAndLeaveThePayload) {
  for (const std::uint8_t count : Octets{0, 4, 255}) {
    Octets bytes = test::wire_bytes({.payload = {1, 2, count}});
    bytes[0] |= 0x20;
    const auto parsed = parse_packet(bytes);
    ASSERT_TRUE(parsed.has_value());
    EXPECT_TRUE(parsed->padding_wrong);
    EXPECT_EQ(parsed->packet.payload.size(), 3u);
  }
}

TEST(RtpPacket, EveryPrefixIsReadOrRejected) {
  const Octets bytes =
      test::wire_bytes({.payload = {1, 2, 3}, .padding = 3, .extension = {0x10, 0xff, 0x21, 1, 2}});
  for (std::size_t size = 0; size <= bytes.size(); ++size) {
    const auto parsed = parse_packet(Bytes(bytes).first(size));
    EXPECT_EQ(parsed.has_value(), size >= 12) << size;
  }
}

}  // namespace
}  // namespace greffe::rtp
