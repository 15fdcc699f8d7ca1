#include "units/civil_date.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace greffe {
namespace {

constexpr int MostYears = 1000;
constexpr CivilDate LastDate{std::chrono::year(9999), std::chrono::December, std::chrono::day(31)};

// Digits off the front of `text`, at most `most` of them; -1 when there are none.
int take_number(std::string_view& text, std::size_t most) {
  std::size_t digits = 0;
  while (digits < std::min(most, text.size()) && text[digits] >= '0' && text[digits] <= '9') ++digits;
  int value = -1;
  if (digits > 0) std::from_chars(text.data(), text.data() + digits, value);
  text.remove_prefix(digits);
  return value;
}

}  // namespace

std::string text_of(CivilDate date) {
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

Result<CivilDate> parse_date(std::string_view text) {
  std::string_view rest = text;
  const auto dash = [&] { return rest.starts_with('-') ? (rest.remove_prefix(1), true) : false; };
  const int year = take_number(rest, 4);
  const int month = dash() ? take_number(rest, 2) : -1;
  const int day = month > 0 && dash() ? take_number(rest, 2) : -1;
  const CivilDate date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(std::max(month, 0))),
                       std::chrono::day(static_cast<unsigned>(std::max(day, 0)))};
  if (text.size() != 10 || !rest.empty() || year < 1 || !date.ok())
    return fail("\"{}\" is no date such as 2026-11-20", text);
  return date;
}

CivilDate days_after(CivilDate date, int days) {
  const std::chrono::sys_days last(LastDate);
  return std::min(std::chrono::sys_days(date) + std::chrono::days(days), last);
}

Result<Period> parse_period(std::string_view text) {
  std::string_view rest = text;
  const auto refuse = [&](std::string_view why) {
    return fail("\"{}\" is no duration such as P5Y, P1Y6M or P30D: {}", text, why);
  };
  if (!rest.starts_with('P')) return refuse("it begins with P");
  rest.remove_prefix(1);
  Period period;
  std::string_view units = "YMWD";
  bool any = false;
  while (!rest.empty()) {
    const int number = take_number(rest, 6);
    if (number < 0 || rest.empty()) return refuse("a whole number stands before each unit");
    const auto unit = units.find(rest.front());
    if (unit == std::string_view::npos)
      return refuse("its units are Y, M, W and D, in this order, each once");
    switch (rest.front()) {
      case 'Y': period.months += 12 * number; break;
      case 'M': period.months += number; break;
      case 'W': period.days += 7 * number; break;
      default: period.days += number; break;
    }
    units.remove_prefix(unit + 1);
    rest.remove_prefix(1);
    any = true;
  }
  if (!any) return refuse("it names no span");
  if (period.months > 12 * MostYears || period.days > 366 * MostYears)
    return refuse("longer than 1000 years; \"forever\" is a duration of its own");
  return period;
}

std::string text_of(Period period) {
  std::string text = "P";
  if (period.months / 12 > 0) text += fmt::format("{}Y", period.months / 12);
  if (period.months % 12 > 0) text += fmt::format("{}M", period.months % 12);
  if (period.days > 0 || text.size() == 1) text += fmt::format("{}D", period.days);
  return text;
}

CivilDate operator+(CivilDate date, Period period) {
  CivilDate moved = date + std::chrono::months(period.months);
  if (moved.year() > LastDate.year()) return LastDate;
  if (!moved.ok()) moved = moved.year() / moved.month() / std::chrono::last;
  return days_after(moved, period.days);
}

}  // namespace greffe
