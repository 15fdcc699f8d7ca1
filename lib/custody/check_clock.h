// Refuses what is decided by the clock where the clock cannot be believed (RETENTION T6).
#pragma once

#include <string>

#include "catalog/archive.h"
#include "catalog/catalog.h"
#include "custody/acting.h"

namespace greffe::custody {

// Holds `now` against the newest time that the journal vouches for; ErrorKind::Refused where it is earlier,
// or later by more than retention::ClockJumpDays and `jump_accepted` (the reason why it is right) is empty.
// One that is accepted is journaled, so that it vouches for what comes. Brings the index of the journal in
// the catalog up to date.
Status check_clock(const catalog::Archive& archive, catalog::Catalog& catalog, const Acting& acting,
                   const std::string& jump_accepted);

}  // namespace greffe::custody
