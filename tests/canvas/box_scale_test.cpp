#include "canvas/box_scale.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <random>

namespace greffe::canvas {
namespace {

struct Plane {
  int width, height;
  std::vector<std::uint8_t> pixels = std::vector<std::uint8_t>(static_cast<std::size_t>(width * height));

  media::PlaneView view() const { return {pixels.data(), width, width, height}; }
  PlaneRows rows() { return {pixels.data(), width, width, height}; }
  std::uint8_t at(int x, int y) const { return pixels[static_cast<std::size_t>(y * width + x)]; }
};

Plane noise(int width, int height) {
  Plane plane{width, height};
  std::minstd_rand random(7);
  for (std::uint8_t& pixel : plane.pixels) pixel = static_cast<std::uint8_t>(random() >> 8);
  return plane;
}

Plane scaled(const Plane& from, int width, int height) {
  Plane to{width, height};
  BoxScaler().scale(from.view(), to.rows());
  return to;
}

// How much of pixel k of a side lies under pixel i of a shorter one.
double covered(int k, int i, double ratio) {
  return std::max(0.0, std::min(k + 1.0, (i + 1) * ratio) - std::max<double>(k, i * ratio));
}

double mean_under(const Plane& from, const Plane& to, int x, int y) {
  const double wide = 1.0 * from.width / to.width, high = 1.0 * from.height / to.height;
  double sum = 0;
  for (int row = 0; row < from.height; ++row)
    if (const double part = covered(row, y, high); part > 0)
      for (int column = 0; column < from.width; ++column)
        sum += part * covered(column, x, wide) * from.at(column, row);
  return sum / (wide * high);
}

TEST(BoxScale, IsTheMeanOfWhatAPixelCovers) {
  struct Case {
    int width, height, to_width, to_height;
  };
  for (const auto& [width, height, to_width, to_height] :
       {Case{20, 10, 8, 4}, Case{64, 36, 18, 10}, Case{33, 17, 16, 8}, Case{31, 31, 2, 2}, Case{48, 48, 3, 3},
        Case{10, 10, 10, 10}, Case{9, 40, 9, 4}, Case{17, 13, 1, 1}}) {
    const Plane from = noise(width, height), to = scaled(from, to_width, to_height);
    for (int y = 0; y < to_height; ++y)
      for (int x = 0; x < to_width; ++x)
        EXPECT_NEAR(to.at(x, y), mean_under(from, to, x, y), 1.5) << width << " → " << to_width;
  }
}

TEST(BoxScale, KeepsWhatIsTheSameAllOver) {
  for (const int value : {0, 1, 16, 127, 128, 235, 254, 255}) {
    for (const auto& [width, height] : {std::pair{7, 3}, {320, 180}, {8192, 2}, {2, 8192}}) {
      Plane from{width, height};
      std::fill(from.pixels.begin(), from.pixels.end(), static_cast<std::uint8_t>(value));
      for (const int part : {1, 2, 3, 100}) {
        const Plane to = scaled(from, std::max(1, width / part - 1), std::max(1, height / part - 1));
        for (const std::uint8_t pixel : to.pixels)
          ASSERT_EQ(pixel, value) << width << "x" << height << " / " << part;
      }
    }
  }
}

TEST(BoxScale, KeepsToRowsOfOtherStrides) {
  const Plane all = noise(40, 20);
  const media::PlaneView part{all.pixels.data() + 5, 40, 30, 20};
  Plane alone{30, 20};
  for (int y = 0; y < 20; ++y)
    for (int x = 0; x < 30; ++x) alone.pixels[static_cast<std::size_t>(y * 30 + x)] = all.at(x + 5, y);
  Plane canvas{16, 10};
  std::fill(canvas.pixels.begin(), canvas.pixels.end(), std::uint8_t{9});
  BoxScaler().scale(part, {canvas.pixels.data() + 16 + 2, 16, 12, 8});
  const Plane wanted = scaled(alone, 12, 8);
  for (int y = 0; y < 10; ++y)
    for (int x = 0; x < 16; ++x) {
      const bool inside = x >= 2 && x < 14 && y >= 1 && y < 9;
      EXPECT_EQ(canvas.at(x, y), inside ? wanted.at(x - 2, y - 1) : 9) << x << "," << y;
    }
}

TEST(BoxScale, IsTheSameForOneThatSawOtherSizes) {
  BoxScaler scaler;
  for (int round = 0; round < 2; ++round)
    for (int side = 1; side < 100; ++side) {
      const Plane from = noise(100, 99);
      Plane to{side, 100 - side};
      scaler.scale(from.view(), to.rows());
      ASSERT_EQ(to.pixels, scaled(from, side, 100 - side).pixels) << side;
    }
}

}  // namespace
}  // namespace greffe::canvas
