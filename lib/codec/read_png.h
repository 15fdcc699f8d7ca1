// A PNG file of a user as pixels with transparency.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace greffe::codec {

// Red, green, blue and alpha (0 clear … 255), row by row without padding.
struct RgbaPicture {
  int width_px = 0;
  int height_px = 0;
  std::vector<std::uint8_t> rgba;
};

// Of 8 bits a channel: RGB, RGBA, grey, grey with alpha, or a palette. Refuses what is larger than `most_px`
// a side before it is decoded.
Result<RgbaPicture> read_png(std::string_view bytes, int most_px);

}  // namespace greffe::codec
