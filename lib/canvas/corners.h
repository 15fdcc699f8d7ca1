// Rounded corners for tiles: drawn once, blended over each picture.
#pragma once

#include <array>

#include "canvas/overlay.h"
#include "canvas/palette.h"

namespace greffe::canvas {

// Upper left, upper right, lower left, lower right; squares of `radius` pixels, which is even.
struct Corners {
  int radius = 0;
  std::array<Overlay, 4> overlays;
};

// The background covers what lies outside of the round. A `border` of as many pixels goes on along it; 0:
// none.
Corners corners_of(int radius, int border, const Palette& palette);

}  // namespace greffe::canvas
