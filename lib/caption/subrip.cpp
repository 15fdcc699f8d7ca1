#include "caption/subrip.h"

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "caption/cue_text.h"

namespace greffe::caption {
namespace {

constexpr std::string_view Arrow = "-->";

bool is_number(std::string_view line) {
  return !line.empty() && line.size() <= 9 && std::all_of(line.begin(), line.end(), is_digit);
}

// Of at most nine digits; nullopt where there is none.
std::optional<std::int64_t> take_number(std::string_view& text, std::size_t& digits) {
  std::int64_t value = 0;
  for (digits = 0; digits < text.size() && digits < 9 && is_digit(text[digits]); ++digits)
    value = value * 10 + (text[digits] - '0');
  text.remove_prefix(digits);
  return digits == 0 ? std::nullopt : std::optional(value);
}

// Of a cue, and whether they are written as programs do.
struct Times {
  TimeRange range;
  bool as_usual = true;
};

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

bool take_arrow(std::string_view& line, bool& as_usual) {
  as_usual = as_usual && line.starts_with(" --> ");
  line = trimmed(line);
  if (!line.starts_with(Arrow)) return false;
  line = trimmed(line.substr(Arrow.size()));
  return true;
}

std::optional<Times> times_of(std::string_view line) {
  Times times;
  line = trimmed(line);
  const auto start = take_time(line, times.as_usual);
  if (!start || !take_arrow(line, times.as_usual)) return std::nullopt;
  const auto end = take_time(line, times.as_usual);
  // Coordinates may follow, after a blank.
  if (!end || (!line.empty() && line.front() != ' ' && line.front() != '\t')) return std::nullopt;
  times.range = {*start, *end};
  return times;
}

// Whether a line is meant as times: an arrow behind a number, as nobody begins to speak.
bool is_meant_as_times(std::string_view line) {
  line = trimmed(line);
  if (line.starts_with('-')) line.remove_prefix(1);
  return !line.empty() && is_digit(line.front()) && line.find(Arrow) != std::string_view::npos &&
         line.substr(0, line.find(Arrow)).find(':') != std::string_view::npos;
}

// <b>, </font>, <font color="#fff">, <c.yellow>: what players take for markup. "5 < 7" is none.
bool is_tag(std::string_view inside) {
  if (inside.starts_with('/')) inside.remove_prefix(1);
  const std::string name = lower_case(inside.substr(0, inside.find_first_of(" .")));
  return name == "b" || name == "i" || name == "u" || name == "s" || name == "c" || name == "font" ||
         name == "v" || name == "ruby" || name == "rt";
}

std::string without_markup(std::string_view text) {
  constexpr std::size_t LongestTag = 200;
  std::string plain;
  while (!text.empty()) {
    const bool brace = text.starts_with("{\\"), angle = text.front() == '<';
    const std::size_t end =
        brace || angle ? text.substr(0, LongestTag).find(brace ? '}' : '>') : std::string_view::npos;
    if (end != std::string_view::npos && (brace || is_tag(text.substr(1, end - 1)))) {
      text.remove_prefix(end + 1);
      continue;
    }
    plain += text.front();
    text.remove_prefix(1);
  }
  return plain;
}

// From one line of times to the next.
struct Block {
  std::int64_t line = 0;       // of the times
  std::optional<Times> times;  // none where they are not valid
  bool has_number = true;      // above them
  std::vector<std::string_view> lines;
};

void drop_empty_end(std::vector<std::string_view>& lines) {
  while (!lines.empty() && trimmed(lines.back()).empty()) lines.pop_back();
}

// What stands above the next times is their number, not the last line that is spoken: it is alone, behind an
// empty line, or the number that is due.
bool take_number_of_next(std::vector<std::string_view>& lines, std::size_t due) {
  drop_empty_end(lines);
  const std::string_view last = lines.empty() ? std::string_view() : trimmed(lines.back());
  const bool taken = is_number(last) && (lines.size() == 1 || trimmed(lines[lines.size() - 2]).empty() ||
                                         last == fmt::format("{}", due));
  if (taken) lines.pop_back();
  drop_empty_end(lines);
  return taken;
}

std::vector<Block> blocks_of(std::string_view text) {
  std::vector<Block> blocks(1);  // the first is what stands above all times
  std::int64_t number = 0;
  for (const std::string_view line : lines_in(text)) {
    ++number;
    if (is_meant_as_times(line)) {
      const bool has_number = take_number_of_next(blocks.back().lines, blocks.size());
      blocks.push_back({.line = number, .times = times_of(line), .has_number = has_number, .lines = {}});
    } else {
      blocks.back().lines.push_back(line);
    }
  }
  drop_empty_end(blocks.back().lines);
  blocks.erase(blocks.begin());
  return blocks;
}

Cue cue_of(const Block& block) {
  Cue cue{.range = block.times->range, .speaker = {}, .text = {}, .words = {}};
  for (const std::string_view line : block.lines) {
    const std::string plain = without_markup(line);
    const std::string_view said = trimmed(plain);
    if (!said.empty()) cue.text.append(cue.text.empty() ? "" : "\n").append(said);
  }
  take_bracketed_speaker(cue);
  return cue;
}

}  // namespace

bool looks_like_subrip(std::string_view text) {
  constexpr int Near = 20;  // lines
  for (int i = 0; i < Near && !text.empty(); ++i) {
    const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
    if (times_of(text.substr(0, end))) return true;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return false;
}

std::vector<Cue> read_subrip(std::string_view text, const std::string& place, DamageLog& damage) {
  const std::string lines = with_plain_line_ends(text);
  CueList cues(place, damage);
  for (const Block& block : blocks_of(lines)) {
    const auto tell = [&](const char* condition, std::string what) {
      damage.add({.condition = condition,
                  .place = place,
                  .unit = "cues",
                  .position = block.line,
                  .text = fmt::format("line {}: {}", block.line, what)});
    };
    if (!block.times) {
      tell("bad-cue", "no valid times; the cue is left out");
      continue;
    }
    if (!block.has_number || !block.times->as_usual)
      tell("odd-cue", block.has_number ? "times in an unusual form, read all the same"
                                       : "no number above the times, read all the same");
    if (!cues.add(cue_of(block))) break;
  }
  return cues.take();
}

}  // namespace greffe::caption
