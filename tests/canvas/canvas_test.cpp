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

struct Triple {
  int y, u, v;
};

// What becomes of a picture of one colour.
Triple drawn_colour(Triple from, media::ColourMatrix matrix, bool full_range) {
  Canvas source(64, 32);
  source.fill({0, 0, 64, 32}, {static_cast<std::uint8_t>(from.y), static_cast<std::uint8_t>(from.u),
                               static_cast<std::uint8_t>(from.v)});
  media::Picture picture = source.picture();
  picture.matrix = matrix;
  picture.full_range = full_range;
  Canvas canvas(40, 40);
  canvas.draw(picture, {}, {4, 8, 32, 16});
  const media::Picture drawn = canvas.picture();
  EXPECT_EQ(drawn.y.pixels[7 * drawn.y.stride + 4], 16) << "outside";
  EXPECT_EQ(drawn.y.pixels[8 * drawn.y.stride + 36], 16) << "outside";
  EXPECT_EQ(drawn.u.pixels[4 * drawn.u.stride + 18], 128) << "outside";
  return {drawn.y.pixels[23 * drawn.y.stride + 35], drawn.u.pixels[11 * drawn.u.stride + 17],
          drawn.v.pixels[4 * drawn.v.stride + 2]};
}

void expect_colour(Triple is, Triple wanted, const char* what) {
  EXPECT_NEAR(is.y, wanted.y, 1) << what;
  EXPECT_NEAR(is.u, wanted.u, 1) << what;
  EXPECT_NEAR(is.v, wanted.v, 1) << what;
}

TEST(Canvas, ColoursOfBt709BecomeThoseOfBt601) {
  const auto drawn = [](Triple from) { return drawn_colour(from, media::ColourMatrix::Bt709, false); };
  expect_colour(drawn({63, 102, 240}), {81, 90, 240}, "red");
  expect_colour(drawn({173, 42, 26}), {145, 54, 34}, "green");
  expect_colour(drawn({32, 240, 118}), {41, 240, 110}, "blue");
  expect_colour(drawn({126, 128, 128}), {126, 128, 128}, "grey");
  expect_colour(drawn({235, 128, 128}), {235, 128, 128}, "white");
}

TEST(Canvas, FullRangeBecomes16To235) {
  const auto drawn = [](Triple from) { return drawn_colour(from, media::ColourMatrix::Bt601, true); };
  expect_colour(drawn({0, 128, 128}), {16, 128, 128}, "black");
  expect_colour(drawn({255, 128, 128}), {235, 128, 128}, "white");
  expect_colour(drawn({76, 85, 255}), {81, 90, 240}, "red");
  expect_colour(drawn_colour({54, 99, 255}, media::ColourMatrix::Bt709, true), {81, 90, 240},
                "red of BT.709");
}

TEST(Canvas, ColoursOfFilmsStayAsTheyAre) {
  for (int value = 0; value < 256; ++value) {
    const Triple same = drawn_colour({value, 255 - value, value}, media::ColourMatrix::Bt601, false);
    EXPECT_EQ(same.y, value);
    EXPECT_EQ(same.u, 255 - value);
    EXPECT_EQ(same.v, value);
  }
}

}  // namespace
}  // namespace greffe::canvas
