// Carries out a list of disposal: to the trash, back from it, and out of it for good (RETENTION D4 to D6).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/damage_log.h"
#include "base/progress.h"
#include "catalog/disposal_files.h"
#include "custody/acting.h"

namespace greffe::custody {

// What a line comes to. Codes of lines that go are TO_TRASH, TO_PURGE, and TRASHED, DESTROYED when it is
// done; every other says why it does not: those of R13, and NO_APPROVAL, APPROVAL_EXPIRED, REFUSED, DEFERRED,
// CANCELLED_BY_HOLD, DESTROYED_ELSEWHERE, CHANGED, IN_DOUBT, IN_GRACE, RESTORED, MISSING_FOLDER, BUSY.
struct LineReport {
  std::string list;
  std::string meeting;
  std::string code;
  std::string why;  // for people, may be empty
  std::int64_t bytes = 0;
};

struct DisposalOrder {
  std::string list;                   // apply: id or its beginning; purge: all that are open when it is empty
  std::optional<std::string> digest;  // of what was simulated; nullopt: simulate
  std::optional<std::int64_t> max_items, max_bytes;
  std::string clock_jump;
};

struct DisposalReport {
  std::vector<LineReport> lines;         // by list and meeting
  std::string digest;                    // of the simulation: lines and codes
  std::int64_t meetings = 0, bytes = 0;  // that go
  bool acted = false;
  std::vector<std::pair<std::string, std::int64_t>> certificates;  // of this run: list and number
  // Lines that were to go and do not (D4).
  std::int64_t skipped() const;
  DamageLog damage;
};

// Moves what is approved into the trash; each line is decided again in the transaction that moves it (D4).
// Without a digest nothing is changed. ErrorKind::Refused, with nothing touched: where no line is approved,
// the simulation has another digest by now, more would go than max_items or max_bytes, or the clock is not to
// be believed (T6).
Result<DisposalReport> apply_list(const catalog::Archive& archive, const DisposalOrder& order,
                                  const Acting& acting, ProgressSink& progress);

// Destroys what has been in the trash for as long as its rule asks, with the same checks; its rows and words
// go, a tombstone stays, and each list gets a certificate.
Result<DisposalReport> purge_trash(const catalog::Archive& archive, const DisposalOrder& order,
                                   const Acting& acting, ProgressSink& progress);

// Brings a meeting back from the trash, whole. `meeting` is an id or the beginning of one. ErrorKind::Usage
// when it is not there.
Result<std::string> restore_meeting(const catalog::Archive& archive, const std::string& meeting,
                                    const std::string& reason, const std::string& clock_jump,
                                    const Acting& acting);

}  // namespace greffe::custody
