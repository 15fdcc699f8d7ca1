#include "film/film_pan.h"

#include <cmath>

namespace greffe::film {
namespace {

constexpr double Width = 0.6;  // of the way to one side, for a tile that were nothing but the edge

const layout::Tile* tile_of(std::string_view participant, const layout::Scene& scene) {
  const layout::Tile* found = nullptr;
  for (const layout::Tile& tile : scene.tiles) {
    if (tile.participant != participant) continue;
    if (tile.kind != layout::TileKind::Screen) return &tile;
    if (!found) found = &tile;
  }
  return found;
}

// In hundredths, so that a plan that was written and read pans alike.
float position_of(const layout::Tile* tile, int canvas_width) {
  if (!tile) return 0;
  const double middle = (2.0 * tile->area.x + tile->area.width) / canvas_width - 1;  // -1 to 1
  return static_cast<float>(std::round(100 * Width * middle) / 100);
}

}  // namespace

std::vector<mixer::PanPoint> pan_of(std::string_view participant, const layout::ScenePlan& plan) {
  std::vector<mixer::PanPoint> points;
  for (const layout::Scene& scene : plan.scenes) {
    const float position = position_of(tile_of(participant, scene), plan.width);
    if (!points.empty() && points.back().position == position) continue;
    points.push_back({whole_ms(scene.range.start) * 48, position});
  }
  return points;
}

}  // namespace greffe::film
