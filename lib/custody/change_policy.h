// What adds to policy/: versions of the rules, decisions on them, events. Nothing there is ever changed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "catalog/archive.h"
#include "custody/acting.h"
#include "custody/retention_plan.h"

namespace greffe::custody {

// Each change is one file, written under the lock of the policy, journaled as intended before and as done
// after; the catalog's rows follow. The same change again after a kill completes it.
struct Stored {
  std::int64_t number = 0;  // of the version, activation or event
  bool is_new = true;       // false: it was there already, nothing was added
};

// Stores the rules as the next version, unless the last one says the same. Queries must compile: all that do
// not are named, as other mistakes are.
Result<Stored> add_policy(const catalog::Archive& archive, retention::Policy policy, const Acting& acting);

struct ActivationOrder {
  std::int64_t version = 0;
  std::string diff;        // hex digest that diff_policy told
  std::string reason;      // must not be empty
  std::string clock_jump;  // reason to believe a clock far ahead, empty for none
};
struct Activated {
  Stored stored;
  catalog::ActivationRecord record;
};
// Decides that a version is to be in force: at once, or after it has cooled down where something becomes due
// sooner (R10); until then the version before stays. Refused (ErrorKind::Refused): a diff that is not the one
// it would be now, a version that loosens a locked one (R11), a clock not to be believed (T6).
Result<Activated> activate_policy(const catalog::Archive& archive, const ActivationOrder& order,
                                  const Acting& acting);

// From now on only versions that protect at least as much as this one can be activated (R11). It must be in
// force, or the one decided last; Refused where one is to come that would protect less.
Result<Stored> lock_policy(const catalog::Archive& archive, std::int64_t version, const std::string& reason,
                           const Acting& acting);

struct EventOrder {
  std::string type;                   // may be empty where another event is superseded
  std::vector<std::string> meetings;  // ids, or beginnings of ids
  std::string query;                  // instead of them: what it finds now
  std::optional<CivilDate> on;        // the day it happened; may be missing for a withdrawal
  std::string evidence;
  std::optional<std::int64_t> supersedes;
  bool withdraws = false;  // what it supersedes, and puts nothing in its place
};
struct RecordedEvent {
  Stored stored;
  catalog::EventRecord record;
  DamageLog damage;  // rules that cannot be asked: what it moves is told without them (H5)
};
// Records that something happened to meetings (E1, E2). A correction is of the type of what it corrects,
// which nothing corrected before, and of its meetings where none are given. ErrorKind::Usage for what
// contradicts itself or names what there is not.
Result<RecordedEvent> record_event(const catalog::Archive& archive, const EventOrder& order,
                                   const Acting& acting);

}  // namespace greffe::custody
