#include "mixer/true_peak.h"

#include <algorithm>
#include <cmath>

namespace greffe::mixer {
namespace {

// BS.1770-4 annex 2, table 1: the taps of the four phases, first the one for the newest sample.
using Row = std::array<float, TruePeak::Phases>;
constexpr std::array<Row, TruePeak::Taps> Filter{{
    {0.0017089843750F, -0.0291748046875F, -0.0189208984375F, -0.0083007812500F},
    {0.0109863281250F, 0.0292968750000F, 0.0330810546875F, 0.0148925781250F},
    {-0.0196533203125F, -0.0517578125000F, -0.0582275390625F, -0.0266113281250F},
    {0.0332031250000F, 0.0891113281250F, 0.1015625000000F, 0.0476074218750F},
    {-0.0594482421875F, -0.1665039062500F, -0.2003173828125F, -0.1022949218750F},
    {0.1373291015625F, 0.4650878906250F, 0.7797851562500F, 0.9721679687500F},
    {0.9721679687500F, 0.7797851562500F, 0.4650878906250F, 0.1373291015625F},
    {-0.1022949218750F, -0.2003173828125F, -0.1665039062500F, -0.0594482421875F},
    {0.0476074218750F, 0.1015625000000F, 0.0891113281250F, 0.0332031250000F},
    {-0.0266113281250F, -0.0582275390625F, -0.0517578125000F, -0.0196533203125F},
    {0.0148925781250F, 0.0330810546875F, 0.0292968750000F, 0.0109863281250F},
    {-0.0083007812500F, -0.0189208984375F, -0.0291748046875F, 0.0017089843750F},
}};

constexpr float most_gain() {
  float most = 0;
  for (std::size_t phase = 0; phase < TruePeak::Phases; ++phase) {
    float sum = 0;
    for (const Row& row : Filter) sum += row[phase] < 0 ? -row[phase] : row[phase];
    most = std::max(most, sum);
  }
  return most;
}
static_assert(most_gain() < TruePeak::MostGain);

}  // namespace

float TruePeak::push(float sample, float of_interest) {
  at_ = at_ == 0 ? Taps - 1 : at_ - 1;
  recent_[at_] = recent_[at_ + Taps] = sample;
  const float* const newest = recent_.data() + at_;  // older ones behind it
  quiet_ = std::abs(sample) * MostGain > of_interest ? 0 : quiet_ + 1;
  float peak = std::max(std::abs(newest[Delay]), std::abs(newest[Delay - 1]));
  if (quiet_ >= Taps) return peak;
  Row between{};
  for (std::size_t tap = 0; tap < Taps; ++tap)
    for (std::size_t phase = 0; phase < Phases; ++phase) between[phase] += Filter[tap][phase] * newest[tap];
  for (const float value : between) peak = std::max(peak, std::abs(value));
  return peak;
}

}  // namespace greffe::mixer
