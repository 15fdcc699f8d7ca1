// The grid: equal tiles that show the pictures as large as the canvas allows.
#pragma once

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

constexpr std::size_t MaxTiles = 49;

// The largest rectangle of this aspect ratio inside `area`: even sides, centred, offsets rounded down to
// even.
Rectangle fitted(Aspect aspect, const Rectangle& area);

// Rows and columns that give the pictures the largest sum of areas; of equals the one with fewer empty cells,
// then the wider. 1 to MaxTiles pictures.
GridShape best_grid(const Rectangle& area, std::span<const Aspect> pictures);

// One tile per picture, row by row, the last row centred. Edges are even, and multiples of 16 (the blocks of
// the encoder) where no picture gets smaller by it.
std::vector<Rectangle> grid_tiles(const Rectangle& area, std::span<const Aspect> pictures);

}  // namespace greffe::layout
