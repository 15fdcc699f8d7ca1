// Keeps a sum of voices below full scale without clipping.
#pragma once

#include <cstddef>
#include <deque>
#include <span>
#include <vector>

#include "mixer/true_peak.h"

namespace greffe::mixer {

// Turns the gain down ahead of a peak and up again after it; below the threshold it changes no sample. Peaks
// are true peaks (BS.1770-4 annex 2), so that what a player makes between the samples stays below, too. What
// goes in comes out `Lookahead` samples later. Stereo, both channels by one gain, 48 kHz.
class Limiter {
 public:
  static constexpr std::size_t Ramp = 240;  // 5 ms
  // A peak is known of Delay samples late, and the samples that make it lie as far around it.
  static constexpr std::size_t Lookahead = Ramp + 2 * TruePeak::Delay;
  // For a film that stays below -1 dBTP: coding it in Opus added up to 0.7 dB, measured on the samples.
  static constexpr double ThresholdDbtp = -2;
  static constexpr float Threshold = 0.7943282F;

  Limiter();
  // In place, interleaved.
  void process(std::span<float> stereo);

 private:
  struct Least {
    std::size_t index;
    float gain;
  };
  float gain_for(float peak);

  TruePeak left_, right_;
  std::vector<float> delayed_;  // ring of Lookahead stereo samples
  std::vector<float> gains_;    // ring of the last Ramp gains, of which the mean is used
  std::deque<Least> least_;     // candidates for the least gain of the window, rising
  std::size_t index_ = 0;
  double sum_ = 0;
  float held_ = 1.0F;
};

}  // namespace greffe::mixer
