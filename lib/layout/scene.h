// Scenes of tiles: who is where on the canvas, and when (scenes.json, DESIGN 4).
#pragma once

#include <string>
#include <vector>

#include "json/value.h"
#include "units/time.h"

namespace greffe::layout {

struct Rectangle {
  int x = 0, y = 0, width = 0, height = 0;  // whole even pixels inside the canvas
  bool operator==(const Rectangle&) const = default;
};

enum class TileKind { Camera, Screen, Placeholder };

// Rectangle of the canvas given to one track (or to a participant without a picture).
struct Tile {
  std::string participant;  // id
  std::string track;        // stem; empty for a placeholder
  TileKind kind = TileKind::Placeholder;
  Rectangle area;
  int z = 0;
  Rectangle picture;  // where the picture lies: aspect ratio kept, centred, offsets rounded down to even
  std::vector<TimeRange> highlights;  // while the participant speaks
  bool operator==(const Tile&) const = default;
};

// Longest span in which the tiles do not change.
struct Scene {
  TimeRange range;
  std::string layout;  // "grid", "speaker"
  std::string reason;  // "start", "dana joined", "screen share started"
  std::vector<Tile> tiles;
};

struct ScenePlan {
  std::string meeting;  // id or title
  int width = 1280;
  int height = 720;
  std::vector<Scene> scenes;  // in order, back to back, from meeting time 0
};

json::Value to_json(const ScenePlan& plan);
// Checks what a person may have edited: order, even rectangles inside the canvas. Messages name the place.
Result<ScenePlan> scene_plan_of(const json::Value& value);

}  // namespace greffe::layout
