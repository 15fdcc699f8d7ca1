// What is to be kept, why, and until when: every meeting decided, or one with all that took part.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "custody/policy_state.h"
#include "retention/decision.h"
#include "retention/explain.h"
#include "retention/policy_diff.h"

namespace greffe::custody {

// One meeting of a plan.
struct PlannedMeeting {
  std::string meeting;  // id
  std::string record_class;
  std::int64_t start_unix_ms = 0, end_unix_ms = 0;  // UTC
  std::int64_t bytes = 0;
  retention::Decision decision;
  std::string rule;                    // the one to name; empty where none decides
  std::vector<std::string> waits_for;  // events that rules start with and nobody has recorded
  std::vector<std::string> in_doubt;   // rules that were counted as applying since nobody can tell (H5)
};

struct PlanTotals {
  std::int64_t version = 0;  // of the policy in force on that day, 0 for none
  std::map<retention::Code, retention::Shift> by_code;
  retention::Shift all;
  std::set<std::string> idle_rules;  // that matched nothing
  DamageLog damage;  // rules that cannot be asked (H5), holds that wait for somebody (H9, H10)
};

// Takes the meetings in the order of their ids; false ends the plan.
using PlanSink = std::function<bool(const PlannedMeeting&)>;

// Decides every meeting as of that day: with the rules that are in force then, and what is known now (T5).
Result<PlanTotals> plan_retention(const catalog::Archive& archive, const catalog::Catalog& catalog,
                                  CivilDate as_of, const PlanSink& sink,
                                  OpenExports exports = OpenExports::Read);

// What a version would change.
struct DiffReport {
  std::int64_t version = 0;
  std::int64_t against = 0;  // 0: no rules
  CivilDate effective{};     // were it activated on that day
  retention::PolicyDiff diff;
  fixity::Digest digest;  // of both versions and every meeting that changes, with its days
  DamageLog damage;       // rules in force that cannot be asked: they keep (H5)
};

// Holds `version` against another, by default the one in force on that day. ErrorKind::Usage for a version
// there is not, any failure for a query of `version` that cannot be answered.
Result<DiffReport> diff_policy(const catalog::Archive& archive, const catalog::Catalog& catalog,
                               const PolicyState& state, std::int64_t version,
                               std::optional<std::int64_t> against, CivilDate today);

// What becomes of these meetings (ids, in order) by an event that is not recorded yet (E2).
Result<retention::PolicyDiff> effect_of_event(const catalog::Archive& archive,
                                              const catalog::Catalog& catalog, const PolicyState& state,
                                              const catalog::EventRecord& event,
                                              const std::vector<std::string>& meetings, CivilDate today,
                                              DamageLog& damage);

// Why one meeting is kept.
struct Why {
  struct RulePart {
    retention::ActiveRule active;
    std::optional<retention::Exclusion> exclusion;  // or:
    std::optional<retention::RuleEffect> effect;
  };
  struct EventPart {
    catalog::EventRecord record;  // without its meetings
    bool superseded = false;
  };
  struct HoldPart {
    std::string id;
    retention::HoldTerms terms;
    std::string blocks;  // some of "dispose,alter,move"; empty where the hold cannot be read
  };
  std::string meeting;
  CivilDate as_of{};
  WallTime ended{};
  std::int64_t bytes = 0;
  std::int64_t version = 0;
  std::optional<retention::Activation> pending;  // a version that is to come into force
  retention::Terms terms;
  retention::Facts facts;
  std::vector<RulePart> rules;  // all in force
  std::vector<EventPart> events;
  std::vector<catalog::CoveringHold> holds;  // that decide: those that block disposal
  std::vector<HoldPart> all_holds;           // those, and what else covers it, by id
  PlannedMeeting planned;
  DamageLog damage;  // as PlanTotals has it, of the holds that cover it
};

// `meeting` is an id. ErrorKind::Usage where the catalog does not have it. Without the disposals it is not
// told how far the meeting is on its way, and no list is read.
Result<Why> why_kept(const catalog::Archive& archive, const catalog::Catalog& catalog,
                     const std::string& meeting, CivilDate as_of, Disposals disposals = Disposals::Read);

}  // namespace greffe::custody
