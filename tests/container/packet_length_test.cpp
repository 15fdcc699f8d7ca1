#include "container/packet_length.h"

#include <gtest/gtest.h>

namespace greffe::container {
namespace {

const std::vector<std::uint8_t> Packet{1, 2, 3};

TEST(PacketLength, AacHas1024SamplesUnlessTimesSayMore) {
  PacketLength plain(media::CodecId::Aac, {});
  EXPECT_EQ(plain.of(Packet, 0), 1024);
  EXPECT_EQ(plain.of(Packet, 1008), 1024) << "21 ms at 48 kHz";
  EXPECT_EQ(plain.of(Packet, 48'000), 1024) << "a hole";
  PacketLength wide(media::CodecId::Aac, {});
  EXPECT_EQ(wide.of(Packet, 0), 1024);
  EXPECT_EQ(wide.of(Packet, 2064), 2048);
  EXPECT_EQ(wide.of(Packet, 48'000), 2048);
  PacketLength radio(media::CodecId::Aac, {});
  radio.of(Packet, 0);
  EXPECT_EQ(radio.of(Packet, 960), 960);
}

TEST(PacketLength, NothingIsToldWithoutHeadersOfVorbisOrOfOtherCodecs) {
  EXPECT_EQ(PacketLength(media::CodecId::Vorbis, {}).of(Packet, 0), 0);
  EXPECT_EQ(PacketLength(media::CodecId::Vorbis, Packet).of(Packet, 0), 0);
  EXPECT_EQ(PacketLength(media::CodecId::Opus, {}).of(Packet, 0), 0);
}

}  // namespace
}  // namespace greffe::container
