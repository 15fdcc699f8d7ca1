#include "units/time_zone.h"

#include <date/tz.h>

#include <stdexcept>

namespace greffe {

Result<TimeZone> TimeZone::find(std::string_view name) {
  try {
    return TimeZone(date::locate_zone(std::string(name)));
  } catch (const std::runtime_error&) {
    return fail("no time zone \"{}\" on this machine (package tzdata has them, for example Europe/Paris)",
                name);
  }
}

std::string TimeZone::name() const { return zone_->name(); }

CivilDate TimeZone::date_of(WallTime time) const {
  const date::sys_seconds instant(std::chrono::floor<std::chrono::seconds>(time).time_since_epoch());
  const auto local = zone_->to_local(instant);
  return std::chrono::sys_days(date::floor<date::days>(local).time_since_epoch());
}

std::string TimeZone::clock_of(WallTime time) const {
  const date::sys_seconds instant(std::chrono::floor<std::chrono::seconds>(time).time_since_epoch());
  const auto local = zone_->to_local(instant);
  const auto day = date::floor<date::days>(local);
  const auto minutes = std::chrono::floor<std::chrono::minutes>(local - day).count();
  return fmt::format("{} {:02}:{:02}", text_of(CivilDate(std::chrono::sys_days(day.time_since_epoch()))),
                     minutes / 60, minutes % 60);
}

Result<CivilDate> TimeZone::parse_day(std::string_view text) const {
  if (text.size() <= std::string_view("YYYY-MM-DD").size()) return parse_date(text);
  GREFFE_TRY(const WallTime instant, parse_rfc3339(text));
  return date_of(instant);
}

WallTime TimeZone::start_of(CivilDate date) const {
  const date::local_seconds midnight(std::chrono::sys_days(date).time_since_epoch());
  const date::local_info info = zone_->get_info(midnight);
  // Set back over midnight, the day begins the first time; set forward, when the clock is set.
  const date::sys_seconds start = info.result == date::local_info::nonexistent
                                      ? info.first.end
                                      : date::sys_seconds(midnight.time_since_epoch() - info.first.offset);
  return WallTime(start.time_since_epoch());
}

}  // namespace greffe
