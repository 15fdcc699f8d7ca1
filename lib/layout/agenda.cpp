#include "layout/agenda.h"

#include <algorithm>
#include <optional>

#include "base/parse.h"
#include "base/text.h"

namespace greffe::layout {
namespace {

constexpr std::size_t MostChapters = 10'000;

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

std::optional<int> whole_number(std::string_view digits, std::size_t most_digits) {
  const auto value = find_number<int>(digits);
  return value && digits.size() <= most_digits && digits.front() != '-' ? value : std::nullopt;
}

// "[[H:]M:]S[.mmm]"; minutes and seconds behind a colon are below 60.
std::optional<MeetingTime> time_of(std::string_view text) {
  std::int64_t ms = 0;
  if (const auto dot = text.find('.'); dot != std::string_view::npos) {
    std::string fraction(text.substr(dot + 1));
    if (fraction.empty() || fraction.size() > 3) return std::nullopt;
    fraction.resize(3, '0');
    const auto read = whole_number(fraction, 3);
    if (!read) return std::nullopt;
    ms = *read;
    text = text.substr(0, dot);
  }
  std::int64_t seconds = 0;
  for (int part = 0; part < 3; ++part) {
    const auto colon = text.find(':');
    const auto number = whole_number(text.substr(0, colon), part == 0 ? 6 : 2);
    if (!number || (part > 0 && *number > 59)) return std::nullopt;
    seconds = seconds * 60 + *number;
    if (colon == std::string_view::npos) return MeetingTime(std::chrono::milliseconds(seconds * 1000 + ms));
    text = text.substr(colon + 1);
  }
  return std::nullopt;
}

struct AgendaReading {
  MeetingTime end;
  std::vector<Chapter> chapters;
  std::string mistakes;

  void read_line(std::string_view line, std::size_t number);
  void refuse(std::size_t number, std::string_view what) {
    mistakes += fmt::format("{}line {}: {}", mistakes.empty() ? "" : "; ", number, what);
  }
};

void AgendaReading::read_line(std::string_view line, std::size_t number) {
  line = trimmed(line);
  if (line.empty() || line.front() == '#') return;
  const auto gap = line.find_first_of(" \t");
  const auto time = time_of(line.substr(0, gap));
  const std::string_view title = gap == std::string_view::npos ? "" : trimmed(line.substr(gap));
  if (!time || title.empty()) return refuse(number, "not a time and a title, like \"12:30 Budget\"");
  if (!is_valid_utf8(title)) return refuse(number, "not UTF-8; save the file as UTF-8");
  if (std::any_of(title.begin(), title.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; }))
    return refuse(number, "a control character in the title");
  if (title.size() > LongestWords) return refuse(number, "the title is too long");
  if (!chapters.empty() && *time <= chapters.back().start) return refuse(number, "not after the one above");
  if (*time >= end) return refuse(number, "after the end of the meeting");
  chapters.push_back({*time, std::string(title)});
}

}  // namespace

Result<std::vector<Chapter>> parse_agenda(std::string_view text, MeetingTime end) {
  AgendaReading reading{end, {}, {}};
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto line_end = std::min(text.find('\n'), text.size());
    reading.read_line(text.substr(0, line_end), number);
    text.remove_prefix(std::min(line_end + 1, text.size()));
    if (reading.chapters.size() > MostChapters) return fail("more than {} lines", MostChapters);
  }
  if (!reading.mistakes.empty()) return fail("{}", reading.mistakes);
  return reading.chapters;
}

}  // namespace greffe::layout
