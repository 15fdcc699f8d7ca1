// What a fuzz target claims: not so is a finding.
#pragma once

#include <cstdlib>

namespace greffe::fuzz {

inline void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace greffe::fuzz
