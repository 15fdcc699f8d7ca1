// What is shown of the cues of one time, and in which letters.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "canvas/text_engine.h"
#include "caption/cue.h"

namespace greffe::canvas {

struct CaptionLine {
  std::string text;
  bool is_name = false;
};

struct CaptionLines {
  std::vector<CaptionLine> lines;  // a speaker's name, then what was said; oldest first
  int font_px = 0;
  int width_px = 0;      // no line is wider
  bool was_cut = false;  // the newest cue did not fit in the smallest letters and ends in "…"
};

// At most four lines of text, names not counted: the newest of `shown` (oldest first, at least one) is kept
// whole, in letters half as large if it must be, and of the others the last lines (R83). Letters follow
// height and width of the canvas.
CaptionLines caption_lines(TextEngine& engine, std::span<const caption::Cue> shown, int canvas_width_px,
                           int canvas_height_px);

}  // namespace greffe::canvas
