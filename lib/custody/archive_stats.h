// How much an archive holds, by class, state and year.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/damage_log.h"
#include "catalog/archive.h"
#include "catalog/catalog.h"
#include "units/civil_date.h"

namespace greffe::custody {

// Meetings that have class, state and year in common.
struct StatsRow {
  std::string record_class;  // empty where none was given
  std::string state;         // the code of what is decided for them (RETENTION R13); empty when not asked for
  int year = 0;              // of the start, in the policy zone
  std::int64_t meetings = 0;
  std::int64_t duration_ms = 0;
  std::int64_t bytes = 0;  // of all assets
};

// In order of class, state and year, all of one moment. With `decide` every meeting is decided as of that
// day, with the rules in force then, as plan_retention does it; that takes as long as a plan,
// and its damage goes to `damage`.
Result<std::vector<StatsRow>> archive_stats(const catalog::Archive& archive, const catalog::Catalog& catalog,
                                            CivilDate as_of, bool decide, DamageLog& damage);

}  // namespace greffe::custody
