#include "depacketizer/vp8_descriptor.h"

#include <gtest/gtest.h>

#include "support/vp8_writer.h"

namespace greffe::depacketizer {
namespace {

TEST(Vp8Descriptor, R31_AllFieldsAreOptional) {
  const test::Octets bytes = {0x10, 0xaa};
  const auto descriptor = parse_vp8_descriptor(bytes);
  ASSERT_TRUE(descriptor.has_value());
  EXPECT_TRUE(descriptor->starts_frame());
  EXPECT_FALSE(descriptor->picture_id || descriptor->tl0_index || descriptor->temporal_layer ||
               descriptor->key_index);
  EXPECT_EQ(descriptor->payload.size(), 1u);
}

TEST(Vp8Descriptor, R31_ReadsShortAndLongPictureIds) {
  const test::Octets short_id = {0x90, 0x80, 0x7f, 0xaa};
  const test::Octets long_id = {0x90, 0x80, 0xc2, 0x90, 0xaa};
  EXPECT_EQ(parse_vp8_descriptor(short_id)->picture_id, 0x7f);
  EXPECT_EQ(parse_vp8_descriptor(long_id)->picture_id, 0x4290);
}

TEST(Vp8Descriptor, ReadsLayersAndKeyIndex) {
  const test::Octets bytes = {0xa1, 0x70, 69, 0xb3,
                              0xaa};  // X N PID 1; L T K; TL0PICIDX; TID 2, Y, KEYIDX 19
  const auto descriptor = parse_vp8_descriptor(bytes);
  ASSERT_TRUE(descriptor.has_value());
  EXPECT_TRUE(descriptor->non_reference);
  EXPECT_EQ(descriptor->partition, 1);
  EXPECT_EQ(descriptor->tl0_index, 69);
  EXPECT_EQ(descriptor->temporal_layer, 2);
  EXPECT_TRUE(descriptor->layer_sync);
  EXPECT_EQ(descriptor->key_index, 19);
}

TEST(Vp8Descriptor, R31_RejectsEveryPrefixThatIsCut) {
  const test::Octets bytes = {0x90, 0xf0, 0xc2, 0x90, 69, 0xb3, 0xaa};
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(parse_vp8_descriptor(Bytes(bytes).first(size)).has_value()) << size;
  EXPECT_TRUE(parse_vp8_descriptor(bytes).has_value());
}

TEST(Vp8Descriptor, PictureIdsCountAcrossTheirWrap) {
  Vp8Descriptor from{.picture_id = 0x7fff, .picture_id_is_long = true};
  Vp8Descriptor to{.picture_id = 0, .picture_id_is_long = true};
  EXPECT_EQ(picture_distance(from, to), 1);
  EXPECT_EQ(picture_distance(Vp8Descriptor{.picture_id = 127}, Vp8Descriptor{.picture_id = 1}), 2);
  EXPECT_FALSE(picture_distance(from, Vp8Descriptor{}).has_value());
}

}  // namespace
}  // namespace greffe::depacketizer
