#include "codec/read_png.h"

#include <gtest/gtest.h>

#include "codec/png.h"

namespace greffe::codec {
namespace {

std::string grey_png(int width_px, int height_px) {
  const std::vector<std::uint8_t> luma(static_cast<std::size_t>(width_px * height_px), 126),
      chroma(luma.size(), 128);
  media::Picture picture;
  picture.size = {width_px, height_px};
  picture.y = {luma.data(), width_px, width_px, height_px};
  picture.u = picture.v = {chroma.data(), width_px / 2, width_px / 2, height_px / 2};
  const auto png = write_png(picture);
  return {png->begin(), png->end()};
}

TEST(ReadPng, GivesThePixelsBack) {
  const auto read = read_png(grey_png(16, 8), 64);
  ASSERT_TRUE(read) << read.error().message();
  EXPECT_EQ(read->width_px, 16);
  EXPECT_EQ(read->height_px, 8);
  ASSERT_EQ(read->rgba.size(), 16U * 8 * 4);
  EXPECT_NEAR(read->rgba[0], 128, 2);
  EXPECT_EQ(read->rgba[3], 255);
}

TEST(ReadPng, RefusesWhatIsTooLarge) {
  EXPECT_EQ(read_png(grey_png(66, 8), 64).error().message(), "a side of 66 pixels, from 1 to 64 are allowed");
}

TEST(ReadPng, RefusesEveryPrefixOfTheFirstChunks) {
  const std::string png = grey_png(16, 8);
  for (std::size_t length = 0; length < 41; ++length)
    EXPECT_FALSE(read_png(png.substr(0, length), 64)) << length;
  for (std::size_t length = 41; length < png.size(); ++length) (void)read_png(png.substr(0, length), 64);
  EXPECT_FALSE(read_png("GIF89a" + png, 64));
}

}  // namespace
}  // namespace greffe::codec
