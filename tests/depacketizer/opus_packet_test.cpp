#include "depacketizer/opus_packet.h"

#include <gtest/gtest.h>

#include "support/packets.h"

namespace greffe::depacketizer {
namespace {

using test::Octets;

struct DurationCase {
  Octets packet;
  std::int64_t ticks;
  int channels;
};

TEST(OpusPacket, R27_LastsAsLongAsItsTocSays) {
  const DurationCase cases[] = {
      {{0x00, 1}, 480, 1},                     // SILK 10 ms
      {{0x18, 1}, 2880, 1},                    // SILK 60 ms
      {{0x60, 1}, 480, 1},                     // hybrid 10 ms
      {{0x78, 1}, 960, 1},                     // hybrid 20 ms
      {{0x80, 1}, 120, 1},                     // CELT 2.5 ms
      {{0xfc, 1}, 960, 2},                     // CELT 20 ms, stereo
      {{0x78}, 960, 1},                        // DTX: TOC alone
      {{0xf9, 1, 2}, 1920, 1},                 // two equal frames
      {{0xfa, 1, 1, 2, 3}, 1920, 1},           // two frames of 1 and 2 bytes
      {{0xfb, 0x03, 1, 2, 3}, 2880, 1},        // three of 1 byte
      {{0xfb, 0x83, 1, 0, 9, 8, 7}, 2880, 1},  // three of 1, 0 and 2 bytes
      {{0xfb, 0x41, 2, 9, 0, 0}, 960, 1},      // one, two bytes of padding
      {{0x83, 0x30}, 5760, 1},                 // 48 of 2.5 ms, all empty
  };
  for (const DurationCase& c : cases) {
    const auto packet = parse_opus_packet(c.packet);
    ASSERT_TRUE(packet.has_value()) << int{c.packet[0]} << ": " << packet.error().message();
    EXPECT_EQ(packet->duration_ticks, c.ticks);
    EXPECT_EQ(packet->channels, c.channels);
  }
}

TEST(OpusPacket, R26_ChannelsAreOfEachPacket) {
  EXPECT_EQ(parse_opus_packet(Octets{0xf8, 1})->channels, 1);
  EXPECT_EQ(parse_opus_packet(Octets{0xfc, 1})->channels, 2);
}

TEST(OpusPacket, R28_RejectsWhatTheSpecForbids) {
  const Octets cases[] = {
      {},                      // [R1] no TOC
      {0xf9, 1, 2, 3},         // [R3] odd
      {0xfa},                  // [R4] no length
      {0xfa, 5, 1},            // [R4] first frame past the end
      {0xfa, 252},             // [R4] length cut
      {0xfb},                  // [R6] no count
      {0xfb, 0x00},            // [R5] 0 frames
      {0xfb, 0x3f},            // [R5] 63 frames of 20 ms
      {0x83, 0x31},            // [R5] 49 of 2.5 ms: 122.5 ms
      {0x1b, 0x03, 1, 2, 3},   // [R5] three of 60 ms
      {0xfb, 0x02, 1},         // [R6] not of one size
      {0xfb, 0x41, 9},         // [R6] padding past the end
      {0xfb, 0x41, 255, 255},  // [R6] padding length cut
      {0xfb, 0x83, 1, 5, 9},   // [R7] lengths past the end
  };
  for (const Octets& packet : cases) EXPECT_FALSE(parse_opus_packet(packet).has_value()) << packet.size();
  Octets giant(1277, 0);
  giant[0] = 0xf8;
  EXPECT_FALSE(parse_opus_packet(giant).has_value());  // [R2]
  giant.pop_back();
  EXPECT_TRUE(parse_opus_packet(giant).has_value());
}

// RFC 6716 appendix B: every frame of a stream that another one follows has its length.
TEST(OpusStreams, AllButTheLastAreSelfDelimited) {
  const std::vector<std::vector<std::uint8_t>> firsts{
      {0xf8, 2, 1, 2},                  // code 0
      {0xf1, 2, 1, 2, 3, 4},            // code 1, 10 ms frames: one length for both
      {0xf2, 1, 2, 1, 2, 3},            // code 2: two lengths
      {0xf3, 0x02, 2, 1, 2, 3, 4},      // code 3, one size
      {0xf3, 0x82, 1, 3, 1, 2, 3, 4},   // code 3, lengths that differ
      {0xf3, 0x42, 2, 1, 1, 2, 0, 0}};  // code 3, padded by two octets
  for (std::vector<std::uint8_t> packet : firsts) {
    const std::size_t first_bytes = packet.size();
    packet.insert(packet.end(), {0xf8, 7, 7});
    const auto parsed = parse_opus_streams(packet, 2);
    ASSERT_TRUE(parsed) << parsed.error().message();
    EXPECT_EQ(parsed->duration_ticks, 960);
    // Cut anywhere up to the last stream's first octet, it is not whole.
    for (std::size_t length = 0; length <= first_bytes; ++length)
      EXPECT_FALSE(parse_opus_streams(Bytes(packet).first(length), 2)) << length;
  }
}

TEST(OpusStreams, OneStreamIsAnOrdinaryPacket) {
  const std::vector<std::uint8_t> packet{0xf8, 1, 2, 3};
  EXPECT_TRUE(parse_opus_streams(packet, 1));
  EXPECT_FALSE(parse_opus_streams(packet, 255));
}

TEST(OpusStreams, R28_StreamsOfDifferentLengthsAreRefused) {
  EXPECT_FALSE(parse_opus_streams(std::vector<std::uint8_t>{0xf8, 1, 1, 0xf0, 1}, 2));
  EXPECT_FALSE(parse_opus_streams(std::vector<std::uint8_t>{0xf8, 1, 1, 0xf0, 1, 1, 0xf8, 1}, 3));
}

}  // namespace
}  // namespace greffe::depacketizer
