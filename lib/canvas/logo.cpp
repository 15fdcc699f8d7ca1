#include "canvas/logo.h"

#include <array>
#include <cassert>

namespace greffe::canvas {
namespace {

struct Rgba {
  int red = 0, green = 0, blue = 0, alpha = 0;
};

// Limited-range BT.601 (ITU-R BT.601-7 §2.5) in 16.16 fixed point, sums of four pixels too.
std::uint8_t luma(const Rgba& c) {
  return static_cast<std::uint8_t>(
      (16'829 * c.red + 33'039 * c.green + 6'416 * c.blue + (16 << 16) + 32'768) >> 16);
}
std::uint8_t blue_difference(const Rgba& c) {
  return static_cast<std::uint8_t>(
      (-9'714 * c.red - 19'070 * c.green + 28'784 * c.blue + (128 << 16) + 32'768) >> 16);
}
std::uint8_t red_difference(const Rgba& c) {
  return static_cast<std::uint8_t>(
      (28'784 * c.red - 24'103 * c.green - 4'681 * c.blue + (128 << 16) + 32'768) >> 16);
}

// Four pixels as one: each weighs as much as it covers.
Rgba mean(const std::array<Rgba, 4>& pixels) {
  Rgba sum;
  for (const Rgba& pixel : pixels) {
    sum.red += pixel.red * pixel.alpha;
    sum.green += pixel.green * pixel.alpha;
    sum.blue += pixel.blue * pixel.alpha;
    sum.alpha += pixel.alpha;
  }
  if (sum.alpha == 0) return {};
  return {sum.red / sum.alpha, sum.green / sum.alpha, sum.blue / sum.alpha, sum.alpha / 4};
}

}  // namespace

Overlay overlay_of_rgba(std::span<const std::uint8_t> rgba, int width_px, int height_px) {
  assert(rgba.size() == static_cast<std::size_t>(width_px) * static_cast<std::size_t>(height_px) * 4);
  const auto at = [&](int x, int y) -> Rgba {
    if (x >= width_px || y >= height_px) return {};
    const std::size_t place =
        (static_cast<std::size_t>(y) * static_cast<std::size_t>(width_px) + static_cast<std::size_t>(x)) * 4;
    return {rgba[place], rgba[place + 1], rgba[place + 2], rgba[place + 3]};
  };
  Overlay made;
  made.width_px = width_px + (width_px & 1);
  made.height_px = height_px + (height_px & 1);
  for (int y = 0; y < made.height_px; ++y)
    for (int x = 0; x < made.width_px; ++x) {
      made.y.push_back(luma(at(x, y)));
      made.y_cover.push_back(static_cast<std::uint8_t>(at(x, y).alpha));
    }
  for (int y = 0; y < made.height_px; y += 2)
    for (int x = 0; x < made.width_px; x += 2) {
      const Rgba pixel = mean({at(x, y), at(x + 1, y), at(x, y + 1), at(x + 1, y + 1)});
      made.u.push_back(blue_difference(pixel));
      made.v.push_back(red_difference(pixel));
      made.chroma_cover.push_back(static_cast<std::uint8_t>(pixel.alpha));
    }
  return made;
}

}  // namespace greffe::canvas
