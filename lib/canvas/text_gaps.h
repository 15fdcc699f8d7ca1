// What of a film's text could not be drawn as it should.
#pragma once

#include <set>
#include <string>

#include "base/damage_log.h"

namespace greffe::canvas {

struct TextGaps {
  std::set<char32_t> glyphs;  // that no font has
  std::string other_font;     // which stands in for ours; empty when that is installed
  bool captions_cut = false;  // one was too long for four lines of the smallest letters
  bool title_cut = false;     // that on the title card was too long for its place

  bool empty() const { return glyphs.empty() && other_font.empty() && !captions_cut && !title_cut; }
  void add(const TextGaps& more);
  // Tells once, with the packages to install (R104).
  void report(DamageLog& damage) const;
};

}  // namespace greffe::canvas
