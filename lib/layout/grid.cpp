#include "layout/grid.h"

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <cstdlib>

namespace greffe::layout {
namespace {

int even(int value) { return value & ~1; }

// Nearest even number to numerator / denominator, both positive.
int nearest_even(std::int64_t numerator, std::int64_t denominator) {
  return static_cast<int>((numerator + denominator) / (2 * denominator) * 2);
}

// Where column or row `index` of `count` begins, relative to the area: rounded to the nearest multiple of
// `step`.
int edge(int length, int count, int index, int step) {
  if (index == count) return even(length);
  const std::int64_t exact = std::int64_t{length} * index;
  return static_cast<int>((2 * exact / count + step) / (2 * step) * step);
}

std::int64_t shown_area(Aspect aspect, const Rectangle& tile) {
  const Rectangle picture = fitted(aspect, tile);
  return std::int64_t{picture.width} * picture.height;
}

bool any_smaller(const std::vector<Rectangle>& tiles, const std::vector<Rectangle>& than,
                 std::span<const Aspect> pictures) {
  for (std::size_t i = 0; i < tiles.size(); ++i)
    if (shown_area(pictures[i], tiles[i]) < shown_area(pictures[i], than[i])) return true;
  return false;
}

}  // namespace

bool Aspect::same_as(const Aspect& other) const {
  const std::int64_t mine = std::int64_t{width} * other.height;
  const std::int64_t theirs = std::int64_t{other.width} * height;
  return 100 * std::abs(mine - theirs) <= std::max(mine, theirs);
}

Rectangle fitted(Aspect aspect, const Rectangle& area) {
  const std::int64_t by_height = std::int64_t{area.height} * aspect.width;
  const std::int64_t by_width = std::int64_t{area.width} * aspect.height;
  Rectangle picture;
  picture.width = std::clamp(by_height < by_width ? nearest_even(by_height, aspect.height) : even(area.width),
                             2, std::max(2, even(area.width)));
  picture.height = std::clamp(by_height < by_width ? even(area.height) : nearest_even(by_width, aspect.width),
                              2, std::max(2, even(area.height)));
  picture.x = area.x + even((area.width - picture.width) / 2);
  picture.y = area.y + even((area.height - picture.height) / 2);
  return picture;
}

std::int64_t shown_area(std::span<const Rectangle> tiles, std::span<const Aspect> pictures) {
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < tiles.size(); ++i) sum += shown_area(pictures[i], tiles[i]);
  return sum;
}

std::vector<Rectangle> grid_cells(const Rectangle& area, GridShape shape, std::size_t count, int step) {
  std::vector<Rectangle> tiles;
  for (std::size_t index = 0; index < count; ++index) {
    const int row = static_cast<int>(index) / shape.columns;
    const int column = static_cast<int>(index) % shape.columns;
    const int in_row = std::min(shape.columns, static_cast<int>(count) - row * shape.columns);
    const int left = edge(area.width, shape.columns, column, step);
    const int right = edge(area.width, shape.columns, column + 1, step);
    const int top = edge(area.height, shape.rows, row, step);
    const int bottom = edge(area.height, shape.rows, row + 1, step);
    const int indent = (area.width - edge(area.width, shape.columns, in_row, step)) / 2 / step * step;
    tiles.push_back({area.x + indent + left, area.y + top, right - left, bottom - top});
  }
  return tiles;
}

GridShape best_grid(const Rectangle& area, std::span<const Aspect> pictures, GridLimits limits) {
  assert(!pictures.empty() && pictures.size() <= MaxTiles);
  const int count = static_cast<int>(pictures.size());
  const int widest = limits.columns > 0 ? std::min(count, limits.columns) : count;
  const int narrowest = limits.rows > 0 ? (count + limits.rows - 1) / limits.rows : 1;
  GridShape best;
  std::int64_t best_area = -1;
  for (int columns = std::max(widest, narrowest); columns >= narrowest; --columns) {
    const GridShape shape{(count + columns - 1) / columns, columns};
    const std::int64_t shown = shown_area(grid_cells(area, shape, pictures.size(), 2), pictures);
    const bool fewer_empty = shape.rows * shape.columns < best.rows * best.columns;
    if (shown > best_area || (shown == best_area && fewer_empty)) {
      best = shape;
      best_area = shown;
    }
  }
  return best;
}

int grid_step(const Rectangle& area, GridShape shape, std::span<const Aspect> pictures) {
  if (area.width / shape.columns < 16 || area.height / shape.rows < 16) return 2;
  const std::vector<Rectangle> exact = grid_cells(area, shape, pictures.size(), 2);
  const std::vector<Rectangle> aligned = grid_cells(area, shape, pictures.size(), 16);
  return any_smaller(aligned, exact, pictures) ? 2 : 16;
}

}  // namespace greffe::layout
