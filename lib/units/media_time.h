// RTP ticks as time.
#pragma once

#include "units/rtp.h"
#include "units/time.h"

namespace greffe {

// Ticks of that clock in nanoseconds, rounded towards zero.
constexpr Duration media_time(std::int64_t ticks, ClockRate rate) {
  constexpr std::int64_t Second_ns = 1'000'000'000;
  // Where 64 bits hold the product, which is nearly always: a division of 128 bits costs several times as
  // much.
  std::int64_t scaled = 0;
  if (!__builtin_mul_overflow(ticks, Second_ns, &scaled))
    return Duration(scaled / static_cast<std::int64_t>(rate.hz));
  return Duration(static_cast<std::int64_t>(static_cast<__int128>(ticks) * Second_ns / rate.hz));
}

}  // namespace greffe
