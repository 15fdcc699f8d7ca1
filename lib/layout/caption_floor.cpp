#include "layout/caption_floor.h"

#include <algorithm>
#include <cstdint>

namespace greffe::layout {
namespace {

// By area. Tiles of a grid, and people beside each other, are closer to one size.
constexpr int MainToSmall = 4;

std::int64_t size_of(const Tile& tile) { return std::int64_t{tile.area.width} * tile.area.height; }
int bottom_of(const Tile& tile) { return tile.area.y + tile.area.height; }

}  // namespace

int caption_floor(const Scene& scene, int canvas_height_px) {
  const auto main = std::max_element(scene.tiles.begin(), scene.tiles.end(),
                                     [](const Tile& a, const Tile& b) { return size_of(a) < size_of(b); });
  if (main == scene.tiles.end() || bottom_of(*main) < canvas_height_px / 2) return canvas_height_px;
  bool strip = false;
  for (const Tile& tile : scene.tiles) {
    if (tile.area.y < bottom_of(*main)) continue;
    if (size_of(*main) < MainToSmall * size_of(tile)) return canvas_height_px;
    strip = true;
  }
  return strip ? bottom_of(*main) : canvas_height_px;
}

}  // namespace greffe::layout
