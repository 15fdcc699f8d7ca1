#include "media/vp9_frame_header.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/vp9_writer.h"

namespace greffe::media {
namespace {

using test::Octets;
using test::vp9_frame;

TEST(Vp9FrameHeader, ReadsKeyFrames) {
  const auto header = parse_vp9_frame_header(vp9_frame(
      {.key = true, .error_resilient = false, .width_px = 641, .height_px = 359, .keeps_context = true}));
  ASSERT_TRUE(header.has_value());
  EXPECT_TRUE(header->key && header->shown && header->intra() && header->keeps_context);
  EXPECT_EQ(header->size, (PictureSize{641, 359}));
  EXPECT_EQ(header->refreshed, 0xff);
}

TEST(Vp9FrameHeader, ReadsWhatAFrameRefersToAndReplaces) {
  const auto header = parse_vp9_frame_header(
      vp9_frame({.error_resilient = false, .refreshed = 0x42, .references = {1, 6, 7}, .context = 3}));
  ASSERT_TRUE(header.has_value());
  EXPECT_FALSE(header->key || header->intra_only || header->error_resilient);
  EXPECT_EQ(header->refreshed, 0x42);
  EXPECT_THAT(header->references, testing::ElementsAre(1, 6, 7));
  EXPECT_FALSE(header->size.has_value());
  EXPECT_EQ(header->size_reference, 0);
  EXPECT_EQ(header->context, 3);
  const auto sized = parse_vp9_frame_header(vp9_frame({.width_px = 320, .height_px = 180}));
  EXPECT_EQ(sized->size, (PictureSize{320, 180}));
}

TEST(Vp9FrameHeader, ReadsIntraOnlyAndExistingFrames) {
  const auto intra = parse_vp9_frame_header(vp9_frame({.shown = false,
                                                       .error_resilient = false,
                                                       .intra_only = true,
                                                       .reset_context = 2,
                                                       .refreshed = 4,
                                                       .width_px = 64,
                                                       .height_px = 48}));
  ASSERT_TRUE(intra.has_value());
  EXPECT_TRUE(intra->intra_only && !intra->shown && !intra->key);
  EXPECT_EQ(intra->reset_context, 2);
  EXPECT_EQ(intra->refreshed, 4);
  EXPECT_EQ(intra->size, (PictureSize{64, 48}));
  EXPECT_EQ(parse_vp9_frame_header(vp9_frame({.existing = 5}))->existing, 5);
}

TEST(Vp9FrameHeader, RejectsPrefixesAndOtherBytes) {
  for (const Octets& frame : {vp9_frame({.key = true, .width_px = 64, .height_px = 48}, 0),
                              vp9_frame({.width_px = 64, .height_px = 48}, 0), vp9_frame({.existing = 1})}) {
    ASSERT_TRUE(parse_vp9_frame_header(frame).has_value());
    for (std::size_t size = 0; size < frame.size(); ++size)
      EXPECT_FALSE(parse_vp9_frame_header(Bytes(frame).first(size)).has_value()) << size;
  }
  Octets wrong = vp9_frame({.key = true, .width_px = 64, .height_px = 48});
  wrong[1] ^= 1;  // sync code
  EXPECT_FALSE(parse_vp9_frame_header(wrong).has_value());
  EXPECT_FALSE(parse_vp9_frame_header(Octets{0x40, 0, 0, 0}).has_value());
}

}  // namespace
}  // namespace greffe::media
