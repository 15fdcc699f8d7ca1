// Keeps a sum of voices below full scale without clipping.
#pragma once

#include <cstddef>
#include <deque>
#include <span>
#include <vector>

namespace greffe::mixer {

// Turns the gain down ahead of a peak and up again after it; below the threshold it changes no sample. What
// goes in comes out `Lookahead` samples later. Stereo, both channels by one gain, 48 kHz.
class Limiter {
 public:
  static constexpr std::size_t Lookahead = 240;  // 5 ms
  static constexpr float Threshold = 0.891F;     // -1 dB of full scale

  Limiter();
  // In place, interleaved.
  void process(std::span<float> stereo);

 private:
  struct Least {
    std::size_t index;
    float gain;
  };
  float gain_for(float peak);

  std::vector<float> delayed_;  // ring of Lookahead stereo samples
  std::vector<float> gains_;    // ring of the last Lookahead gains, of which the mean is used
  std::deque<Least> least_;     // candidates for the least gain of the window, rising
  std::size_t index_ = 0;
  double sum_ = 0;
  float held_ = 1.0F;
};

}  // namespace greffe::mixer
