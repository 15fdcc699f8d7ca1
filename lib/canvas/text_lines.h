// Text broken into lines.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "canvas/text_engine.h"

namespace greffe::canvas {

inline constexpr std::size_t LongestText = 1600;  // graphemes looked at

// What of UTF-8 `text` need be looked at: no more bytes than graphemes of that number commonly have.
std::string_view start_of(std::string_view text, std::size_t graphemes);

// Greedy: as many words a line as fit; a word wider than a line is cut between characters. `line` as
// drawable_line() made it.
std::vector<std::string> broken_lines(TextEngine& engine, const std::string& line, int font_px, bool bold,
                                      int max_width_px);

}  // namespace greffe::canvas
