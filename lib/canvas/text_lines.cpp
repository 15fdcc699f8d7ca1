#include "canvas/text_lines.h"

#include "canvas/plain_text.h"

namespace greffe::canvas {

std::string_view start_of(std::string_view text, std::size_t graphemes) {
  return text.substr(0, 4 * graphemes);
}

std::vector<std::string> broken_lines(TextEngine& engine, const std::string& line, int font_px, bool bold,
                                      int max_width_px) {
  const auto fits = [&](const std::string& text) {
    return engine.draw(text, font_px, bold, max_width_px).line_px <= max_width_px;
  };
  const auto parts = graphemes(line, LongestText);
  if (parts.size() < LongestText && fits(line)) return {line};
  std::vector<std::string> lines;
  std::size_t start = 0;
  while (start < parts.size()) {
    const auto from = [&](std::size_t end) {
      std::string text;
      for (std::size_t i = start; i < end; ++i) text += parts[i];
      return text;
    };
    std::size_t most = start + 1, too_many = parts.size() + 1;
    while (most + 1 < too_many) {
      const std::size_t middle = (most + too_many) / 2;
      (fits(from(middle)) ? most : too_many) = middle;
    }
    std::size_t end = most;
    if (end < parts.size() && parts[end] != " ")
      for (std::size_t i = end; i > start + 1; --i)
        if (parts[i - 1] == " ") {
          end = i - 1;
          break;
        }
    lines.push_back(from(end));
    start = end;
    while (start < parts.size() && parts[start] == " ") ++start;
  }
  return lines;
}

}  // namespace greffe::canvas
