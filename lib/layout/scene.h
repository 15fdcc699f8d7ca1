// Scenes of tiles: who is where on the canvas, and when (scenes.json, DESIGN 4).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "json/value.h"
#include "units/time.h"

namespace greffe::layout {

struct Rectangle {
  int x = 0, y = 0, width = 0, height = 0;  // whole even pixels inside the canvas
  bool operator==(const Rectangle&) const = default;
  bool overlaps(const Rectangle& other) const {
    return x < other.x + other.width && other.x < x + width && y < other.y + other.height &&
           other.y < y + height;
  }
};

enum class TileKind { Camera, Screen, Placeholder };

// What is cut off a picture at each side, in thousandths of its width or height as it is shown.
struct Crop {
  int left = 0, top = 0, right = 0, bottom = 0;
  bool operator==(const Crop&) const = default;
};

// Rectangle of the canvas given to one track (or to a participant without a picture).
struct Tile {
  std::string participant;  // id
  std::string track;        // stem; empty for a placeholder
  TileKind kind = TileKind::Placeholder;
  Rectangle area;
  int z = 0;          // -1000 to 1000; tiles that overlap differ in it
  Rectangle picture;  // where the picture lies: aspect ratio kept, centred, offsets rounded down to even
  std::vector<TimeRange> highlights = {};  // while the participant speaks
  std::optional<std::string> label = {};   // nullopt: the participant's name; empty: none
  Crop crop = {};
  bool operator==(const Tile&) const = default;
};

// Longest span in which the tiles do not change.
struct Scene {
  TimeRange range;
  std::string layout;  // "grid", "speaker"
  std::string reason;  // "start", "dana joined", "screen share started"
  std::vector<Tile> tiles;
};

// Of a label and of a chapter's title, in bytes: readers of scenes refuse longer ones.
inline constexpr std::size_t LongestWords = 1000;

// Where something begins that a viewer may want to find.
struct Chapter {
  MeetingTime start{};
  std::string title;
  bool operator==(const Chapter&) const = default;
};

struct ScenePlan {
  std::string meeting;  // id or title
  int width = 1280;
  int height = 720;
  std::vector<Scene> scenes;           // in order, back to back, from meeting time 0
  std::vector<Chapter> chapters = {};  // in order
};

json::Value to_json(const ScenePlan& plan);

}  // namespace greffe::layout
