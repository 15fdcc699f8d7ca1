#include "canvas/text_gaps.h"

#include <fmt/format.h>

#include <map>

namespace greffe::canvas {
namespace {

// The Debian package most likely to have a glyph for `c`.
const char* font_package(char32_t c) {
  if ((c >= 0x2E80 && c <= 0xA4CF) || (c >= 0xAC00 && c <= 0xD7FF) || (c >= 0xF900 && c <= 0xFAFF) ||
      (c >= 0xFF00 && c <= 0xFFEF) || (c >= 0x20000 && c <= 0x3FFFF))
    return "fonts-noto-cjk";
  if ((c >= 0x2600 && c <= 0x27BF) || (c >= 0x1F000 && c <= 0x1FAFF)) return "fonts-symbola";
  return "fonts-noto-core";
}

}  // namespace

void TextGaps::add(const TextGaps& more) {
  glyphs.insert(more.glyphs.begin(), more.glyphs.end());
  if (other_font.empty()) other_font = more.other_font;
  captions_cut = captions_cut || more.captions_cut;
  title_cut = title_cut || more.title_cut;
}

void TextGaps::report(DamageLog& damage) const {
  if (captions_cut)
    damage.add(
        {.condition = "caption-cut",
         .place = "text",
         .text = "a caption is too long to be drawn whole and ends in \"…\"; shorter cues in the transcript "
                 "would be shown, and --captions track keeps all of it"});
  if (title_cut)
    damage.add({.condition = "title-cut",
                .place = "text",
                .text = "the meeting's title is too long for the title card and ends in \"…\""});
  if (!other_font.empty())
    damage.add({.condition = "font-missing",
                .place = "text",
                .text = fmt::format("DejaVu Sans is not installed, {} stands in; install fonts-dejavu-core",
                                    other_font)});
  std::map<std::string, std::string> by_package;
  for (const char32_t c : glyphs)
    by_package[font_package(c)] += fmt::format(" U+{:04X}", static_cast<std::uint32_t>(c));
  std::string text;
  for (const auto& [package, code_points] : by_package)
    text += fmt::format("{}{}: install {}", text.empty() ? "" : "; ", code_points.substr(1), package);
  if (!text.empty())
    damage.add({.condition = "glyph-missing",
                .place = "text",
                .unit = "characters",
                .amount = glyphs.size(),
                .text = "boxes drawn for " + text});
}

}  // namespace greffe::canvas
