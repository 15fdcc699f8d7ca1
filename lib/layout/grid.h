// The grid: equal tiles that show the pictures as large as the canvas allows.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "layout/scene.h"

namespace greffe::layout {

// Width to height of a picture as it is shown, after rotation. Both at least 1.
struct Aspect {
  int width = 16;
  int height = 9;
  // Equal as ratios, but for what rounding to whole pixels does (within 1 %).
  bool same_as(const Aspect& other) const;
};

struct GridShape {
  int rows = 1;
  int columns = 1;
  bool operator==(const GridShape&) const = default;
};

// Seen at once unless more are asked for, and the most that can be.
constexpr std::size_t UsualTiles = 49;
constexpr std::size_t MaxTiles = 100;

// Of a tile in a grid, in pixels.
constexpr int SmallestTile = 4;

// At most so many; 0: as many as it takes.
struct GridLimits {
  int rows = 0;
  int columns = 0;
  bool operator==(const GridLimits&) const = default;
};

// The largest rectangle of this aspect ratio inside `area`: even sides, centred, offsets rounded down to
// even.
Rectangle fitted(Aspect aspect, const Rectangle& area);

// The sum of the areas of pictures in the middle of their tiles.
std::int64_t shown_area(std::span<const Rectangle> tiles, std::span<const Aspect> pictures);

// Rows and columns that give the pictures the largest sum of areas; of equals the one with fewer empty cells,
// then the wider. 1 to MaxTiles pictures, no more than the limits allow.
GridShape best_grid(const Rectangle& area, std::span<const Aspect> pictures, GridLimits limits = {});

// The first `count` cells of a grid, row by row, the last row centred. Edges are even and multiples of
// `step`.
std::vector<Rectangle> grid_cells(const Rectangle& area, GridShape shape, std::size_t count, int step);

// 16, the blocks of the encoder, where no picture gets smaller by it; else 2.
int grid_step(const Rectangle& area, GridShape shape, std::span<const Aspect> pictures);

}  // namespace greffe::layout
