// Layouts that users describe: rectangles with rules, in the words of Twilio's compositions and Vonage's
// archives.
#pragma once

#include <optional>
#include <vector>

#include "json/reader.h"
#include "layout/plan_options.h"

namespace greffe::layout {

// A description with all that is wrong in it; of use only when nothing is.
struct RegionsRead {
  LayoutKind kind = LayoutKind::Regions;
  std::vector<Region> regions;  // of LayoutKind::Regions, lowest z first
  std::optional<Rectangle> canvas;
  std::vector<json::Mistake> mistakes;
};

// Reads {"canvas", "regions": {NAME: {…}}}, the same as Twilio's {"resolution", "video_layout"} or that
// object alone, or Vonage's {"type"}, which names one of greffe's kinds. Without a canvas of its own it is
// for `canvas`. Odd positions and sides are rounded down.
RegionsRead read_regions(const json::Value& value, const Rectangle& canvas);

json::Value to_json(const Region& region);

}  // namespace greffe::layout
