#include "layout/read_scenes.h"

#include <algorithm>

#include "layout/scene_names.h"

namespace greffe::layout {
namespace {

using json::Array;
using json::Mistake;
using json::Reader;
using json::Value;

constexpr std::size_t MaxScenes = 1'000'000;
constexpr std::size_t MaxTilesRead = 1024;
constexpr int LargestSide = 8192;
// Meeting times up to a hundred years: far from where nanoseconds overflow.
constexpr std::int64_t MaxMs = 3'155'760'000'000;

MeetingTime time_of_ms(std::int64_t ms) { return MeetingTime(std::chrono::milliseconds(ms)); }

MeetingTime time_of(Reader& reader, std::string_view name) {
  const std::int64_t ms = reader.integer(name);
  if (ms < 0 || ms > MaxMs) reader.refuse(name, "not a time of a meeting");
  return time_of_ms(std::clamp<std::int64_t>(ms, 0, MaxMs));
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

Crop crop_of(Reader& reader) {
  Crop crop;
  const auto side = [&](std::string_view name) {
    const std::int64_t value = reader.find_integer(name).value_or(0);
    if (value < 0 || value > 900) reader.refuse(name, fmt::format("{} is not within 0 to 900", value));
    return static_cast<int>(std::clamp<std::int64_t>(value, 0, 900));
  };
  crop = {side("left"), side("top"), side("right"), side("bottom")};
  if (crop.left + crop.right > 900) reader.refuse("right", "less than a tenth of the width is left");
  if (crop.top + crop.bottom > 900) reader.refuse("bottom", "less than a tenth of the height is left");
  return crop;
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
    if (!ranges.empty() && time_of_ms(start) < ranges.back().end) {
      reader.refuse("highlight", fmt::format("[{}, {}] begins before the pair ahead of it ends", start, end));
      return {};
    }
    ranges.push_back({time_of_ms(start), time_of_ms(end)});
  }
  return ranges;
}

TileKind kind_of(Reader& reader, const std::string& track) {
  const std::string kind = reader.text("kind");
  for (const KindName& known : KindNames) {
    if (known.name != kind) continue;
    if ((known.kind == TileKind::Placeholder) != track.empty())
      reader.refuse("track", "cameras and screens have one, placeholders none");
    return known.kind;
  }
  reader.refuse("kind", fmt::format("\"{}\" is none of camera, screen, placeholder", kind));
  return TileKind::Placeholder;
}

// Reads the document from top to bottom and collects what is wrong with it.
class ScenesReading {
 public:
  ScenesRead result;

  void read(const Value& value);

 private:
  // What a reader met, members without a meaning too; true when it was nothing.
  bool settle(Reader& reader) {
    for (const std::string& field : reader.unknown()) reader.refuse(field, "no field of a plan");
    result.mistakes.insert(result.mistakes.end(), reader.mistakes().begin(), reader.mistakes().end());
    return reader.mistakes().empty();
  }
  void read_canvas(Reader& document);
  void read_chapters(const Array& chapters);
  void read_scene(const Value& value, std::size_t index);
  bool read_tile(const Value& value, const std::string& place, Tile& tile);
  void read_tiles(Reader& reader, Scene& scene);

