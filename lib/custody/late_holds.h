// Legal holds whose files say more than their rows: a program was killed in between, or is at it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/damage_log.h"
#include "catalog/archive.h"
#include "catalog/retention_rows.h"
#include "retention/hold.h"

namespace greffe::custody {

// What the next run that writes will enter, for those who only read (H3). Only of holds that block disposal.
class LateHolds {
 public:
  // A hold that cannot be read is taken to cover every meeting, and is damage "hold-unreadable" (H5).
  static Result<LateHolds> read(const catalog::Archive& archive, const catalog::Catalog& catalog,
                                DamageLog& damage);

  // The holds of a meeting's row, as the files have them; by id.
  std::vector<catalog::CoveringHold> with(const catalog::RetentionRow& row) const;

  // H9, H10: every hold that binds on that day, though it has ended or was to be reviewed, is damage:
  // "hold-end-passed", "hold-review-passed".
  void tell_overdue(CivilDate as_of, DamageLog& damage) const;

 private:
  std::map<std::string, retention::HoldTerms> all_;   // by id, as they stand
  std::map<std::string, retention::HoldTerms> late_;  // those of which the rows know less
  std::map<std::string, std::map<std::string, WallTime>>
      by_meeting_;  // meeting → holds whose row does not have it
  std::vector<std::string> unreadable_;
};

// The same for one hold.
void tell_overdue(const std::string& hold, const retention::HoldTerms& terms, CivilDate as_of,
                  DamageLog& damage);

}  // namespace greffe::custody
