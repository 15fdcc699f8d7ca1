// The peak of a signal between its samples: ITU-R BS.1770-4 annex 2.
#pragma once

#include <array>
#include <cstddef>

namespace greffe::mixer {

// One channel at 48 kHz. What a player's filter makes of samples may lie above all of them; a meter finds it
// by making four out of each. Deterministic, no state but the last samples.
class TruePeak {
 public:
  static constexpr std::size_t Taps = 12;
  static constexpr std::size_t Phases = 4;
  // A peak that push() gives lies between the samples of so many pushes ago and one later.
  static constexpr std::size_t Delay = Taps / 2;
  // Samples of at most `peak` / MostGain have no true peak above `peak`.
  static constexpr float MostGain = 2.1F;

  // The largest magnitude around the sample of Delay pushes ago: of it, of the next, and of the four values
  // between. Where no sample of the filter's reach can bring it above `of_interest`, of the two samples
  // alone.
  float push(float sample, float of_interest = 0);

 private:
  std::array<float, 2 * Taps> recent_{};  // each sample twice, so that the last Taps lie in a row
  std::size_t at_ = 0;
  std::size_t quiet_ = Taps;  // so many last samples are too small to be of interest
};

}  // namespace greffe::mixer
