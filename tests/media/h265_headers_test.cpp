#include "media/h265_headers.h"

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
  bool reorders;
};

// Made by x265 (Debian's libx265 3.5) from pictures of these sizes.
TEST(H265Sps, SaysTheSizesOfRealEncoders) {
  const SpsCase cases[] = {
      {"main",
       "42010101600000030090000003000003003ca00a080b9f7964a924caf0168080000003008000000c84",
       {320, 180},
       1,
       8,
       false},
      {"main 10",
       "420101022000000300900000030000030078a003c08010e4d96566924caf016808000003000800000300c840",
       {1920, 1080},
       1,
       10,
       true},
      {"4:2:2",
       "4201010408000003009d0800000300003cb00a480b9c97964a924caf016808000003000800000300c840",
       {322, 182},
       2,
       8,
       false},
  };
  for (const SpsCase& known : cases) {
    const auto sps = parse_h265_sps(from_hex(known.unit));
    ASSERT_TRUE(sps) << known.what;
    EXPECT_EQ(sps->size, known.size) << known.what << ' ' << sps->size.width_px << 'x' << sps->size.height_px;
    EXPECT_EQ(sps->chroma_format, known.chroma_format) << known.what;
    EXPECT_EQ(sps->luma_bits, known.bits) << known.what;
    EXPECT_EQ(sps->reorders, known.reorders) << known.what;
    EXPECT_EQ(sps->profile_tier_level[0] & 0x1F, known.unit[7] - '0') << known.what;
  }
}

TEST(H265Sps, PassesOverSubLayers) {
  for (unsigned layers = 1; layers <= 7; ++layers) {
    const auto sps = parse_h265_sps(test::h265_sps({.id = 5, .sub_layers = layers}));
    ASSERT_TRUE(sps) << layers;
    EXPECT_EQ(sps->size, (PictureSize{320, 180})) << layers;
    EXPECT_EQ(sps->id, 5);
    EXPECT_EQ(sps->temporal_layers, static_cast<int>(layers));
  }
}

TEST(H265Sps, R33_GiantAndImpossibleSizesAreSaidNotWrapped) {
  EXPECT_EQ(parse_h265_sps(test::h265_sps({.width = 65536, .height = 65536, .crop_bottom = 0}))->size,
            (PictureSize{65536, 65536}));
  EXPECT_EQ(parse_h265_sps(test::h265_sps({.width = 0xFFFFFFFE, .height = 0}))->size, (PictureSize{0, 0}));
}

TEST(H265Sps, EveryPrefixFails) {
  const Octets unit = test::h265_sps();
  for (std::size_t length = 0; length + 2 < unit.size(); ++length)
    EXPECT_FALSE(parse_h265_sps(Bytes(unit).first(length))) << length;
}

TEST(H265Headers, IdsBeyondTheirRangeFail) {
  EXPECT_TRUE(parse_h265_sps(test::h265_sps({.id = 15})));
  EXPECT_FALSE(parse_h265_sps(test::h265_sps({.id = 16})));
  EXPECT_TRUE(parse_h265_pps(test::h265_pps(63, 15)));
  EXPECT_FALSE(parse_h265_pps(test::h265_pps(64, 0)));
  EXPECT_FALSE(parse_h265_pps(test::h265_pps(0, 16)));
  EXPECT_FALSE(parse_h265_slice_header(test::h265_slice({.pps_id = 64})));
  EXPECT_EQ(parse_h265_vps_id(test::h265_vps(9)), 9);
  EXPECT_FALSE(parse_h265_vps_id(Octets{0x40, 0x01}));
}

TEST(H265SliceHeader, ReadsThroughTheFlagOfRandomAccessPoints) {
  for (const std::uint8_t type : {std::uint8_t{1}, std::uint8_t{19}, std::uint8_t{21}}) {
    const auto header =
        parse_h265_slice_header(test::h265_slice({.type = type, .first = type != 21, .pps_id = 6}));
    ASSERT_TRUE(header);
    EXPECT_EQ(header->first_of_picture, type != 21);
    EXPECT_EQ(header->pps_id, 6);
  }
}

TEST(Hvcc, HoldsTheSetsAndGivesThemBack) {
  const Octets vps = test::h265_vps(), sps = test::h265_sps(), pps = test::h265_pps();
  const auto record = hvcc_of(*parse_h265_sps(sps), {vps}, {sps}, {pps});
  ASSERT_GT(record.size(), 23u);
  EXPECT_EQ(record[0], 1);
  EXPECT_EQ(record[1], 1);    // Main profile
  EXPECT_EQ(record[12], 60);  // level 2
  EXPECT_EQ(record[21] & 3, 3);
  EXPECT_EQ(record[22], 3);
  const auto back = sps_of_hvcc(record);
  ASSERT_TRUE(back);
  ASSERT_EQ(back->size(), 1u);
  EXPECT_EQ(Octets((*back)[0].begin(), (*back)[0].end()), sps);
  for (std::size_t length = 0; length < record.size(); ++length)
    EXPECT_FALSE(sps_of_hvcc(Bytes(record).first(length))) << length;
}

}  // namespace
}  // namespace greffe::media
