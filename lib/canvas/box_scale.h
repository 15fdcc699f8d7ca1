// Planes made much smaller, where the bilinear filter would pass over pixels.
#pragma once

#include "canvas/film_colours.h"
#include "media/picture.h"

namespace greffe::canvas {

// Each pixel of `to` is the mean of what it covers of `from`, in whole numbers (the weights of rows in parts
// of 256), so that it is the same everywhere. Neither side of `to` is longer than that of `from`, which is at
// most 8192.
void box_scale(const media::PlaneView& from, const PlaneRows& to);

}  // namespace greffe::canvas
