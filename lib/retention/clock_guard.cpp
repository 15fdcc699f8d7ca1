#include "retention/clock_guard.h"

namespace greffe::retention {

std::optional<ClockFault> clock_fault(WallTime now, std::optional<WallTime> newest, int jump_days) {
  if (!newest) return std::nullopt;
  if (now + ClockSlack < *newest) return ClockFault::SetBack;
  if (now > *newest + std::chrono::days(jump_days)) return ClockFault::FarAhead;
  return std::nullopt;
}

}  // namespace greffe::retention
