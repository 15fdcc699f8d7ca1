// A small drawn thing with transparency: a label, initials, a caption. Drawn once, blended as often as
// needed.
#pragma once

#include <cstdint>
#include <vector>

namespace greffe::canvas {

// Limited-range BT.601, as decoded VP8 is.
struct Colour {
  std::uint8_t y = 16, u = 128, v = 128;
  bool operator==(const Colour&) const = default;
};

// Colours and how much of them covers what lies below (0 nothing … 255 all), all planes without padding.
// Width and height are even; chroma planes and their cover have half of both.
struct Overlay {
  int width_px = 0;
  int height_px = 0;
  std::vector<std::uint8_t> y, y_cover;
  std::vector<std::uint8_t> u, v, chroma_cover;

  bool empty() const { return width_px == 0 || height_px == 0; }
};

}  // namespace greffe::canvas
