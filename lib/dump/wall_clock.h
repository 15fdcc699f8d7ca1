// Is this a time at which somebody held a meeting, or a clock that was never set (R61)?
#pragma once

#include <cstdint>

namespace greffe::dump {

// From 2000 to 2100. Recorders without a clock say 1970; a field full of ones says 2106.
constexpr bool is_plausible_wall_clock(std::int64_t seconds_since_1970) {
  return seconds_since_1970 >= 946'684'800 && seconds_since_1970 < 4'102'444'800;
}

}  // namespace greffe::dump
