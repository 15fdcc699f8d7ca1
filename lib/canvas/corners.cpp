#include "canvas/corners.h"

#include <algorithm>
#include <cmath>

namespace greffe::canvas {
namespace {

// How much of the pixel at this distance from the middle lies outside of a circle: 0 to 255.
int outside(double distance, int radius) {
  return static_cast<int>(std::lround(std::clamp(distance - radius + 0.5, 0.0, 1.0) * 255));
}

struct Pixel {
  Colour colour;
  std::uint8_t cover = 0;
};

// Of the upper left corner, whose middle is at (radius, radius); `scale` pixels of luma are one of the
// plane's.
Pixel pixel_at(int x, int y, int scale, int radius, int border, const Palette& palette) {
  const double across = radius - (x + 0.5) * scale, down = radius - (y + 0.5) * scale;
  const double distance = std::sqrt(across * across + down * down);
  const int out = outside(distance, radius);
  if (out > 0)
    return {out > 127 || border == 0 ? palette.background : palette.highlight,
            static_cast<std::uint8_t>(border == 0 ? out : 255)};
  const int ring = border == 0 ? 0 : outside(distance, radius - border);
  return {palette.highlight, static_cast<std::uint8_t>(ring)};
}

Overlay corner(bool right, bool below, int radius, int border, const Palette& palette) {
  Overlay made;
  made.width_px = made.height_px = radius;
  for (const int scale : {1, 2}) {
    const int side = radius / scale;
    for (int y = 0; y < side; ++y)
      for (int x = 0; x < side; ++x) {
        const Pixel pixel =
            pixel_at(right ? side - 1 - x : x, below ? side - 1 - y : y, scale, radius, border, palette);
        if (scale == 1) {
          made.y.push_back(pixel.colour.y);
          made.y_cover.push_back(pixel.cover);
        } else {
          made.u.push_back(pixel.colour.u);
          made.v.push_back(pixel.colour.v);
          made.chroma_cover.push_back(pixel.cover);
        }
      }
  }
  return made;
}

}  // namespace

Corners corners_of(int radius, int border, const Palette& palette) {
  return {radius,
          {corner(false, false, radius, border, palette), corner(true, false, radius, border, palette),
           corner(false, true, radius, border, palette), corner(true, true, radius, border, palette)}};
}

}  // namespace greffe::canvas
