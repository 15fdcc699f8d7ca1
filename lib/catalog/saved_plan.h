// The plan that was last saved: what was decided for every meeting, for the views v_plan and v_due.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "catalog/catalog.h"

namespace greffe::catalog {

// When and under what it was decided; see schemas/sql/004.sql.
struct SavedPlan {
  std::string as_of;     // YYYY-MM-DD in the policy time zone
  std::string made_utc;  // RFC 3339
  std::int64_t policy_version = 0;
  std::int64_t journal_seq = 0;  // of the last entry that was known
  bool operator==(const SavedPlan&) const = default;
};

// Days are '' where there are none; lists have commas.
struct PlanRow {
  std::string meeting;
  std::string code;
  std::string codes;
  std::string keep_until;
  std::string due_from;
  std::string propose_from;
  std::string final_action;
  std::string rule;
  std::string waits_for;
  std::string in_doubt;
};

// Puts a plan in the place of the one before, in one transaction. `next` fills the row and says whether there
// was one more.
Status save_plan(const Catalog& catalog, const SavedPlan& plan, const std::function<bool(PlanRow&)>& next);

}  // namespace greffe::catalog
