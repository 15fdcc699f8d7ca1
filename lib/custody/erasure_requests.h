// People who ask for their data to be erased (GDPR, article 17): what they asked for, how far it is, and what
// they were told (RETENTION H13). Requests and answers are files of disposals/requests/, written once.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/damage_log.h"
#include "catalog/archive.h"
#include "catalog/catalog.h"
#include "catalog/disposal_files.h"
#include "catalog/rows.h"
#include "custody/acting.h"
#include "units/time_zone.h"

namespace greffe::custody {

// In the order in which they are told: what blocks comes before what is under way.
enum class ErasureState : std::uint8_t {
  Erased,         // its certificate says so
  BlockedByHold,  // also in the trash
  InGrace,
  Approved,
  Proposed,
  Proposable,
  WaitsForEvent,
  BlockedByRule,  // a rule keeps it, or none lets it go
};
std::string_view name_of(ErasureState state);  // "ERASED", "BLOCKED_BY_HOLD", …

struct MeetingErasure {
  std::string meeting;
  ErasureState state = ErasureState::BlockedByRule;
  std::string rule;                // BlockedByRule: the one to name; empty where none is
  std::string code;                // of the decision (R13), empty where there is none any more
  std::optional<CivilDate> until;  // BlockedByRule: its last day, where it ends; InGrace: first day of purge
  std::optional<CivilDate> trashed;     // InGrace: the day it went there
  std::vector<std::string> waits_for;   // WaitsForEvent: events
  std::vector<catalog::HoldRow> holds;  // BlockedByHold: those that bind
  std::string list;                     // Proposed, Approved, InGrace, Erased: id
  std::int64_t certificate = 0;         // Erased: number in the list; 0: not written yet
  // What was made of it and is a record of its own (D8), unless the request names it, too: it has its own
  // end.
  std::vector<std::string> records;
};

Path requests_folder(const catalog::Archive& archive);

struct RequestOrder {
  std::vector<std::string> meetings;  // ids, or beginnings of ids; of what was destroyed whole ids
  std::string reference;              // the office's own file
  std::optional<CivilDate> received;  // today
  std::string note;
};
struct StoredRequest {
  catalog::ErasureRequest request;
  bool is_new = true;                // the same was recorded before and has no answer yet: nothing was added
  std::vector<std::string> records;  // see MeetingErasure, of all its meetings
};
Result<StoredRequest> add_request(const catalog::Archive& archive, const RequestOrder& order,
                                  const Acting& acting);

// How far each of its meetings is on that day, in their order.
Result<std::vector<MeetingErasure>> erasure_of(const catalog::Archive& archive,
                                               const catalog::Catalog& catalog,
                                               const catalog::ErasureRequest& request, CivilDate today,
                                               DamageLog& damage);

struct AnswerOrder {
  std::int64_t request = 0;
  std::string outcome;  // "erased", "refused", "partly"
  std::string reason;   // must not be empty
};
// Records what the person was told. ErrorKind::Refused where "erased" is said while something is left, or
// "partly" while all is; ErrorKind::Usage for a request there is not, or that was answered otherwise.
Result<catalog::ErasureAnswer> answer_request(const catalog::Archive& archive, const AnswerOrder& order,
                                              const Acting& acting);

}  // namespace greffe::custody
