// Days as people and rules count them, without hours and zones.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/result.h"

namespace greffe {

// A day of the Gregorian calendar, years 1 to 9999.
using CivilDate = std::chrono::year_month_day;

// "2026-11-20".
std::string text_of(CivilDate date);
Result<CivilDate> parse_date(std::string_view text);

CivilDate days_after(CivilDate date, int days);
inline CivilDate next_day(CivilDate date) { return days_after(date, 1); }

// A span by the calendar (ISO 8601-1 §5.5.2: "P5Y", "P1Y6M", "P30D", "P2W"): a year is no number of days.
struct Period {
  int months = 0;  // years are twelve
  int days = 0;    // weeks are seven
  bool operator==(const Period&) const = default;
};

// Whole numbers, largest unit first, at least one, up to 1000 years; no sign, no part of a day (R72).
Result<Period> parse_period(std::string_view text);
std::string text_of(Period period);

// The months in one step, then the days; a day the month does not have becomes its last (RETENTION T2:
// 2024-02-29 + 1 year = 2025-02-28, + 4 years = 2028-02-29). Stops at the year 9999.
CivilDate operator+(CivilDate date, Period period);

}  // namespace greffe
