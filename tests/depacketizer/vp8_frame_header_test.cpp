#include "depacketizer/vp8_frame_header.h"

#include <gtest/gtest.h>

#include "support/vp8_writer.h"

namespace greffe::depacketizer {
namespace {

using test::vp8_frame;
using test::Vp8Header;

TEST(Vp8FrameHeader, ReadsKeyFrames) {
  const auto header = parse_vp8_frame_header(vp8_frame({.key = true, .width_px = 641, .height_px = 359}));
  ASSERT_TRUE(header.has_value());
  EXPECT_TRUE(header->key);
  EXPECT_TRUE(header->shown);
  EXPECT_EQ(header->size, (media::PictureSize{641, 359}));
  EXPECT_FALSE(header->leaves_nothing());
}

TEST(Vp8FrameHeader, R35_ScalingBitsAreNoSize) {
  const auto header =
      parse_vp8_frame_header(vp8_frame({.key = true, .width_px = 320 | 0x4000, .height_px = 181 | 0xc000}));
  EXPECT_EQ(header->size, (media::PictureSize{320, 181}));
}

TEST(Vp8FrameHeader, RejectsEveryPrefixOfAKeyFrameStart) {
  const test::Octets frame = vp8_frame({.key = true});
  for (std::size_t size = 0; size < 10; ++size)
    EXPECT_FALSE(parse_vp8_frame_header(Bytes(frame).first(size)).has_value()) << size;
  test::Octets wrong = frame;
  wrong[3] = 0x9c;
  EXPECT_FALSE(parse_vp8_frame_header(wrong).has_value());
}

struct RefreshCase {
  const char* what;
  Vp8Header header;
  bool last, golden, alternate, context;
};

TEST(Vp8FrameHeader, TellsWhatAFrameLeavesBehind) {
  const RefreshCase cases[] = {
      {"usual", {}, true, false, false, true},
      {"nothing", {.keep_probabilities = false, .refresh_last = false}, false, false, false, false},
      {"golden",
       {.refresh_golden = true, .keep_probabilities = false, .refresh_last = false},
       false,
       true,
       false,
       false},
      {"last copied to golden",
       {.copy_to_golden = 1, .keep_probabilities = false, .refresh_last = false},
       false,
       true,
       false,
       false},
      {"golden copied to alternate",
       {.copy_to_alternate = 2, .keep_probabilities = false, .refresh_last = false},
       false,
       false,
       true,
       false},
      {"alternate",
       {.refresh_alternate = true, .keep_probabilities = false, .refresh_last = false},
       false,
       false,
       true,
       false},
      {"probabilities", {.refresh_last = false}, false, false, false, true},
      {"segment map",
       {.update_segment_map = true, .keep_probabilities = false, .refresh_last = false},
       false,
       false,
       false,
       true},
      {"filter deltas",
       {.update_filter_deltas = true, .keep_probabilities = false, .refresh_last = false},
       false,
       false,
       false,
       true},
  };
  for (const RefreshCase& c : cases) {
    const auto header = parse_vp8_frame_header(vp8_frame(c.header));
    ASSERT_TRUE(header.has_value()) << c.what;
    EXPECT_EQ(header->refreshes_last, c.last) << c.what;
    EXPECT_EQ(header->refreshes_golden, c.golden) << c.what;
    EXPECT_EQ(header->refreshes_alternate, c.alternate) << c.what;
    EXPECT_EQ(header->changes_context, c.context) << c.what;
  }
}

TEST(Vp8FrameHeader, ABeginningTooShortToTellLeavesEverything) {
  const test::Octets frame = vp8_frame({.keep_probabilities = false, .refresh_last = false});
  const auto header = parse_vp8_frame_header(Bytes(frame).first(5));
  ASSERT_TRUE(header.has_value());
  EXPECT_TRUE(header->refreshes_last && header->refreshes_golden && header->refreshes_alternate &&
              header->changes_context);
}

TEST(Vp8FrameHeader, LeastSizeCountsAllPartitionsButTheLast) {
  const test::Octets frame = vp8_frame({.key = true, .log2_partitions = 2}, 0);
  const auto header = parse_vp8_frame_header(frame);
  ASSERT_TRUE(header.has_value());
  EXPECT_EQ(header->token_partitions, 4u);
  EXPECT_EQ(least_size(*header, frame), frame.size());
  for (std::size_t size = 0; size < frame.size(); ++size)
    EXPECT_FALSE(least_size(*header, Bytes(frame).first(size)).has_value()) << size;
}

}  // namespace
}  // namespace greffe::depacketizer
