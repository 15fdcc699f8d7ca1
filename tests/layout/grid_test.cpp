#include "layout/grid.h"

#include <gtest/gtest.h>

namespace greffe::layout {
namespace {

const Rectangle Hd{0, 0, 1280, 720};

std::vector<Aspect> wide(std::size_t count) { return std::vector<Aspect>(count, Aspect{16, 9}); }

std::vector<Rectangle> grid_tiles(const Rectangle& area, std::span<const Aspect> pictures) {
  const GridShape shape = best_grid(area, pictures);
  return grid_cells(area, shape, pictures.size(), grid_step(area, shape, pictures));
}

bool apart(const Rectangle& a, const Rectangle& b) {
  return a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
}

TEST(Grid, FillsTheCanvasBest) {
  struct Case {
    std::size_t count;
    GridShape shape;
  };
  for (const auto& [count, shape] :
       {Case{1, {1, 1}}, Case{2, {1, 2}}, Case{3, {2, 2}}, Case{4, {2, 2}}, Case{5, {2, 3}}, Case{6, {2, 3}},
        Case{9, {3, 3}}, Case{10, {3, 4}}, Case{16, {4, 4}}, Case{49, {7, 7}}})
    EXPECT_EQ(best_grid(Hd, wide(count)), shape) << count;
}

TEST(Grid, UprightPicturesStandSideBySide) {
  const std::vector<Aspect> phones(3, Aspect{9, 16});
  EXPECT_EQ(best_grid(Hd, phones), (GridShape{1, 3}));
}

TEST(Grid, TilesAreEvenApartAndInside) {
  for (std::size_t count = 1; count <= MaxTiles; ++count) {
    for (const Rectangle& canvas :
         {Hd, Rectangle{0, 0, 854, 480}, Rectangle{0, 0, 640, 360}, Rectangle{0, 0, 64, 64}}) {
      const std::vector<Rectangle> tiles = grid_tiles(canvas, wide(count));
      ASSERT_EQ(tiles.size(), count);
      for (std::size_t i = 0; i < count; ++i) {
        const Rectangle& tile = tiles[i];
        EXPECT_EQ((tile.x | tile.y | tile.width | tile.height) & 1, 0);
        EXPECT_TRUE(tile.x >= 0 && tile.y >= 0 && tile.width > 0 && tile.height > 0);
        EXPECT_TRUE(tile.x + tile.width <= canvas.width && tile.y + tile.height <= canvas.height);
        for (std::size_t k = 0; k < i; ++k)
          EXPECT_TRUE(apart(tile, tiles[k])) << count << ": " << i << ", " << k;
      }
    }
  }
}

TEST(Grid, LastRowIsCentred) {
  const std::vector<Rectangle> tiles = grid_tiles(Hd, wide(3));
  EXPECT_EQ(tiles[2].x + tiles[2].width / 2, 640);
  EXPECT_GT(tiles[2].y, tiles[0].y);
}

TEST(Grid, EdgesFallOnBlocksWhereItCostsNothing) {
  // Upright pictures are as high as the canvas; the columns between them may move.
  for (const Rectangle& tile : grid_tiles(Hd, std::vector<Aspect>(3, Aspect{9, 16})))
    EXPECT_EQ(tile.x % 16, 0);
  // Wide ones would get smaller.
  for (const Rectangle& tile : grid_tiles(Hd, wide(9))) EXPECT_EQ(fitted({16, 9}, tile).width, 426);
}

TEST(Fitted, KeepsTheAspectRatioOnEvenPixels) {
  EXPECT_EQ(fitted({640, 360}, Hd), Hd);
  EXPECT_EQ(fitted({640, 480}, Hd), (Rectangle{160, 0, 960, 720}));
  EXPECT_EQ(fitted({360, 640}, {100, 50, 400, 400}), (Rectangle{186, 50, 226, 400}));
  EXPECT_EQ(fitted({8192, 1}, {0, 0, 64, 64}), (Rectangle{0, 30, 64, 2}));
}

TEST(Aspect, RoundingIsNoChange) {
  EXPECT_TRUE((Aspect{640, 360}.same_as({426, 240})));
  EXPECT_FALSE((Aspect{640, 360}.same_as({480, 360})));
}

}  // namespace
}  // namespace greffe::layout
