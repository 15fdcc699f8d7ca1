#include "canvas/canvas.h"

#include <gtest/gtest.h>

namespace greffe::canvas {
namespace {

using layout::Rectangle;

std::uint8_t luma(const Canvas& canvas, int x, int y) {
  const media::Picture picture = canvas.picture();
  return picture.y.pixels[y * picture.y.stride + x];
}
std::uint8_t blue(const Canvas& canvas, int x, int y) {
  const media::Picture picture = canvas.picture();
  return picture.u.pixels[y / 2 * picture.u.stride + x / 2];
}

// Four quarters of 50, 100, 150, 200 from the top left on, row by row.
Canvas quarters(int width, int height) {
  Canvas canvas(width, height);
  const int w = width / 2, h = height / 2;
  canvas.fill({0, 0, w, h}, {50, 128, 128});
  canvas.fill({w, 0, w, h}, {100, 128, 128});
  canvas.fill({0, h, w, h}, {150, 128, 128});
  canvas.fill({w, h, w, h}, {200, 90, 128});
  return canvas;
}

TEST(Canvas, DrawsOnlyWhereItIsTold) {
  const Canvas source = quarters(64, 32);
  Canvas canvas(128, 64);
  canvas.draw(source.picture(), {}, {32, 16, 64, 32});
  EXPECT_EQ(luma(canvas, 31, 20), 16);
  EXPECT_EQ(luma(canvas, 32, 16), 50);
  EXPECT_EQ(luma(canvas, 95, 47), 200);
  EXPECT_EQ(blue(canvas, 95, 47), 90);
  EXPECT_EQ(luma(canvas, 96, 47), 16);
}

TEST(Canvas, ScalesUpAndDown) {
  const Canvas source = quarters(64, 64);
  for (const int side : {16, 40, 64, 100}) {
    Canvas canvas(100, 100);
    canvas.draw(source.picture(), {}, {0, 0, side, side});
    EXPECT_EQ(luma(canvas, 1, 1), 50) << side;
    EXPECT_EQ(luma(canvas, side - 2, 1), 100) << side;
    EXPECT_EQ(luma(canvas, 1, side - 2), 150) << side;
    EXPECT_EQ(luma(canvas, side - 2, side - 2), 200) << side;
  }
}

TEST(Canvas, R35_OddSizesKeepTheirLastRowAndColumn) {
  std::vector<std::uint8_t> y(33 * 17, 80), c(17 * 9, 120);
  media::Picture odd;
  odd.y = {y.data(), 33, 33, 17};
  odd.u = odd.v = {c.data(), 17, 17, 9};
  odd.size = {33, 17};
  Canvas canvas(64, 64);
  canvas.draw(odd, {}, {0, 0, 64, 32});
  EXPECT_EQ(luma(canvas, 63, 31), 80);
  EXPECT_EQ(blue(canvas, 63, 31), 120);
}

TEST(Canvas, R38_TurnsAndMirrors) {
  struct Case {
    media::Orientation orientation;
    std::array<int, 4> corners;  // top left, top right, bottom left, bottom right
  };
  const Canvas source = quarters(64, 32);
  for (const auto& [orientation, corners] :
       {Case{{90, false}, {150, 50, 200, 100}}, Case{{180, false}, {200, 150, 100, 50}},
        Case{{270, false}, {100, 200, 50, 150}}, Case{{0, true}, {100, 50, 200, 150}},
        Case{{90, true}, {200, 100, 150, 50}}}) {
    Canvas canvas(64, 64);
    const bool side = orientation.rotation_deg % 180 != 0;
    const Rectangle where{0, 0, side ? 32 : 64, side ? 64 : 32};
    canvas.draw(source.picture(), orientation, where);
    EXPECT_EQ(luma(canvas, 1, 1), corners[0]) << orientation.rotation_deg;
    EXPECT_EQ(luma(canvas, where.width - 2, 1), corners[1]) << orientation.rotation_deg;
    EXPECT_EQ(luma(canvas, 1, where.height - 2), corners[2]) << orientation.rotation_deg;
    EXPECT_EQ(luma(canvas, where.width - 2, where.height - 2), corners[3]) << orientation.rotation_deg;
  }
}

TEST(Canvas, BlendsByCoverAndCutsAtTheEdge) {
  Canvas canvas(64, 64);
  canvas.fill({0, 0, 64, 64}, {100, 128, 128});
  Overlay overlay{16,
                  16,
                  std::vector<std::uint8_t>(256, 200),
                  std::vector<std::uint8_t>(256, 255),
                  std::vector<std::uint8_t>(64, 60),
                  std::vector<std::uint8_t>(64, 128),
                  std::vector<std::uint8_t>(64, 0)};
  std::fill(overlay.y_cover.begin(), overlay.y_cover.begin() + 16, std::uint8_t{128});
  canvas.blend(overlay, 56, -8);
  EXPECT_EQ(luma(canvas, 63, 7), 200);
  EXPECT_EQ(luma(canvas, 55, 0), 100);
  EXPECT_EQ(blue(canvas, 63, 7), 128);
  canvas.blend(overlay, 0, 20);
  EXPECT_EQ(luma(canvas, 0, 20), 150);
}

TEST(Canvas, BorderLiesInside) {
  Canvas canvas(64, 64);
  canvas.draw_border({16, 16, 32, 32}, 2, {200, 128, 128});
  EXPECT_EQ(luma(canvas, 16, 30), 200);
  EXPECT_EQ(luma(canvas, 15, 30), 16);
  EXPECT_EQ(luma(canvas, 18, 30), 16);
  EXPECT_EQ(luma(canvas, 47, 30), 200);
  EXPECT_EQ(luma(canvas, 48, 30), 16);
}

}  // namespace
}  // namespace greffe::canvas
