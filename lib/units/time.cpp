#include "units/time.h"

#include <array>
#include <charconv>
#include <cmath>

namespace greffe {
namespace {

using std::chrono::floor;
using SysTime = std::chrono::sys_time<Duration>;

SysTime sys_time(WallTime time) { return SysTime(time.time_since_epoch()); }

// Reads exactly `digits` decimal digits off the front of `text`.
std::optional<int> take_digits(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return std::nullopt;
  int value = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(digits);
  return value;
}

bool take(std::string_view& text, std::string_view any_of) {
  if (text.empty() || any_of.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

}  // namespace

WallTime NtpTime::wall_time() const {
  constexpr std::int64_t From1900To1970 = 2'208'988'800;
  const std::int64_t era = (seconds & 0x8000'0000u) != 0 ? 0 : std::int64_t{1} << 32;
  const std::int64_t unix_seconds = era + seconds - From1900To1970;
  const std::int64_t ns =
      static_cast<std::int64_t>((std::uint64_t{fraction} * 1'000'000'000 + (1u << 31)) >> 32);
  return WallTime(Duration(unix_seconds * 1'000'000'000 + ns));
}

std::int64_t whole_ms(Duration duration) { return floor<std::chrono::milliseconds>(duration).count(); }

CivilTime civil_time(WallTime time) {
  const auto day = floor<std::chrono::days>(sys_time(time));
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss of_day(floor<std::chrono::seconds>(sys_time(time) - day));
  return {.year = static_cast<int>(date.year()),
          .month = static_cast<int>(static_cast<unsigned>(date.month())),
          .day = static_cast<int>(static_cast<unsigned>(date.day())),
          .hour = static_cast<int>(of_day.hours().count()),
          .minute = static_cast<int>(of_day.minutes().count()),
          .second = static_cast<int>(of_day.seconds().count())};
}

std::string rfc3339(WallTime time, int digits) {
  const CivilTime civil = civil_time(time);
  std::string text = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", civil.year, civil.month, civil.day,
                                 civil.hour, civil.minute, civil.second);
  if (digits > 0) {
    const auto whole = floor<std::chrono::seconds>(time.time_since_epoch());
    const std::string fraction = fmt::format("{:09}", (time.time_since_epoch() - whole).count());
    text += '.';
    text += fraction.substr(0, static_cast<std::size_t>(digits));
  }
  return text + "Z";
}

Result<WallTime> parse_rfc3339(std::string_view text) {
  const std::string whole(text);
  const auto refuse = [&] {
    return fail("\"{}\" is not an RFC 3339 time such as 2026-11-20T13:45:24.5Z", whole);
  };
  const auto year = take_digits(text, 4);
  if (!year || !take(text, "-")) return refuse();
  const auto month = take_digits(text, 2);
  if (!month || !take(text, "-")) return refuse();
  const auto day = take_digits(text, 2);
  if (!day || !take(text, "Tt ")) return refuse();
  const auto hour = take_digits(text, 2);
  if (!hour || !take(text, ":")) return refuse();
  const auto minute = take_digits(text, 2);
  if (!minute || !take(text, ":")) return refuse();
  const auto second = take_digits(text, 2);
  if (!second) return refuse();
  std::int64_t fraction_ns = 0;
  if (take(text, ".")) {
    std::int64_t scale = 100'000'000;
    bool any = false;
    for (; !text.empty() && text.front() >= '0' && text.front() <= '9';
         text.remove_prefix(1), scale /= 10, any = true)
      fraction_ns += scale * (text.front() - '0');
    if (!any) return refuse();
  }
  std::chrono::minutes offset{0};
  if (!take(text, "Zz")) {
    const bool negative = text.starts_with('-');
    if (!take(text, "+-"))
      return fail("\"{}\" has no zone: add Z for UTC or an offset such as +01:00", whole);
    const auto hours = take_digits(text, 2);
    if (!hours || !take(text, ":")) return refuse();
    const auto minutes = take_digits(text, 2);
    if (!minutes || *hours > 23 || *minutes > 59) return refuse();
    offset = std::chrono::minutes(*hours * 60 + *minutes) * (negative ? -1 : 1);
  }
  // Nanoseconds in 64 bits reach from 1677-09-21 to 2262-04-11.
  if (*year < 1678 || *year > 2261) return fail("\"{}\" is not between the years 1678 and 2261", whole);
  const std::chrono::year_month_day date{std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  // 60 is a leap second: it is taken as the first instant of the next minute, as POSIX time does.
  if (!text.empty() || !date.ok() || *hour > 23 || *minute > 59 || *second > 60) return refuse();
  const SysTime instant = SysTime(std::chrono::sys_days(date)) + std::chrono::hours(*hour) +
                          std::chrono::minutes(*minute) + std::chrono::seconds(*second) +
                          Duration(fraction_ns) - offset;
  return WallTime(instant.time_since_epoch());
}

std::string clock_text(MeetingTime time) {
  const std::int64_t ms = whole_ms(time);
  const std::int64_t positive = ms < 0 ? -ms : ms;
  const std::int64_t hours = positive / 3'600'000;
  const std::string tail =
      fmt::format("{:02}:{:02}.{:03}", positive / 60'000 % 60, positive / 1000 % 60, positive % 1000);
  return fmt::format("{}{}", ms < 0 ? "-" : "", hours > 0 ? fmt::format("{}:{}", hours, tail) : tail);
}

}  // namespace greffe
