#include "layout/scene.h"

#include "layout/scene_names.h"
#include "layout/steadiness.h"

namespace greffe::layout {
namespace {

using json::Array;
using json::Object;
using json::Value;

void set_sides(Object& object, const Rectangle& area) {
  object.set("x", area.x).set("y", area.y).set("width", area.width).set("height", area.height);
}

Value to_json(const Tile& tile) {
  Object object{{"participant", tile.participant}, {"track", tile.track}, {"kind", name_of(tile.kind)}};
  if (tile.label) object.set("label", *tile.label);
  set_sides(object, tile.area);
  object.set("z", tile.z);
  Object picture;
  set_sides(picture, tile.picture);
  object.set("picture", std::move(picture));
  if (tile.crop != Crop{})
    object.set("crop", Object{{"left", tile.crop.left},
                              {"top", tile.crop.top},
                              {"right", tile.crop.right},
                              {"bottom", tile.crop.bottom}});
  Array highlights;
  for (const TimeRange& range : tile.highlights)
    highlights.push_back(Array{whole_ms(range.start), whole_ms(range.end)});
  object.set("highlight", std::move(highlights));
  return object;
}

Value to_json(const Scene& scene) {
  Array tiles;
  for (const Tile& tile : scene.tiles) tiles.push_back(to_json(tile));
  return Object{{"start_ms", whole_ms(scene.range.start)},
                {"end_ms", whole_ms(scene.range.end)},
                {"layout", scene.layout},
                {"reason", scene.reason},
                {"tiles", std::move(tiles)}};
}

Value to_json(const Steadiness& steadiness) {
  return Object{{"moves", steadiness.moves},
                {"moves_per_minute", steadiness.moves_per_minute()},
                {"mean_stay_ms", whole_ms(steadiness.mean_stay())},
                {"shortest_stay_ms", whole_ms(steadiness.shortest_stay)}};
}

}  // namespace

std::string_view name_of(TileKind kind) {
  for (const KindName& known : KindNames)
    if (known.kind == kind) return known.name;
  return "placeholder";
}

Value to_json(const ScenePlan& plan) {
  Array scenes;
  for (const Scene& scene : plan.scenes) scenes.push_back(to_json(scene));
  Object document{{"schema", ScenesSchema},
                  {"meeting", plan.meeting},
                  {"canvas", Object{{"width", plan.width}, {"height", plan.height}}},
                  {"steadiness", to_json(steadiness_of(plan))}};
  if (!plan.chapters.empty()) {
    Array chapters;
    for (const Chapter& chapter : plan.chapters)
      chapters.push_back(Object{{"start_ms", whole_ms(chapter.start)}, {"title", chapter.title}});
    document.set("chapters", std::move(chapters));
  }
  document.set("scenes", std::move(scenes));
  return document;
}

}  // namespace greffe::layout
