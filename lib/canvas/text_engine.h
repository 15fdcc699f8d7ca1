// One line of text → how much of each pixel it covers. libass, with HarfBuzz and FriBidi below it.
#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/library_version.h"
#include "base/result.h"

namespace greffe::canvas {

// Cover 0 … 255 of a line, from its left edge and the top of its line box.
struct TextMask {
  int width_px = 0;
  int height_px = 0;
  int line_px = 0;                  // what the whole line needs; more than width_px where it was cut
  std::vector<std::uint8_t> cover;  // width × height, no padding
};

// Draws with DejaVu Sans and, for what it lacks, with what fontconfig finds. Not thread-safe.
class TextEngine {
 public:
  static Result<TextEngine> create();
  TextEngine(TextEngine&&) noexcept;
  ~TextEngine();

  // `line` as drawable_line() made it; never broken. The line box is `font_px` high. Cut at `max_width_px`.
  TextMask draw(std::string_view line, int font_px, bool bold, int max_width_px);

  // Code points for which no installed font has a glyph; a box was drawn for each (R104). Since the last
  // call.
  std::set<char32_t> take_missing();
  // What stands in for DejaVu Sans; empty when it is there.
  const std::string& other_font() const;

 private:
  struct Parts;
  explicit TextEngine(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

LibraryVersions text_library_versions();

}  // namespace greffe::canvas
