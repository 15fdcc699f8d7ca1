// The policy as it stands: its files, held against the catalog.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "catalog/archive.h"
#include "catalog/catalog.h"
#include "catalog/policy_folder.h"
#include "catalog/retention_rows.h"
#include "custody/disposal_state.h"
#include "custody/late_holds.h"
#include "retention/policy.h"
#include "units/time_zone.h"

namespace greffe::custody {

struct PolicyState {
  catalog::PolicyRecords records;
  std::vector<retention::Policy> policies;
  std::vector<retention::Activation> activations;
  // Recorded, but not in the catalog yet: a program was killed in between, or is at it.
  std::vector<catalog::EventRecord> late_events;
  LateHolds late_holds;
  std::set<std::string> late_meetings;  // of which nobody can tell what they are under
  std::set<std::string> open_exports;   // meetings of which a package is being made
  OpenDisposals disposals;
  DamageLog damage;  // holds that cannot be read, rows that are behind their folders

  retention::RulesInForce in_force(CivilDate day) const {
    return retention::rules_in_force(policies, activations, day);
  }
};

// Stands for the holds, and for what keeps longer, of a meeting whose rows are behind its folder (H5).
inline constexpr std::string_view UnknownHold = "other-rows";

// Fails with ErrorKind::Integrity where files are missing or not those that were entered.
enum class Disposals : std::uint8_t { Read, Ignore };
enum class OpenExports : std::uint8_t { Read, Ignore };
Result<PolicyState> read_policy_state(const catalog::Archive& archive, const catalog::Catalog& catalog,
                                      Disposals disposals = Disposals::Read,
                                      OpenExports exports = OpenExports::Read);

// Enters what of policy/ the catalog does not have yet.
Status index_policy(const catalog::Archive& archive, const catalog::Catalog& catalog);

// Which meetings the rules with a list or a query have. Rules without are not asked about.
class RuleScopes {
 public:
  // Each query is asked once, for all meetings or for the one given. One that cannot be answered is damage
  // "rule-query-failed", and its rule is among the unanswered (H5); without a `damage` it fails.
  static Result<RuleScopes> find(const catalog::Catalog& catalog, const TimeZone& zone,
                                 std::span<const retention::ActiveRule> rules, DamageLog* damage,
                                 const std::optional<std::string>& meeting = {});

  // Ids of the rules that have this meeting; meetings are asked for in the order of their ids.
  std::set<std::string> listed(const std::string& meeting);
  // Ids of the rules of which this cannot be told.
  const std::set<std::string>& unanswered() const { return unanswered_; }

 private:
  struct Scope {
    std::string rule;
    std::vector<std::string> meetings;  // in order
    std::size_t at = 0;
  };
  std::vector<Scope> scopes_;
  std::set<std::string> unanswered_;
};

// Makes facts of the rows of a catalog.
class FactsMaker {
 public:
  static Result<FactsMaker> make(const catalog::Catalog& catalog, const TimeZone& zone,
                                 const PolicyState& state);

  // Without the rules that have the meeting in a list.
  retention::Facts facts_of(const catalog::RetentionRow& row, CivilDate as_of) const;
  // All events of the meeting, those that others supersede, too; by number.
  std::vector<retention::Event> events_of(const catalog::RetentionRow& row) const;
  // All holds that cover it, released ones too; by id. UnknownHold is the last where its rows are behind.
  std::vector<catalog::CoveringHold> holds_on(const catalog::RetentionRow& row) const;
  bool is_superseded(std::int64_t event) const { return superseded_.contains(event); }

 private:
  FactsMaker(const TimeZone& zone, const PolicyState& state)
      : zone_(zone),
        late_holds_(state.late_holds),
        late_meetings_(state.late_meetings),
        open_exports_(state.open_exports),
        disposals_(state.disposals) {}

  TimeZone zone_;
  LateHolds late_holds_;
  std::set<std::string> late_meetings_;
  std::set<std::string> open_exports_;
  OpenDisposals disposals_;
  std::map<std::int64_t, WallTime> superseded_;                // when
  std::map<std::string, std::vector<retention::Event>> late_;  // by meeting
};

}  // namespace greffe::custody
