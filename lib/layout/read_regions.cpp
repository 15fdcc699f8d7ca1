#include "layout/read_regions.h"

#include <algorithm>
#include <array>

#include "base/parse.h"

namespace greffe::layout {
namespace {

using json::Array;
using json::Mistake;
using json::Object;
using json::Reader;
using json::Value;

constexpr std::size_t MostRegions = 100;
constexpr int SmallestSide = 16;

struct ReuseName {
  Reuse reuse;
  std::string_view name;
};
constexpr std::array ReuseNames{ReuseName{Reuse::ShowOldest, "show_oldest"},
                                ReuseName{Reuse::ShowNewest, "show_newest"}, ReuseName{Reuse::None, "none"},
                                ReuseName{Reuse::Speaking, "speaking"}};

// Vonage's kinds of layout and what they are here.
struct ForeignKind {
  std::string_view type;
  LayoutKind kind;
};
constexpr std::array ForeignKinds{ForeignKind{"bestFit", LayoutKind::Grid},
                                  ForeignKind{"pip", LayoutKind::Pip},
                                  ForeignKind{"verticalPresentation", LayoutKind::Speaker},
                                  ForeignKind{"horizontalPresentation", LayoutKind::StripBottom}};

Reuse reuse_of(Reader& reader) {
  const std::string word = reader.find_text("reuse").value_or("show_oldest");
  for (const ReuseName& known : ReuseNames)
    if (known.name == word) return known.reuse;
  reader.refuse("reuse", fmt::format("\"{}\" is none of none, show_oldest, show_newest, speaking", word));
  return Reuse::ShowOldest;
}

std::vector<std::string> patterns_of(Reader& reader, std::string_view name) {
  std::vector<std::string> patterns;
  for (const Value& item : reader.array(name)) {
    const std::string* pattern = item.find_text();
    if (!pattern || pattern->empty() || pattern->size() > 200)
      reader.refuse(name, "expected names or patterns such as \"ann\", \"*-screen-*\" or \"@speaker\"");
    else if (pattern->front() == '@' && *pattern != "@screen" && *pattern != "@camera" &&
             *pattern != "@speaker")
      reader.refuse(name, fmt::format("\"{}\" is none of @screen, @camera, @speaker", *pattern));
    else
      patterns.push_back(*pattern);
  }
  return patterns;
}

int number_of(Reader& reader, std::string_view name, int least, int most, int otherwise) {
  const std::optional<std::int64_t> given = reader.find_integer(name);
  if (!given) return otherwise;
  const std::int64_t value = *given;
  if (value >= least && value <= most) return static_cast<int>(value);
  reader.refuse(name, fmt::format("{} is not within {} to {}", value, least, most));
  return otherwise;
}

Rectangle area_of(Reader& reader, const Rectangle& canvas) {
  Rectangle area;
  area.x = number_of(reader, "x_pos", 0, canvas.width - SmallestSide, 0) & ~1;
  area.y = number_of(reader, "y_pos", 0, canvas.height - SmallestSide, 0) & ~1;
  const int right = canvas.width - area.x, below = canvas.height - area.y;
  area.width = number_of(reader, "width", SmallestSide, right, right) & ~1;
  area.height = number_of(reader, "height", SmallestSide, below, below) & ~1;
  return area;
}

std::vector<int> cells_of(Reader& reader, GridLimits limits) {
  std::vector<int> cells;
  for (const Value& item : reader.array("cells_excluded")) {
    const std::int64_t* cell = item.find_integer();
    if (limits.rows == 0 || limits.columns == 0) {
      reader.refuse("cells_excluded", "needs both max_rows and max_columns");
    } else if (!cell || *cell < 0 || *cell >= limits.rows * limits.columns) {
      reader.refuse("cells_excluded",
                    fmt::format("expected cells from 0 to {}", limits.rows * limits.columns - 1));
    } else if (std::find(cells.begin(), cells.end(), *cell) == cells.end()) {
      cells.push_back(static_cast<int>(*cell));
    }
  }
  if (!cells.empty() && cells.size() == static_cast<std::size_t>(limits.rows * limits.columns))
    reader.refuse("cells_excluded", "no cell is left");
  return cells;
}

Region region_of(const std::string& name, Reader& reader, const Rectangle& canvas) {
  Region region;
  region.name = name;
  region.area = area_of(reader, canvas);
  region.z = number_of(reader, "z_pos", -1000, 1000, 0);
  region.limits = {number_of(reader, "max_rows", 1, 100, 0), number_of(reader, "max_columns", 1, 100, 0)};
  if (region.area.width < region.limits.columns * SmallestTile)
    reader.refuse("max_columns", "more than it is wide enough for");
  if (region.area.height < region.limits.rows * SmallestTile)
    reader.refuse("max_rows", "more than it is high enough for");
  region.cells_excluded = cells_of(reader, region.limits);
  region.reuse = reuse_of(reader);
  if (region.reuse == Reuse::None && (region.limits.rows == 0 || region.limits.columns == 0))
    reader.refuse("reuse", "\"none\" needs both max_rows and max_columns");
  region.sources = patterns_of(reader, "video_sources");
  if (region.sources.empty()) reader.refuse("video_sources", "there is none");
  region.excluded = patterns_of(reader, "video_sources_excluded");
  for (const std::string& field : reader.unknown()) reader.refuse(field, "no field of a region");
  return region;
}

std::optional<Rectangle> resolution_of(Reader& document) {
  const auto text = document.find_text("resolution");
  if (!text) return std::nullopt;
  std::string_view rest = *text;
  const auto width = find_number<int>(take_until(rest, 'x'));
  const auto height = find_number<int>(rest);
  if (!width || !height)
    document.refuse("resolution", fmt::format("\"{}\" is not a size such as 1280x720", *text));
  return Rectangle{.width = width.value_or(0), .height = height.value_or(0)};
}

void add_all(const Reader& reader, RegionsRead& read) {
  read.mistakes.insert(read.mistakes.end(), reader.mistakes().begin(), reader.mistakes().end());
}

std::optional<Rectangle> canvas_of(Reader& document, RegionsRead& read) {
  std::optional<Rectangle> canvas = resolution_of(document);
  if (const Value* sides = document.find("canvas")) {
    Reader reader(*sides, "canvas");
    canvas = Rectangle{0, 0, static_cast<int>(std::clamp<std::int64_t>(reader.integer("width"), 0, 9999)),
                       static_cast<int>(std::clamp<std::int64_t>(reader.integer("height"), 0, 9999))};
    add_all(reader, read);
  }
  if (canvas)
    for (const int side : {canvas->width, canvas->height})
      if (side < 64 || side > 8192 || side % 2 != 0) {
        document.refuse(document.find("canvas") ? "canvas" : "resolution",
                        "sides are even numbers from 64 to 8192");
        return std::nullopt;
      }
  return canvas;
}

void read_foreign_kind(Reader& layout, RegionsRead& read) {
  const std::string type = layout.text("type");
  const std::string screenshare = layout.find_text("screenshareType").value_or("");
  // "bestFit" with another kind for the time of a share: that kind has a main place, which a share takes.
  const std::string& wanted = screenshare.empty() ? type : screenshare;
  for (const ForeignKind& known : ForeignKinds) {
    if (known.type != wanted) continue;
    read.kind = known.kind;
    return;
  }
  layout.refuse(screenshare.empty() ? "type" : "screenshareType",
                wanted == "custom" ? std::string("style sheets are not read: describe regions instead")
                                   : fmt::format("\"{}\" is none of bestFit, pip, verticalPresentation, "
                                                 "horizontalPresentation",
                                                 wanted));
}

void check_overlaps(const std::vector<Region>& regions, const std::string& prefix, RegionsRead& read) {
  for (std::size_t i = 0; i < regions.size(); ++i)
    for (std::size_t k = 0; k < i; ++k)
      if (regions[i].z == regions[k].z && regions[i].area.overlaps(regions[k].area))
        read.mistakes.push_back(
            {prefix + regions[i].name,
             fmt::format("overlaps {}, and both have z_pos {}: the one above needs a higher one",
                         regions[k].name, regions[i].z)});
}

void read_all(const Object& regions, const std::string& prefix, const Rectangle& canvas, RegionsRead& read) {
  for (const auto& [name, value] : regions) {
    Reader reader(value, prefix + name);
    read.regions.push_back(region_of(name, reader, canvas));
    add_all(reader, read);
  }
  if (read.regions.empty()) read.mistakes.push_back({"regions", "there is none"});
  if (read.mistakes.empty()) check_overlaps(read.regions, prefix, read);
  std::stable_sort(read.regions.begin(), read.regions.end(),
                   [](const Region& a, const Region& b) { return a.z < b.z; });
}

}  // namespace

RegionsRead read_regions(const Value& value, const Rectangle& canvas) {
  RegionsRead read;
  Reader document(value, "");
  if (!value.find_object()) {
    add_all(document, read);
    return read;
  }
  if (const Value* layout = document.find("layout"); layout && layout->find_object()) {
    Reader reader(*layout, "layout");
    read_foreign_kind(reader, read);
    add_all(reader, read);
    return read;
  }
  if (const Value* type = document.find("type"); type && type->find_text()) {
    read_foreign_kind(document, read);
    add_all(document, read);
    return read;
  }
  if (document.find_text("schema").value_or("greffe.regions/1") != "greffe.regions/1")
    document.refuse("schema", "expected \"greffe.regions/1\"");
  const char* member = document.find("regions")        ? "regions"
                       : document.find("video_layout") ? "video_layout"
                                                       : "";
  if (*member != '\0') read.canvas = canvas_of(document, read);
  const Object& regions = *member != '\0' ? document.object(member) : *value.find_object();
  if (regions.size() > MostRegions) document.refuse(member, fmt::format("more than {}", MostRegions));
  add_all(document, read);
  if (regions.size() <= MostRegions)
    read_all(regions, *member != '\0' ? std::string(member) + "." : "", read.canvas.value_or(canvas), read);
  return read;
}

Value to_json(const Region& region) {
  const auto texts = [](const std::vector<std::string>& from) {
    Array array;
    for (const std::string& text : from) array.emplace_back(text);
    return array;
  };
  Object object{{"x_pos", region.area.x},
                {"y_pos", region.area.y},
                {"width", region.area.width},
                {"height", region.area.height},
                {"z_pos", region.z}};
  if (region.limits.rows > 0) object.set("max_rows", region.limits.rows);
  if (region.limits.columns > 0) object.set("max_columns", region.limits.columns);
  Array cells;
  for (const int cell : region.cells_excluded) cells.emplace_back(cell);
  if (!cells.empty()) object.set("cells_excluded", std::move(cells));
  for (const ReuseName& known : ReuseNames)
    if (known.reuse == region.reuse) object.set("reuse", known.name);
  object.set("video_sources", texts(region.sources));
  if (!region.excluded.empty()) object.set("video_sources_excluded", texts(region.excluded));
  return object;
}

}  // namespace greffe::layout
