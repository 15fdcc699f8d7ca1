// What another version of the policy would do to the meetings there are (R10).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "retention/decision.h"

namespace greffe::retention {

// Meetings whose day of destruction moves.
struct Shift {
  std::int64_t meetings = 0;
  std::int64_t bytes = 0;
  std::optional<CivilDate> earliest;  // sooner: first new day; later: first day it would have been
};

struct PolicyDiff {
  std::int64_t meetings = 0;  // looked at
  Shift sooner, later;
  std::map<std::string, Shift> sooner_by_rule;  // by the rule that brings the new day
  std::map<std::string, Shift> later_by_rule;   // by the rule that keeps longer, else the one that let go
};

// One meeting as decided under the version in force and under the other. True when its day moves.
bool add(PolicyDiff& diff, const Decision& before, const Decision& after, std::int64_t bytes);

}  // namespace greffe::retention
