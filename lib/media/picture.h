// One decoded image: planar YUV 4:2:0, 8 bits.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "media/coded_frame.h"

namespace greffe::media {

enum class ColourMatrix : std::uint8_t { Bt601, Bt709 };

// A plane that somebody else owns.
struct PlaneView {
  const std::uint8_t* pixels = nullptr;
  std::ptrdiff_t stride = 0;  // bytes from one row to the next
  int width_px = 0;
  int height_px = 0;
};

// A decoded picture as the decoder left it. The planes live as long as `keeper`; copies share them.
// Chroma planes are (width+1)/2 by (height+1)/2.
struct Picture {
  PlaneView y, u, v;
  PictureSize size;
  ColourMatrix matrix = ColourMatrix::Bt601;
  bool full_range = false;
  std::shared_ptr<const void> keeper;
};

}  // namespace greffe::media
