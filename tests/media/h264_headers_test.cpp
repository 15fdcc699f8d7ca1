#include "media/h264_headers.h"

#include <gtest/gtest.h>

#include "support/hex.h"
#include "support/nal_writer.h"

namespace greffe::media {
namespace {

using test::from_hex;
using test::Octets;

struct SpsCase {
  const char* what;
  const char* unit;
  PictureSize size;
  int chroma_format;
  int bits;
};

// Made by x264 (Debian's libx264 164) from pictures of these sizes.
TEST(H264Sps, SaysTheSizesOfRealEncoders) {
  const SpsCase cases[] = {
      {"high, cropped", "67640028acb403c0113f2e0220000003002000000641e30654", {1920, 1080}, 1, 8},
      {"flat lists", "6764000dacd94150878888c044000003000400000300c83c50a658", {322, 242}, 1, 8},
      {"interlaced", "6764001eacd940b424d8088000000300800000190f8a14cb", {720, 576}, 1, 8},
      {"4:2:2, 10 bits", "677a001eb6cd940a02ff9f011000000300100000030320f162d960", {640, 362}, 2, 10},
      {"4:4:4", "67f4000d919b282a10f0842180880000030008000003019078a14cb0", {321, 241}, 3, 8},
      {"baseline", "6742c00bd9028df93011000003000100000300320f142a48", {160, 90}, 1, 8},
  };
  for (const SpsCase& known : cases) {
    const Octets unit = from_hex(known.unit);
    const auto sps = parse_h264_sps(unit);
    ASSERT_TRUE(sps) << known.what;
    EXPECT_EQ(sps->size, known.size) << known.what << ' ' << sps->size.width_px << 'x' << sps->size.height_px;
    EXPECT_EQ(sps->chroma_format, known.chroma_format) << known.what;
    EXPECT_EQ(sps->luma_bits, known.bits) << known.what;
  }
}

TEST(H264Sps, PassesOverScalingLists) {
  for (unsigned lists = 0; lists <= 8; ++lists) {
    const Octets unit = test::h264_sps({.profile = 100, .id = 3, .crop_bottom = 4, .scaling_lists = lists});
    const auto sps = parse_h264_sps(unit);
    ASSERT_TRUE(sps) << lists;
    EXPECT_EQ(sps->size, (PictureSize{320, 232})) << lists;
    EXPECT_EQ(sps->id, 3);
  }
}

TEST(H264Sps, R33_GiantAndImpossibleSizesAreSaidNotWrapped) {
  const Octets wide = test::h264_sps({.width_mbs = 65536, .height_mbs = 65536});
  EXPECT_EQ(parse_h264_sps(wide)->size, (PictureSize{1048576, 1048576}));
  const Octets endless = test::h264_sps({.width_mbs = 0xFFFFFFFF, .height_mbs = 0xFFFFFFFF});
  EXPECT_EQ(parse_h264_sps(endless)->size, (PictureSize{0, 0}));
  const Octets all_cropped = test::h264_sps({.crop_bottom = 120});
  EXPECT_EQ(parse_h264_sps(all_cropped)->size.height_px, 0);
}

TEST(H264Sps, EveryPrefixFailsOrSaysTheSame) {
  const Octets unit = from_hex("67640028acb403c0113f2e0220000003002000000641e30654");
  for (std::size_t length = 0; length < unit.size(); ++length) {
    const auto sps = parse_h264_sps(Bytes(unit).first(length));
    const bool is_whole = length > 10;  // what follows the size is not needed
    EXPECT_EQ(sps.has_value(), is_whole) << length;
    EXPECT_TRUE(!sps || sps->size == (PictureSize{1920, 1080})) << length;
  }
}

TEST(H264Sps, IdsBeyondTheirRangeFail) {
  EXPECT_TRUE(parse_h264_sps(test::h264_sps({.id = 31})));
  EXPECT_FALSE(parse_h264_sps(test::h264_sps({.id = 32})));
  EXPECT_TRUE(parse_h264_pps(test::h264_pps(255, 31)));
  EXPECT_FALSE(parse_h264_pps(test::h264_pps(256, 0)));
  EXPECT_FALSE(parse_h264_pps(test::h264_pps(0, 32)));
  EXPECT_FALSE(parse_h264_slice_header(test::h264_slice({.pps_id = 256})));
}

TEST(H264SliceHeader, SaysWhereItBeginsThroughEscapes) {
  // 4096 needs 12 leading zeros, which the writer escapes when more follow.
  const Octets unit = test::h264_slice({.key = true, .first_mb = 35000, .pps_id = 7});
  const auto header = parse_h264_slice_header(unit);
  ASSERT_TRUE(header);
  EXPECT_EQ(header->first_macroblock, 35000u);
  EXPECT_EQ(header->pps_id, 7);
  for (std::size_t length = 0; length < 4; ++length)
    EXPECT_FALSE(parse_h264_slice_header(Bytes(unit).first(length))) << length;
}

TEST(Avcc, HoldsTheSetsAndGivesThemBack) {
  const Octets sps = test::h264_sps({.profile = 100}), other = test::h264_sps({.id = 1}),
               pps = test::h264_pps();
  const auto record = avcc_of(*parse_h264_sps(sps), {sps, other}, {pps});
  EXPECT_EQ(Octets(record.begin(), record.begin() + 6), (Octets{1, 100, 0xC0, 31, 0xFF, 0xE2}));
  EXPECT_EQ(Octets(record.end() - 4, record.end()), (Octets{0xFD, 0xF8, 0xF8, 0}));  // of High profile
  const auto back = sps_of_avcc(record);
  ASSERT_TRUE(back);
  ASSERT_EQ(back->size(), 2u);
  EXPECT_EQ(Octets((*back)[0].begin(), (*back)[0].end()), sps);
  EXPECT_EQ(Octets((*back)[1].begin(), (*back)[1].end()), other);
  const std::size_t sets = 6 + 2 + sps.size() + 2 + other.size();
  for (std::size_t length = 0; length < sets; ++length)
    EXPECT_FALSE(sps_of_avcc(Bytes(record).first(length))) << length;
}

}  // namespace
}  // namespace greffe::media