  Rectangle canvas_;
  MeetingTime next_{};
};

void ScenesReading::read(const Value& value) {
  Reader reader(value, "");
  if (reader.text("schema") != ScenesSchema)
    reader.refuse("schema", fmt::format("expected \"{}\"", ScenesSchema));
  result.plan.meeting = reader.find_text("meeting").value_or("");
  read_canvas(reader);
  static_cast<void>(reader.find("steadiness"));  // is told, not read
  const Array& chapters = reader.array("chapters");
  const Array& scenes = reader.array("scenes");
  if (scenes.empty()) reader.refuse("scenes", "there is none");
  const bool too_many = scenes.size() > MaxScenes || chapters.size() > MaxScenes;
  if (too_many) reader.refuse("scenes", "too many");
  settle(reader);
  if (too_many) return;
  read_chapters(chapters);
  for (std::size_t i = 0; i < scenes.size(); ++i) read_scene(scenes[i], i);
}

// Where it is wrong, tiles are held against the largest, so that their other mistakes are told, too.
void ScenesReading::read_canvas(Reader& document) {
  canvas_ = {0, 0, LargestSide, LargestSide};
  const Value* canvas = document.find("canvas");
  if (!canvas) return document.refuse("canvas", "missing");
  Reader sides(*canvas, "canvas");
  result.plan.width = side_of(sides, "width", 64, LargestSide);
  result.plan.height = side_of(sides, "height", 64, LargestSide);
  if (settle(sides)) canvas_ = {0, 0, result.plan.width, result.plan.height};
}

void ScenesReading::read_chapters(const Array& chapters) {
  MeetingTime earliest{};
  for (std::size_t i = 0; i < chapters.size(); ++i) {
    Reader reader(chapters[i], fmt::format("chapters[{}]", i));
    Chapter chapter{time_of(reader, "start_ms"), reader.text("title")};
    if (chapter.start < earliest) reader.refuse("start_ms", "before that of the chapter above");
    if (chapter.title.size() > LongestWords) reader.refuse("title", "too long");
    earliest = std::max(earliest, chapter.start);
    if (settle(reader)) result.plan.chapters.push_back(std::move(chapter));
  }
}

void ScenesReading::read_scene(const Value& value, std::size_t index) {
  Reader reader(value, fmt::format("scenes[{}]", index));
  Scene scene;
  scene.range = {time_of(reader, "start_ms"), time_of(reader, "end_ms")};
  if (scene.range.empty()) reader.refuse("end_ms", "not after start_ms");
  if (scene.range.start != next_)
    reader.refuse("start_ms",
                  fmt::format("{} does not follow on from {}", whole_ms(scene.range.start), whole_ms(next_)));
  next_ = scene.range.end;
  scene.layout = reader.find_text("layout").value_or("");
  scene.reason = reader.find_text("reason").value_or("");
  const bool many = reader.array("tiles").size() > MaxTilesRead;
  if (many) reader.refuse("tiles", fmt::format("more than {}", MaxTilesRead));
  settle(reader);
  if (!many) read_tiles(reader, scene);
  result.plan.scenes.push_back(std::move(scene));
}

void ScenesReading::read_tiles(Reader& reader, Scene& scene) {
  const Array& tiles = reader.array("tiles");
  std::vector<bool> sound;
  for (std::size_t i = 0; i < tiles.size(); ++i) {
    const std::string place = fmt::format("{}.tiles[{}]", reader.place(), i);
    Tile tile;
    sound.push_back(read_tile(tiles[i], place, tile));
    for (std::size_t k = 0; sound.back() && k < i; ++k) {
      if (!sound[k] || scene.tiles[k].z != tile.z || !scene.tiles[k].area.overlaps(tile.area)) continue;
      result.mistakes.push_back(
          {place,
           fmt::format("overlaps tiles[{}], and both have z {}: the one above needs a higher z", k, tile.z)});
      break;
    }
    scene.tiles.push_back(std::move(tile));
  }
}

bool ScenesReading::read_tile(const Value& value, const std::string& place, Tile& tile) {
  Reader reader(value, place);
  tile.participant = reader.text("participant");
  tile.track = reader.find_text("track").value_or("");
  tile.kind = kind_of(reader, tile.track);
  tile.label = reader.find_text("label");
  if (tile.label && tile.label->size() > LongestWords) reader.refuse("label", "too long");
  tile.area = rectangle_of(reader, canvas_);
  const std::int64_t z = reader.find_integer("z").value_or(0);
  if (z < -1000 || z > 1000) reader.refuse("z", fmt::format("{} is not within -1000 to 1000", z));
  tile.z = static_cast<int>(std::clamp<std::int64_t>(z, -1000, 1000));
  tile.highlights = highlights_of(reader);
  tile.picture = tile.area;
  const Value* picture = reader.find("picture");
  const Value* crop = reader.find("crop");
  if (!settle(reader)) return false;
  bool sound = true;
  if (picture) {
    Reader sides(*picture, reader.place_of("picture"));
    tile.picture = rectangle_of(sides, tile.area);
    sound = settle(sides);
  }
  if (crop) {
    Reader sides(*crop, reader.place_of("crop"));
    tile.crop = crop_of(sides);
    sound = settle(sides) && sound;
  }
  return sound;
}

std::string mistake_of_track(const Tile& tile, const timeline::Meeting& meeting) {
  if (tile.kind == TileKind::Placeholder || tile.track.empty()) return "";
  const timeline::TrackSidecar* track = meeting.find_track(tile.track);
  if (!track || media::facts_of(track->codec).kind != media::Kind::Video)
    return fmt::format("no video track \"{}\" in this meeting", tile.track);
  if (!tile.participant.empty() && track->participant != tile.participant)
    return fmt::format("\"{}\" is of {}", tile.track, track->participant);
  return "";
}

MeetingTime end_of(const timeline::Meeting& meeting) {
  MeetingTime end = meeting.end;
  for (const timeline::TrackSidecar& track : meeting.tracks) end = std::max(end, track.range.end);
  return std::chrono::ceil<std::chrono::milliseconds>(end);
}

}  // namespace

ScenesRead read_scenes(const Value& value) {
  ScenesReading reading;
  reading.read(value);
  return std::move(reading.result);
}

std::vector<Mistake> mistakes_of(const ScenePlan& plan, const timeline::Meeting& meeting) {
  std::vector<Mistake> mistakes;
  const MeetingTime end = end_of(meeting);
  for (std::size_t i = 0; i < plan.scenes.size(); ++i) {
    const Scene& scene = plan.scenes[i];
    const std::string place = fmt::format("scenes[{}]", i);
    if (scene.range.end > end)
      mistakes.push_back({place + ".end_ms", fmt::format("{} is after the end of the meeting, {}",
                                                         whole_ms(scene.range.end), whole_ms(end))});
    for (std::size_t k = 0; k < scene.tiles.size(); ++k) {
      const Tile& tile = scene.tiles[k];
      const std::string tile_place = fmt::format("{}.tiles[{}]", place, k);
      if (!tile.participant.empty() && !meeting.find_participant(tile.participant))
        mistakes.push_back({tile_place + ".participant",
                            fmt::format("no participant \"{}\" in this meeting", tile.participant)});
      if (std::string why = mistake_of_track(tile, meeting); !why.empty())
        mistakes.push_back({tile_place + ".track", std::move(why)});
    }
  }
  const MeetingTime film_end = plan.scenes.empty() ? end : std::min(end, plan.scenes.back().range.end);
  for (std::size_t i = 0; i < plan.chapters.size(); ++i)
    if (plan.chapters[i].start >= film_end)
      mistakes.push_back({fmt::format("chapters[{}].start_ms", i), "after the end of the last scene"});
  return mistakes;
}

Result<ScenePlan> scene_plan_of(const Value& value) {
  ScenesRead read = read_scenes(value);
  if (read.mistakes.empty()) return std::move(read.plan);
  const Mistake& first = read.mistakes.front();
  return fail("{}: {}", first.place.empty() ? "document" : first.place, first.why);
}

}  // namespace greffe::layout
