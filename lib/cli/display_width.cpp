#include "cli/display_width.h"

#include <utf8proc.h>

#include <algorithm>

#include "base/text.h"

namespace greffe::cli {
namespace {

// Vowels and finals of Hangul, which terminals draw into the syllable before.
bool joins_syllable(char32_t c) { return c >= 0x1160 && c <= 0x11FF; }

}  // namespace

// utf8proc_charwidth() also takes marks that stand beside their letter (Mc) for nothing: those of Devanagari.
std::size_t display_width(char32_t c) {
  const auto code = static_cast<utf8proc_int32_t>(c);
  switch (utf8proc_category(code)) {
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_ME:
    case UTF8PROC_CATEGORY_CF: return 0;
    default: return joins_syllable(c) ? 0 : utf8proc_charwidth(code) == 2 ? 2 : 1;
  }
}

std::size_t display_width(std::string_view text) {
  if (std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; }))
    return text.size();
  std::size_t width = 0;
  for (const char32_t c : code_points(text)) width += display_width(c);
  return width;
}

std::string cut_to_width(std::string_view text, std::size_t width) {
  if (display_width(text) <= width) return std::string(text);
  std::string cut;
  std::size_t taken = 1;  // the ellipsis
  for (const char32_t c : code_points(text)) {
    taken += display_width(c);
    if (taken > width) break;
    append_utf8(cut, c);
  }
  return cut + "…";
}

}  // namespace greffe::cli
