#include "codec/jpeg.h"

#include <gtest/gtest.h>

namespace greffe::codec {
namespace {

media::Picture grey_picture(const std::vector<std::uint8_t>& pixels, int width_px, int height_px) {
  media::Picture picture;
  picture.size = {width_px, height_px};
  picture.y = {pixels.data(), width_px, width_px, height_px};
  picture.u = picture.v = {pixels.data(), width_px / 2, width_px / 2, height_px / 2};
  return picture;
}

TEST(Jpeg, IsAWholeFileAndTheSameEachTime) {
  const std::vector<std::uint8_t> grey(64 * 32, 128);
  const auto jpeg = write_jpeg(grey_picture(grey, 64, 32));
  ASSERT_TRUE(jpeg) << jpeg.error().message();
  ASSERT_GT(jpeg->size(), 4U);
  EXPECT_EQ((*jpeg)[0] << 8 | (*jpeg)[1], 0xffd8);
  EXPECT_EQ((*jpeg)[jpeg->size() - 2] << 8 | jpeg->back(), 0xffd9);
  EXPECT_EQ(*write_jpeg(grey_picture(grey, 64, 32)), *jpeg);
}

TEST(Jpeg, RefusesColoursThatItCannotName) {
  const std::vector<std::uint8_t> grey(64 * 32, 128);
  media::Picture picture = grey_picture(grey, 64, 32);
  picture.matrix = media::ColourMatrix::Bt709;
  EXPECT_FALSE(write_jpeg(picture));
}

TEST(Jpeg, RefusesASizeThatNoJpegHas) {
  const std::vector<std::uint8_t> grey(64, 128);
  media::Picture picture = grey_picture(grey, 64, 1);
  picture.size = {0, 0};
  EXPECT_FALSE(write_jpeg(picture));
}

}  // namespace
}  // namespace greffe::codec
