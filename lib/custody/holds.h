// Legal holds: placed, kept up to date, asked, and released (RETENTION 4). Decisions about dates are
// retention's.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/damage_log.h"
#include "catalog/archive.h"
#include "catalog/holds.h"
#include "catalog/meeting_matches.h"
#include "custody/acting.h"
#include "custody/destroyed_matches.h"
#include "retention/hold.h"
#include "units/time_zone.h"

namespace greffe::custody {

// What a person asks for. Exactly one of query, condition and meetings.
struct HoldRequest {
  std::string matter, owner, reason;
  std::string query;                  // or "@NAME" of one that is saved
  std::string condition;              // SQL over v_meetings
  std::vector<std::string> meetings;  // ids or unique beginnings
  std::optional<CivilDate> start;     // today
  std::optional<CivilDate> end;
  std::optional<CivilDate> review_on;
  bool auto_release = false;
  bool snapshot = false;  // covers what is there now, nothing that comes later
  bool confidential = false;
  std::vector<std::string> blocks = {"dispose", "alter", "move"};
};

struct HoldReport {
  catalog::HoldRow hold;
  std::vector<catalog::HeldMeeting> covered;
  std::vector<DestroyedMatch> too_late;  // what it would have covered (H12)
  bool already_there = false;            // the same hold, placed before
  std::int64_t bytes() const;
};

// What the hold would cover. Changes nothing.
Result<HoldReport> simulate_hold(const catalog::Archive& archive, const HoldRequest& request,
                                 const Acting& acting);

// Finds what it covers, writes holds/ID/ and the rows in one transaction of the catalog, so that no meeting
// comes in between; journaled as intended and as done. The same request on the same day is the same hold:
// nothing is done, unless that one was released or is a snapshot that lacks a meeting: another is placed.
Result<HoldReport> place_hold(const catalog::Archive& archive, const HoldRequest& request,
                              const Acting& acting);

// The hold goes, what it covered stays on record (H11). ErrorKind::Refused for who placed it, unless
// `same_person`. Releasing what is released does nothing.
Result<catalog::HoldRow> release_hold(const catalog::Archive& archive, const std::string& id,
                                      const std::string& reason, bool same_person, const Acting& acting);

// Brings into the catalog what holds/ has and it does not: after a kill, or a rebuild.
Status sync_holds(const catalog::Archive& archive, const catalog::Catalog& catalog);

// For the transaction that makes a meeting's rows: puts it under every live hold that it matches, file and
// journal first. A query that cannot be answered counts as a match and is damage "hold-query-failed" (H5).
Status cover_meeting(const catalog::Archive& archive, const catalog::Catalog& catalog,
                     std::string_view meeting, const Acting& acting, DamageLog& damage);
// The same for all meetings there are, each hold asked once: after their rows were made otherwise (H3).
Status cover_meetings(const catalog::Archive& archive, const catalog::Catalog& catalog, const Acting& acting,
                      DamageLog& damage);

// ErrorKind::Refused, naming the holds, when one that binds blocks this ("alter", "dispose", "move") for the
// meeting.
Status refuse_if_held(const catalog::Archive& archive, std::string_view meeting, std::string_view what,
                      const Acting& acting);

// The holds that bind a meeting on a day.
std::vector<catalog::HoldRow> binding(const std::vector<catalog::HoldRow>& holds, CivilDate as_of);
retention::HoldTerms terms_of(const catalog::HoldRow& hold);

}  // namespace greffe::custody
