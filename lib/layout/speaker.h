// The speaker layout: one main tile and a strip of the others at its right.
#pragma once

#include <span>
#include <vector>

#include "layout/grid.h"

namespace greffe::layout {

// Tiles in the order of `pictures`, of which `main` has the main place. The strip is a fifth of the canvas;
// the others share it as a grid of their own. Alone, the main tile has the whole canvas.
std::vector<Rectangle> speaker_tiles(const Rectangle& canvas, std::span<const Aspect> pictures,
                                     std::size_t main);

}  // namespace greffe::layout
