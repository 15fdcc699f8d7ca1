#include "canvas/plain_text.h"

#include <cctype>

#include "base/text.h"

namespace greffe::canvas {
namespace {

bool in(char32_t c, char32_t first, char32_t last) { return c >= first && c <= last; }

// Never drawn. U+200C and U+200D stay: they shape Persian, Indic scripts and emoji.
bool is_left_out(char32_t c) {
  return c < 0x20 || in(c, 0x7F, 0x9F) || c == 0xAD || c == 0x61C || in(c, 0x200E, 0x200F) ||
         in(c, 0x202A, 0x202E) || in(c, 0x2060, 0x206F) || c == 0x200B || c == 0xFEFF ||
         in(c, 0xFE00, 0xFE0F) || in(c, 0xFFF9, 0xFFFB) || in(c, 0xE0000, 0xE0FFF);
}

bool is_blank(char32_t c) {
  return c == '\n' || c == '\r' || c == '\t' || c == 0x0B || c == 0x0C || c == 0x85 || c == 0xA0 ||
         c == 0x2028 || c == 0x2029;
}

// Marks of the scripts most met; what is missing here is cut apart at worst.
bool is_mark(char32_t c) {
  return in(c, 0x300, 0x36F) || in(c, 0x483, 0x489) || in(c, 0x591, 0x5BD) || in(c, 0x5BF, 0x5C7) ||
         in(c, 0x610, 0x61A) || in(c, 0x64B, 0x65F) || c == 0x670 || in(c, 0x6D6, 0x6ED) ||
         in(c, 0x900, 0x903) || in(c, 0x93A, 0x94F) || in(c, 0x981, 0x983) || in(c, 0x9BC, 0x9CD) ||
         in(c, 0xA3C, 0xA4D) || in(c, 0xABC, 0xACD) || in(c, 0xB3C, 0xB4D) || in(c, 0xBBE, 0xBCD) ||
         in(c, 0xC3E, 0xC4D) || in(c, 0xCBC, 0xCCD) || in(c, 0xD3B, 0xD4D) || c == 0xE31 ||
         in(c, 0xE34, 0xE3A) || in(c, 0xE47, 0xE4E) || in(c, 0x1AB0, 0x1AFF) || in(c, 0x1DC0, 0x1DFF) ||
         in(c, 0x20D0, 0x20FF) || in(c, 0xFE20, 0xFE2F) || in(c, 0x1F3FB, 0x1F3FF) || c == 0x200C ||
         c == 0x200D;
}

// Hebrew, Arabic, Syriac, Thaana, N'Ko and the rest of the blocks that Unicode keeps for such scripts.
bool is_right_to_left(char32_t c) {
  return in(c, 0x590, 0x8FF) || in(c, 0xFB1D, 0xFDFF) || in(c, 0xFE70, 0xFEFE) || in(c, 0x10800, 0x10FFF) ||
         in(c, 0x1E800, 0x1EFFF);
}

// All other letters: neither signs nor digits nor pictures.
bool is_left_to_right(char32_t c) {
  if (c < 0xC0) return in(c, 'A', 'Z') || in(c, 'a', 'z') || c == 0xAA || c == 0xB5 || c == 0xBA;
  return c != 0xD7 && c != 0xF7 && !is_mark(c) && !in(c, 0x2000, 0x2BFF) && !in(c, 0x3000, 0x3020) &&
         !in(c, 0xFE00, 0xFE6F) && !in(c, 0xFF01, 0xFF20) && !in(c, 0x1F000, 0x1FAFF);
}

bool is_flag_letter(char32_t c) { return in(c, 0x1F1E6, 0x1F1FF); }

}  // namespace

std::string drawable_line(std::string_view text) {
  std::string line;
  line.reserve(text.size());
  for (const char32_t c : code_points(text)) {
    if (is_blank(c))
      line.push_back(' ');
    else if (!is_left_out(c))
      append_utf8(line, c);
  }
  return std::string(trimmed(line));
}

Direction direction_of(std::string_view text) {
  for (const char32_t c : code_points(text)) {
    if (is_right_to_left(c)) return Direction::RightToLeft;
    if (is_left_to_right(c)) return Direction::LeftToRight;
  }
  return Direction::None;
}

std::string directed_line(std::string line, Direction of_text) {
  constexpr std::string_view LeftToRightMark = "\xE2\x80\x8E", RightToLeftMark = "\xE2\x80\x8F";
  if (line.empty() || of_text == Direction::None || direction_of(line) == of_text) return line;
  return line.insert(0, of_text == Direction::RightToLeft ? RightToLeftMark : LeftToRightMark);
}

std::string escaped_for_ass(std::string_view line) {
  std::string escaped;
  escaped.reserve(line.size() + 16);
  for (const char c : line) {
    if (c == '\\')
      escaped += "\\\xE2\x81\xA0";
    else if (c == '{' || c == '}')
      (escaped += '\\') += c;
    else
      escaped += c;
  }
  return escaped;
}

std::vector<std::string> graphemes(std::string_view line, std::size_t limit) {
  constexpr int MostMarks = 8;
  std::vector<std::string> found;
  char32_t before = 0;
  int marks = 0;
  bool flag_open = false;
  for (const char32_t c : code_points(line)) {
    const bool closes_flag = flag_open && is_flag_letter(c);
    const bool joined = !found.empty() && (is_mark(c) || (before == 0x200D && c > 0x2000) || closes_flag);
    if (!joined) {
      if (found.size() == limit) break;
      found.emplace_back();
      marks = 0;
    }
    flag_open = is_flag_letter(c) && !closes_flag;
    before = c;
    if (marks++ <= MostMarks) append_utf8(found.back(), c);
  }
  return found;
}

std::string initials_of(std::string_view name) {
  const std::string line = drawable_line(name.substr(0, 400));
  // "(DINUM)" and "(2)" say where somebody works or which of two it is.
  const auto begins_word = [&](std::size_t at) {
    const auto c = static_cast<unsigned char>(line[at]);
    return (at == 0 || line[at - 1] == ' ') && (c >= 0x80 || std::isalpha(c) != 0);
  };
  std::vector<std::size_t> words;
  for (std::size_t at = 0; at < line.size(); ++at)
    if (begins_word(at)) words.push_back(at);
  if (words.empty()) words.push_back(0);
  const auto letter_at = [&](std::size_t at) {
    const auto letters = graphemes(std::string_view(line).substr(at), 1);
    return letters.empty() ? std::string() : letters.front();
  };
  const std::string initials = letter_at(words.front()) + (words.size() > 1 ? letter_at(words.back()) : "");
  return initials.empty() ? "?" : initials;
}

}  // namespace greffe::canvas
