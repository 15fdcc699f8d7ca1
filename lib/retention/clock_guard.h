// Whether the machine's clock can be believed (RETENTION T6).
#pragma once

#include <optional>

#include "units/time.h"

namespace greffe::retention {

enum class ClockFault : std::uint8_t {
  SetBack,   // before the newest thing known to have happened
  FarAhead,  // longer after it than anybody would leave the archive alone
};

// Programs that wait for each other read the clock in another order than they write their entries.
inline constexpr std::chrono::minutes ClockSlack{2};
inline constexpr int ClockJumpDays = 35;  // a month and some days: something is journaled each night

// What is wrong with `now`, when the newest entry of the journal is of `newest` (nullopt: there is none).
std::optional<ClockFault> clock_fault(WallTime now, std::optional<WallTime> newest,
                                      int jump_days = ClockJumpDays);

}  // namespace greffe::retention
