// Names and captions as overlays: drawn once, blended as often as needed.
#pragma once

#include <span>
#include <string_view>
#include <utility>

#include "canvas/overlay.h"
#include "canvas/palette.h"
#include "canvas/text_engine.h"
#include "canvas/text_gaps.h"
#include "caption/cue.h"

namespace greffe::canvas {

// Where an overlay goes on the canvas: its top left corner, even.
struct PlacedOverlay {
  Overlay overlay;
  int x = 0;
  int y = 0;
};

// Not thread-safe. The same calls give the same pixels while fonts and libraries stay.
class TextRenderer {
 public:
  static Result<TextRenderer> create(const Palette& palette = DarkPalette);

  // On a translucent box, never wider than `max_width_px`: what is too long ends in "…" after a
  // whole character (R65). Empty for a name without anything to draw.
  Overlay label(std::string_view name, int max_width_px, int font_px);
  // First letters of first and last name, without a box.
  Overlay initials(std::string_view name, int font_px);
  // The title in the middle of a whole canvas, with a line below it, and nothing to be seen through. A title
  // of more than four lines is drawn in letters half as large if it must be, and then ends in "…".
  Overlay card(std::string_view title, std::string_view below, int width_px, int height_px);
  // The cues shown at one time, oldest first, stacked above the bottom margin with a line for each speaker's
  // name; lines are broken to fit. At most four lines of text: the newest cue is kept whole, in letters half
  // as large if it must be, and of the others the last lines (R83).
  PlacedOverlay caption(std::span<const caption::Cue> shown, int canvas_width_px, int canvas_height_px);

  // Of all calls since the last of this one.
  TextGaps take_gaps() {
    return {engine_.take_missing(), engine_.other_font(), std::exchange(captions_cut_, false),
            std::exchange(title_cut_, false)};
  }

 private:
  TextRenderer(TextEngine engine, const Palette& palette) : engine_(std::move(engine)), palette_(palette) {}

  TextEngine engine_;
  bool captions_cut_ = false, title_cut_ = false;
  Palette palette_;
};

}  // namespace greffe::canvas
