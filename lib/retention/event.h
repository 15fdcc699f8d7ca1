// What happened to a meeting or its dossier, from which retention counts (RETENTION 3).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "units/civil_date.h"
#include "units/time.h"

namespace greffe::retention {

// Never changed: a correction is another event that supersedes this one (E2).
struct Event {
  std::int64_t number = 0;  // from 1, in the order they were recorded
  std::string type;         // "dossier_closed", …
  CivilDate effective{};    // may lie ahead: ends counted from it are provisional then
  std::optional<std::int64_t> supersedes;
  // A correction that takes back and puts nothing in the place.
  bool withdrawn = false;
  WallTime recorded{};  // or superseded, where it was
};

// The start of each type, of the events of one meeting in any order: of those in force the last recorded. A
// chain of corrections counts as its end.
std::map<std::string, CivilDate> starts_of(const std::vector<Event>& events);

// When something was last recorded of each type; superseded events count, too (R12).
std::map<std::string, WallTime> recorded_of(const std::vector<Event>& events);

}  // namespace greffe::retention
