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

// The newest time that the journal vouches for, its entries told in their order. A program that nobody asks
// whether its clock is right may have written one of far ahead: that vouches for nothing. One that was asked,
// or told that it is, vouches.
class VouchedTime {
 public:
  void see(WallTime utc, bool was_asked, int jump_days = ClockJumpDays) {
    if (!newest_ || was_asked || utc <= *newest_ + std::chrono::days(jump_days)) newest_ = utc;
  }
  std::optional<WallTime> newest() const { return newest_; }

 private:
  std::optional<WallTime> newest_;
};

// What is wrong with `now`, when the journal vouches for `newest` (nullopt: there is no entry).
std::optional<ClockFault> clock_fault(WallTime now, std::optional<WallTime> newest,
                                      int jump_days = ClockJumpDays);

}  // namespace greffe::retention
