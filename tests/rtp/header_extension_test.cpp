#include "rtp/header_extension.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/packets.h"

namespace greffe::rtp {
namespace {

using test::Octets;
using testing::ElementsAre;
using testing::Pair;

using Elements = std::vector<std::pair<int, Octets>>;

Elements elements(std::uint16_t profile, const Octets& block) {
  RtpPacket packet;
  packet.extension_profile = profile;
  packet.extension = block;
  HeaderExtensions extensions(packet);
  Elements all;
  while (const auto extension = extensions.next())
    all.emplace_back(extension->id, Octets(extension->bytes.begin(), extension->bytes.end()));
  return all;
}

// RFC 8285 §4.2: one element, then one of two bytes with padding, then one of four.
TEST(HeaderExtensions, ReadsTheOneByteExampleOfTheSpec) {
  EXPECT_THAT(elements(0xBEDE, {0x10, 0xaa, 0x21, 0xbb, 0xbc, 0, 0, 0x33, 1, 2, 3, 4}),
              ElementsAre(Pair(1, Octets{0xaa}), Pair(2, Octets{0xbb, 0xbc}), Pair(3, Octets{1, 2, 3, 4})));
}

TEST(HeaderExtensions, ReadsTheTwoByteExampleOfTheSpec) {
  for (const std::uint16_t profile : std::initializer_list<std::uint16_t>{0x1000, 0x1007, 0x100F})
    EXPECT_THAT(elements(profile, {1, 0, 2, 1, 0xbb, 0, 15, 4, 1, 2, 3, 4}),
                ElementsAre(Pair(1, Octets{}), Pair(2, Octets{0xbb}), Pair(15, Octets{1, 2, 3, 4})));
}

TEST(HeaderExtensions, R16_Id15AndId0WithLengthEndAOneByteBlock) {
  EXPECT_THAT(elements(0xBEDE, {0x10, 0xaa, 0xf0, 1, 0x20, 2}), ElementsAre(Pair(1, Octets{0xaa})));
  EXPECT_THAT(elements(0xBEDE, {0x10, 0xaa, 0x02, 1, 0x20, 2}), ElementsAre(Pair(1, Octets{0xaa})));
}

TEST(HeaderExtensions, R16_AnElementPastTheBlockEndsIt) {
  EXPECT_THAT(elements(0xBEDE, {0x10, 0xaa, 0x2f, 1, 2}), ElementsAre(Pair(1, Octets{0xaa})));
  EXPECT_THAT(elements(0x1000, {1, 1, 0xaa, 2, 200, 1}), ElementsAre(Pair(1, Octets{0xaa})));
  EXPECT_THAT(elements(0x1000, {1, 1, 0xaa, 2}), ElementsAre(Pair(1, Octets{0xaa})));
}

TEST(HeaderExtensions, R16_OtherProfilesHaveNoElements) {
  EXPECT_TRUE(elements(0x1010, {1, 1, 0xaa}).empty());
  EXPECT_TRUE(elements(0, {0x10, 0xaa}).empty());
}

TEST(HeaderExtensions, FindsById) {
  RtpPacket packet;
  packet.extension_profile = 0xBEDE;
  const Octets block = {0x10, 0xaa, 0xd0, 0x06};
  packet.extension = block;
  ASSERT_TRUE(find_extension(packet, 13).has_value());
  EXPECT_EQ((*find_extension(packet, 13))[0], 0x06);
  EXPECT_FALSE(find_extension(packet, 2).has_value());
}

TEST(HeaderExtensions, DecodesLevelsAndOrientation) {
  const Octets level = {0x80 | 42};
  EXPECT_TRUE(audio_level_of(level)->voice);
  EXPECT_EQ(audio_level_of(level)->level, 42);
  const Octets orientation = {0x0f};
  EXPECT_TRUE(video_orientation_of(orientation)->back_camera);
  EXPECT_TRUE(video_orientation_of(orientation)->flip);
  EXPECT_EQ(video_orientation_of(orientation)->rotation_deg, 270);
  EXPECT_FALSE(audio_level_of({}) || video_orientation_of({}));
}

TEST(HeaderExtensions, DecodesCaptureAndSendTimes) {
  const Octets capture = {0, 0, 0, 1, 0x80, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
  const auto full = absolute_capture_time_of(capture);
  EXPECT_EQ(full->captured, (NtpTime{1, 0x80000000u}));
  EXPECT_EQ(full->clock_offset, -1);
  EXPECT_FALSE(absolute_capture_time_of(Bytes(capture).first(8))->clock_offset.has_value());
  EXPECT_FALSE(absolute_capture_time_of(Bytes(capture).first(7)).has_value());
  const Octets send = {0x04, 0, 0};
  EXPECT_EQ(absolute_send_time_of(send), 1u << 18);
}

TEST(HeaderExtensions, KnowsUrisByShortNames) {
  EXPECT_EQ(find_extension_name("urn:ietf:params:rtp-hdrext:ssrc-audio-level"), "audio-level");
  EXPECT_EQ(find_extension_name("urn:3gpp:video-orientation"), "video-orientation");
  EXPECT_FALSE(find_extension_name("urn:example").has_value());
}

}  // namespace
}  // namespace greffe::rtp
