#include "layout/steadiness.h"

#include <cmath>
#include <map>
#include <utility>

namespace greffe::layout {
namespace {

// Whose tile it is: a participant has one for themselves and one for a screen.
using Holder = std::pair<std::string_view, bool>;

struct Stay {
  Rectangle area;
  MeetingTime start{};
};
using Stays = std::map<Holder, Stay>;

void end_stay(const Stay& stay, MeetingTime end, bool at_end_of_plan, Steadiness& steadiness) {
  const Duration length = end - stay.start;
  ++steadiness.stays;
  steadiness.all_stays += length;
  if (at_end_of_plan) return;
  if (steadiness.shortest_stay == Duration::zero() || length < steadiness.shortest_stay)
    steadiness.shortest_stay = length;
}

}  // namespace

double Steadiness::moves_per_minute() const {
  const double minutes = std::chrono::duration<double, std::ratio<60>>(length).count();
  return minutes > 0 ? std::round(static_cast<double>(moves) / minutes * 100) / 100 : 0;
}

Duration Steadiness::mean_stay() const { return stays > 0 ? all_stays / stays : Duration::zero(); }

Steadiness steadiness_of(const ScenePlan& plan) {
  Steadiness steadiness;
  if (plan.scenes.empty()) return steadiness;
  steadiness.length = plan.scenes.back().range.end - plan.scenes.front().range.start;
  Stays stays;
  for (const Scene& scene : plan.scenes) {
    Stays now;
    for (const Tile& tile : scene.tiles) {
      const Holder holder{tile.participant, tile.kind == TileKind::Screen};
      const auto before = stays.find(holder);
      const bool stayed = before != stays.end() && before->second.area == tile.area;
      if (before != stays.end() && !stayed) ++steadiness.moves;
      now.emplace(holder, Stay{tile.area, stayed ? before->second.start : scene.range.start});
    }
    for (const auto& [holder, stay] : stays) {
      const auto after = now.find(holder);
      if (after == now.end() || after->second.area != stay.area)
        end_stay(stay, scene.range.start, false, steadiness);
    }
    stays = std::move(now);
  }
  for (const auto& [holder, stay] : stays) end_stay(stay, plan.scenes.back().range.end, true, steadiness);
  return steadiness;
}

}  // namespace greffe::layout
