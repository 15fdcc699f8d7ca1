#include "depacketizer/vp9_descriptor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/packets.h"

namespace greffe::depacketizer {
namespace {

using test::Octets;

TEST(Vp9Descriptor, R31_AllFieldsAreOptional) {
  const Octets bytes = {0x0c, 0xaa};
  const auto descriptor = parse_vp9_descriptor(bytes);
  ASSERT_TRUE(descriptor.has_value());
  EXPECT_TRUE(descriptor->starts_frame && descriptor->ends_frame);
  EXPECT_FALSE(descriptor->picture_id || descriptor->layer || descriptor->structure);
  EXPECT_FALSE(descriptor->inter_picture || descriptor->flexible || descriptor->not_for_upper);
  EXPECT_EQ(descriptor->payload.size(), 1u);
}

TEST(Vp9Descriptor, R31_ReadsShortAndLongPictureIds) {
  const Octets short_id = {0x80, 0x7f, 0xaa};
  const Octets long_id = {0x80, 0xc2, 0x90, 0xaa};
  EXPECT_EQ(parse_vp9_descriptor(short_id)->picture_id, 0x7f);
  EXPECT_FALSE(parse_vp9_descriptor(short_id)->picture_id_is_long);
  EXPECT_EQ(parse_vp9_descriptor(long_id)->picture_id, 0x4290);
}

TEST(Vp9Descriptor, ReadsLayersOfBothModes) {
  const Octets plain = {0xa0, 0x05, 0x55, 69, 0xaa};  // I L; TID 2, U, SID 2, D; TL0PICIDX
  const auto non_flexible = parse_vp9_descriptor(plain);
  ASSERT_TRUE(non_flexible.has_value() && non_flexible->layer);
  EXPECT_EQ(non_flexible->layer->temporal, 2);
  EXPECT_EQ(non_flexible->layer->spatial, 2);
  EXPECT_TRUE(non_flexible->layer->switching_point && non_flexible->layer->inter_layer);
  EXPECT_EQ(non_flexible->layer->tl0_index, 69);
  const Octets flexible = {0xb1, 0x05, 0x22, 0xaa};  // I L F Z; TID 1, SID 1
  EXPECT_EQ(parse_vp9_descriptor(flexible)->layer->spatial, 1);
  EXPECT_FALSE(parse_vp9_descriptor(flexible)->layer->tl0_index.has_value());
  EXPECT_TRUE(parse_vp9_descriptor(flexible)->not_for_upper);
}

TEST(Vp9Descriptor, R39_ReadsUpToThreeReferencesAndNoMore) {
  const Octets three = {0xd0, 0x05, 0x03, 0x05, 0x0e, 0xaa};
  const auto descriptor = parse_vp9_descriptor(three);
  ASSERT_TRUE(descriptor.has_value());
  EXPECT_EQ(descriptor->references, 3);
  EXPECT_THAT(descriptor->distances, testing::ElementsAre(1, 2, 7));
  const Octets endless = {0xd0, 0x05, 0x03, 0x05, 0x0f, 0x03, 0x02, 0xaa};
  EXPECT_FALSE(parse_vp9_descriptor(endless).has_value());
  // Without P there are none, whatever the mode.
  const Octets none = {0x90, 0x05, 0x03, 0xaa};
  EXPECT_EQ(parse_vp9_descriptor(none)->payload.size(), 2u);
}

TEST(Vp9Descriptor, R40_ReadsTheScalabilityStructureWithinItsBounds) {
  const Octets bytes = {0x0a, 0x38, 0x01, 0x40, 0x00, 0xb4, 0x02, 0x80, 0x01,
                        0x68, 2,    0x04, 1,    0x58, 1,    2,    0xaa};
  const auto descriptor = parse_vp9_descriptor(bytes);
  ASSERT_TRUE(descriptor.has_value() && descriptor->structure);
  EXPECT_EQ(descriptor->structure->spatial_layers, 2);
  EXPECT_EQ(descriptor->structure->widths_px[1], 640);
  EXPECT_EQ(descriptor->structure->heights_px[0], 180);
  EXPECT_EQ(descriptor->structure->group_pictures, 2);
  // The group says 2 pictures of one and two references; the last octet is payload.
  EXPECT_EQ(descriptor->payload.size(), 1u);
  Octets beyond = bytes;
  beyond[10] = 255;  // N_G
  EXPECT_FALSE(parse_vp9_descriptor(beyond).has_value());
}

TEST(Vp9Descriptor, R31_RejectsEveryPrefixThatIsCut) {
  const Octets bytes = {0xfa, 0xc2, 0x90, 0x55, 0x03, 0x04, 0x38, 0x01, 0x40, 0x00,
                        0xb4, 0x02, 0x80, 0x01, 0x68, 1,    0x04, 1,    0xaa};
  ASSERT_TRUE(parse_vp9_descriptor(bytes).has_value());
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(parse_vp9_descriptor(Bytes(bytes).first(size)).has_value()) << size;
}

TEST(Vp9Descriptor, PictureIdsCountAcrossTheirWrap) {
  const Vp9Descriptor from{.picture_id = 0x7fff, .picture_id_is_long = true};
  const Vp9Descriptor to{.picture_id = 0, .picture_id_is_long = true};
  EXPECT_EQ(picture_distance(from, to), 1);
  EXPECT_EQ(picture_distance(Vp9Descriptor{.picture_id = 127}, Vp9Descriptor{.picture_id = 1}), 2);
  EXPECT_FALSE(picture_distance(from, Vp9Descriptor{}).has_value());
}

}  // namespace
}  // namespace greffe::depacketizer
