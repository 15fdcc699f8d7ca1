#include "caption/subrip.h"

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "caption/cue_text.h"
#include "caption/subrip_times.h"

namespace greffe::caption {
namespace {

bool is_number(std::string_view line) {
  return !line.empty() && line.size() <= 9 && std::all_of(line.begin(), line.end(), is_digit);
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
  std::int64_t line = 0;             // of the times
  std::optional<SubRipTimes> times;  // none where they are not valid
  bool has_number = true;            // above them
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
      blocks.push_back(
          {.line = number, .times = subrip_times_of(line), .has_number = has_number, .lines = {}});
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
  const auto add = [&](std::string_view line) {
    const std::string plain = without_markup(line);
    const std::string_view said = trimmed(plain);
    if (!said.empty()) cue.text.append(cue.text.empty() ? "" : "\n").append(said);
  };
  add(block.times->beside);
  for (const std::string_view line : block.lines) add(line);
  take_bracketed_speaker(cue);
  return cue;
}

// Empty for a cue as programs write it.
std::string_view oddness_of(const Block& block) {
  if (!block.has_number) return "no number above the times";
  if (!block.times->as_usual) return "times in an unusual form";
  return block.times->beside.empty() ? "" : "text beside the times";
}

}  // namespace

bool looks_like_subrip(std::string_view text) {
  constexpr int Near = 20;  // lines
  for (int i = 0; i < Near && !text.empty(); ++i) {
    const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
    if (subrip_times_of(text.substr(0, end))) return true;
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
    if (const std::string_view odd = oddness_of(block); !odd.empty())
      tell("odd-cue", fmt::format("{}, read all the same", odd));
    if (!cues.add(cue_of(block))) break;
  }
  return cues.take();
}

}  // namespace greffe::caption
