// What a sender says its silence sounds like (RFC 3389).
#pragma once

#include <cstdint>
#include <vector>

namespace greffe::media {

struct ComfortNoise {
  std::uint8_t level = 127;  // dB below the overload point (a square wave of full scale): 0 to 127
  // Reflection coefficients of an all-pole model as they are sent (§3.2): 127 is 0; 0 and 254 are nearly -1
  // and 1. Empty: white.
  std::vector<std::uint8_t> reflection;

  bool operator==(const ComfortNoise&) const = default;
};

}  // namespace greffe::media
