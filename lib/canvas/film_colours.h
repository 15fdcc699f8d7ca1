// What senders mean by their numbers → what a film means by its own: BT.601, 16 to 235.
#pragma once

#include <cstddef>

#include "media/picture.h"

namespace greffe::canvas {

// Rows of a plane that are changed in place.
struct PlaneRows {
  std::uint8_t* pixels = nullptr;
  std::ptrdiff_t stride = 0;
  int width_px = 0;
  int height_px = 0;
};

// Chroma planes have half of the luma's even sides. Does nothing to pixels that are as a film's.
void bring_to_film_colours(const PlaneRows& y, const PlaneRows& u, const PlaneRows& v,
                           media::ColourMatrix matrix, bool full_range);

}  // namespace greffe::canvas
