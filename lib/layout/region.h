// A rectangle of the canvas with a rule for who is in it: what every layout is made of.
#pragma once

#include <string>
#include <vector>

#include "layout/grid.h"
#include "timeline/meeting.h"

namespace greffe::layout {

// Who is shown where more want to be than fit.
enum class Reuse {
  None,        // whoever came first to a cell; it stays empty after them
  ShowOldest,  // who is there longest
  ShowNewest,  // who came last
  Speaking,    // who speaks or spoke last, without needless change
};

// For whom a region is.
enum class Audience {
  Patterns,  // whom its sources name
  Main,      // who has the main place
  Others,    // everybody else
};

struct Region {
  std::string name;
  Rectangle area;  // even, inside the canvas
  int z = 0;
  GridLimits limits = {};
  std::vector<int> cells_excluded = {};
  Reuse reuse = Reuse::ShowOldest;
  Audience audience = Audience::Patterns;
  // Participant ids, names or track stems, with * for any characters; "@screen", "@camera" and "@speaker" for
  // those that are.
  std::vector<std::string> sources = {};
  std::vector<std::string> excluded = {};
  std::size_t most = MaxTiles;
  bool operator==(const Region&) const = default;
};

// Patterns of `video_sources` that name nobody and nothing of the meeting, as "zz" of region "left".
std::vector<std::string> idle_patterns(const std::vector<Region>& regions, const timeline::Meeting& meeting);

// Whether `pattern`, in which * stands for any characters or none, fits the whole text.
bool fits(std::string_view pattern, std::string_view text);

}  // namespace greffe::layout
