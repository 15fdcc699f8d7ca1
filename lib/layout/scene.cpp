#include "layout/scene.h"

#include <array>

#include "json/reader.h"

namespace greffe::layout {
namespace {

using json::Array;
using json::Object;
using json::Reader;
using json::Value;

constexpr std::string_view Schema = "greffe.scenes/1";
constexpr std::size_t MaxScenes = 1'000'000;

struct KindName {
  TileKind kind;
  std::string_view name;
};
constexpr std::array KindNames{KindName{TileKind::Camera, "camera"}, KindName{TileKind::Screen, "screen"},
                               KindName{TileKind::Placeholder, "placeholder"}};

std::string_view name_of(TileKind kind) {
  for (const KindName& known : KindNames)
    if (known.kind == kind) return known.name;
  return "placeholder";
}

void set_sides(Object& object, const Rectangle& area) {
  object.set("x", area.x).set("y", area.y).set("width", area.width).set("height", area.height);
}

Value to_json(const Tile& tile) {
  Object object{{"participant", tile.participant}, {"track", tile.track}, {"kind", name_of(tile.kind)}};
  set_sides(object, tile.area);
  object.set("z", tile.z);
  Object picture;
  set_sides(picture, tile.picture);
  object.set("picture", std::move(picture));
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

// Meeting times up to a hundred years: far from where nanoseconds overflow.
constexpr std::int64_t MaxMs = 3'155'760'000'000;

MeetingTime time_of(Reader& reader, std::string_view name) {
  const std::int64_t ms = reader.integer(name);
  if (ms < 0 || ms > MaxMs) reader.refuse(name, "not a time of a meeting");
  return MeetingTime(std::chrono::milliseconds(std::clamp<std::int64_t>(ms, 0, MaxMs)));
}

int side_of(Reader& reader, std::string_view name, std::int64_t low, std::int64_t high) {
  const std::int64_t value = reader.integer(name);
  if (value % 2 != 0) reader.refuse(name, fmt::format("{} is not even", value));
  if (value < low || value > high)
    reader.refuse(name, fmt::format("{} is not within {} to {}", value, low, high));
  return static_cast<int>(std::clamp(value, low, high));
}

Rectangle rectangle_of(Reader& reader, const Rectangle& inside) {
  Rectangle area;
  area.x = side_of(reader, "x", inside.x, inside.x + inside.width - 2);
  area.y = side_of(reader, "y", inside.y, inside.y + inside.height - 2);
  area.width = side_of(reader, "width", 2, inside.x + inside.width - area.x);
  area.height = side_of(reader, "height", 2, inside.y + inside.height - area.y);
  return area;
}

std::vector<TimeRange> highlights_of(Reader& reader) {
  std::vector<TimeRange> ranges;
  for (const Value& pair : reader.array("highlight")) {
    const Array* ends = pair.find_array();
    const bool two = ends && ends->size() == 2 && (*ends)[0].find_integer() && (*ends)[1].find_integer();
    const std::int64_t start = two ? *(*ends)[0].find_integer() : 0;
    const std::int64_t end = two ? *(*ends)[1].find_integer() : 0;
    if (!two || start < 0 || end <= start || end > MaxMs) {
      reader.refuse("highlight", "expected pairs [start_ms, end_ms]");
      return {};
    }
    ranges.push_back(
        {MeetingTime(std::chrono::milliseconds(start)), MeetingTime(std::chrono::milliseconds(end))});
  }
  return ranges;
}

Result<Tile> tile_of(const Value& value, const std::string& place, const Rectangle& canvas) {
  Reader reader(value, place);
  Tile tile;
  tile.participant = reader.text("participant");
  tile.track = reader.find_text("track").value_or("");
  const std::string kind = reader.text("kind");
  bool known = false;
  for (const KindName& name : KindNames) {
    if (name.name != kind) continue;
    tile.kind = name.kind;
    known = true;
  }
  if (!known) reader.refuse("kind", fmt::format("\"{}\" is none of camera, screen, placeholder", kind));
  if (known && (tile.kind == TileKind::Placeholder) != tile.track.empty())
    reader.refuse("track", "cameras and screens have one, placeholders none");
  tile.area = rectangle_of(reader, canvas);
  tile.z = static_cast<int>(std::clamp<std::int64_t>(reader.find_integer("z").value_or(0), -1000, 1000));
  tile.highlights = highlights_of(reader);
  GREFFE_CHECK(reader.status());
  if (const Value* picture = reader.find("picture")) {
    Reader sides(*picture, reader.place_of("picture"));
    tile.picture = rectangle_of(sides, tile.area);
    GREFFE_CHECK(sides.status());
  } else {
    tile.picture = tile.area;
  }
  return tile;
}

Result<Scene> scene_of(const Value& value, const std::string& place, const Rectangle& canvas) {
  Reader reader(value, place);
  Scene scene;
  scene.range = {time_of(reader, "start_ms"), time_of(reader, "end_ms")};
  if (scene.range.empty()) reader.refuse("end_ms", "not after start_ms");
  scene.layout = reader.find_text("layout").value_or("");
  scene.reason = reader.find_text("reason").value_or("");
  std::size_t index = 0;
  for (const Value& tile : reader.array("tiles")) {
    GREFFE_TRY(Tile read, tile_of(tile, fmt::format("{}.tiles[{}]", place, index++), canvas));
    scene.tiles.push_back(std::move(read));
  }
  if (scene.tiles.size() > 1024) reader.refuse("tiles", "more than 1024");
  GREFFE_CHECK(reader.status());
  return scene;
}

}  // namespace

Value to_json(const ScenePlan& plan) {
  Array scenes;
  for (const Scene& scene : plan.scenes) scenes.push_back(to_json(scene));
  return Object{{"schema", Schema},
                {"meeting", plan.meeting},
                {"canvas", Object{{"width", plan.width}, {"height", plan.height}}},
                {"scenes", std::move(scenes)}};
}

Result<ScenePlan> scene_plan_of(const Value& value) {
  Reader reader(value, "");
  if (reader.text("schema") != Schema) reader.refuse("schema", fmt::format("expected \"{}\"", Schema));
  ScenePlan plan;
  plan.meeting = reader.find_text("meeting").value_or("");
  const Value* canvas = reader.find("canvas");
  if (!canvas) reader.refuse("canvas", "missing");
  GREFFE_CHECK(reader.status());

  Reader sides(*canvas, "canvas");
  plan.width = side_of(sides, "width", 64, 8192);
  plan.height = side_of(sides, "height", 64, 8192);
  GREFFE_CHECK(sides.status());

  const Array& scenes = reader.array("scenes");
  if (scenes.empty()) reader.refuse("scenes", "there is none");
  if (scenes.size() > MaxScenes) reader.refuse("scenes", "too many");
  GREFFE_CHECK(reader.status());
  MeetingTime next{};
  for (std::size_t i = 0; i < scenes.size(); ++i) {
    const std::string place = fmt::format("scenes[{}]", i);
    GREFFE_TRY(Scene scene, scene_of(scenes[i], place, {0, 0, plan.width, plan.height}));
    if (scene.range.start != next)
      return fail("{}.start_ms: {} does not follow on from {}", place, whole_ms(scene.range.start),
                  whole_ms(next));
    next = scene.range.end;
    plan.scenes.push_back(std::move(scene));
  }
  return plan;
}

}  // namespace greffe::layout
