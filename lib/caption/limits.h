// How much of a transcript is read (SAFETY S2); what lies beyond is cut off and told.
#pragma once

#include <cstddef>

namespace greffe::caption {

constexpr std::size_t MostFileBytes = std::size_t{64} << 20;
constexpr std::size_t MostCues = 100'000;
constexpr std::size_t MostCueBytes = 4'096;

}  // namespace greffe::caption
