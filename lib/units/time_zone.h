// Where a day begins: the zones of the IANA database, as installed on the machine (tzdata).
#pragma once

#include <string>
#include <string_view>

#include "units/civil_date.h"
#include "units/time.h"

namespace date {
class time_zone;
}

namespace greffe {

class TimeZone {
 public:
  // "Europe/Paris". Fails when the database does not have it. TZ and /etc/localtime are never asked (T1).
  static Result<TimeZone> find(std::string_view name);

  std::string name() const;
  // The day it is there at that instant.
  CivilDate date_of(WallTime time) const;
  // "2026-11-20 09:00": what a clock on the wall shows there, rounded down.
  std::string clock_of(WallTime time) const;
  // A date, or the day it is there at an instant (RFC 3339, with its offset).
  Result<CivilDate> parse_day(std::string_view text) const;
  // The first instant of that day: 00:00, or where the clock was set past it, the first there is (T3).
  WallTime start_of(CivilDate date) const;

 private:
  explicit TimeZone(const date::time_zone* zone) : zone_(zone) {}

  const date::time_zone* zone_;  // of the database, which lives as long as the program
};

}  // namespace greffe
