#include "caption/subrip_times.h"

#include <algorithm>
#include <array>
#include <span>

#include "base/text.h"

namespace greffe::caption {
namespace {

constexpr std::string_view UsualArrow = "-->";
// What word processors, web pages and people make of an arrow.
constexpr std::array<std::string_view, 3> Blanks{" ", "\t", "\u00A0"};
constexpr std::array<std::string_view, 8> Shafts{"-", "=", "‐", "‑", "–", "—", "―", "−"};
constexpr std::array<std::string_view, 7> Heads{">", "&gt;", "›", "→", "⇒", "⟶", "➔"};

// Takes as many of `words` as `text` begins with; true where there is one.
bool take_all(std::string_view& text, std::span<const std::string_view> words) {
  for (bool taken = false;; taken = true) {
    const auto word =
        std::find_if(words.begin(), words.end(), [&](std::string_view one) { return text.starts_with(one); });
    if (word == words.end()) return taken;
    text.remove_prefix(word->size());
  }
}

enum class Arrow : std::uint8_t { None, Headless, Whole };

// What stands between two times. A dash behind its head is not of the arrow: it would be a sign.
Arrow take_arrow(std::string_view& text) {
  const bool blank = take_all(text, Blanks), shaft = take_all(text, Shafts);
  take_all(text, Blanks);
  const bool head = take_all(text, Heads);
  take_all(text, Blanks);
  if (head) return Arrow::Whole;
  return blank || shaft ? Arrow::Headless : Arrow::None;
}

// Takes what looks like a time, valid or not; returns how many marks it has between its numbers.
std::ptrdiff_t take_rough_time(std::string_view& text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  if (text.empty() || !is_digit(text.front())) return 0;
  const std::string_view time = text.substr(0, text.find_first_not_of("0123456789:.,;"));
  text.remove_prefix(time.size());
  return std::count_if(time.begin(), time.end(), [](char c) { return !is_digit(c); });
}

// Behind a number with a colon, as nobody begins to speak.
bool has_usual_arrow(std::string_view line) {
  if (line.starts_with('-')) line.remove_prefix(1);
  const std::size_t arrow = line.find(UsualArrow);
  if (arrow == std::string_view::npos || !is_digit(line.front())) return false;
  const std::string_view before = line.substr(0, arrow);
  return before.find(':') != std::string_view::npos || before.find("：") != std::string_view::npos;
}

// Of at most nine digits; nullopt where there is none.
std::optional<std::int64_t> take_number(std::string_view& text, std::size_t& digits) {
  std::int64_t value = 0;
  for (digits = 0; digits < text.size() && digits < 9 && is_digit(text[digits]); ++digits)
    value = value * 10 + (text[digits] - '0');
  text.remove_prefix(digits);
  return digits == 0 ? std::nullopt : std::optional(value);
}

// "01:02:03,456", also "2:03.4": what follows the seconds is a decimal fraction.
std::optional<MeetingTime> take_time(std::string_view& text, bool& as_usual) {
  std::int64_t seconds = 0;
  std::size_t digits = 0, parts = 0;
  while (true) {
    const auto part = take_number(text, digits);
    if (!part || ++parts > 3 || *part > 100'000 || (parts > 1 && *part > 59)) return std::nullopt;
    as_usual = as_usual && (parts == 1 ? digits >= 2 : digits == 2);
    seconds = seconds * 60 + *part;
    if (!text.starts_with(':')) break;
    text.remove_prefix(1);
  }
  if (parts < 2) return std::nullopt;
  Duration fraction{0};
  const bool comma = text.starts_with(',');
  if (comma || text.starts_with('.')) {
    text.remove_prefix(1);
    std::int64_t value = take_number(text, digits).value_or(0);
    as_usual = as_usual && digits == 3;
    for (std::size_t i = digits; i < 9; ++i) value *= 10;
    fraction = Duration(value);
  }
  as_usual = as_usual && comma && parts == 3;
  return MeetingTime(std::chrono::seconds(seconds) + fraction);
}

// "X1:10", and what WebVTT writes there, which programs keep when they make SubRip of it.
bool is_place(std::string_view field) {
  constexpr std::array<std::string_view, 10> Names{"x1",   "x2",       "y1",   "y2",       "align",
                                                   "line", "position", "size", "vertical", "region"};
  const std::size_t colon = field.find(':');
  return colon != std::string_view::npos && colon + 1 < field.size() &&
         std::find(Names.begin(), Names.end(), lower_case(field.substr(0, colon))) != Names.end();
}

std::string_view without_places(std::string_view text) {
  text = trimmed(text);
  while (true) {
    const std::size_t end = std::min(text.find_first_of(" \t"), text.size());
    if (!is_place(text.substr(0, end))) return text;
    text = trimmed(text.substr(end));
  }
}

}  // namespace

bool is_meant_as_times(std::string_view line) {
  constexpr std::ptrdiff_t Exact = 2, MoreExact = 3;  // 1:02.3 or 1:02:03; 1:02:03.4
  line = trimmed(line);
  if (has_usual_arrow(line)) return true;
  const std::ptrdiff_t first = take_rough_time(line);
  const Arrow arrow = take_arrow(line);
  const std::ptrdiff_t least = std::min(first, take_rough_time(line));
  return arrow != Arrow::None && least >= (arrow == Arrow::Whole ? Exact : MoreExact);
}

std::optional<SubRipTimes> subrip_times_of(std::string_view line) {
  if (!is_meant_as_times(line)) return std::nullopt;
  SubRipTimes times;
  line = trimmed(line);
  const auto start = take_time(line, times.as_usual);
  if (!start) return std::nullopt;
  times.as_usual = times.as_usual && line.starts_with(" --> ");
  if (take_arrow(line) == Arrow::None) return std::nullopt;
  const auto end = take_time(line, times.as_usual);
  if (!end || (!line.empty() && line.front() != ' ' && line.front() != '\t')) return std::nullopt;
  times.range = {*start, *end};
  times.beside = without_places(line);
  return times;
}

}  // namespace greffe::caption
