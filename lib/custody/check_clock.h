// Refuses what is decided by the clock where the clock cannot be believed (RETENTION T6).
#pragma once

#include <string>

#include "catalog/archive.h"
#include "units/time.h"

namespace greffe::custody {

// Holds `now` against the newest entry of the journal; ErrorKind::Refused where it is earlier, or later by
// more than retention::ClockJumpDays and `jump_accepted` (the reason why it is right) is empty.
Status check_clock(const catalog::Archive& archive, WallTime now, const std::string& jump_accepted);

}  // namespace greffe::custody
