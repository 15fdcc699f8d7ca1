// Sound of higher rates than the output's, rid of what the output cannot hold.
#pragma once

#include <span>
#include <vector>

namespace greffe::mixer {

// A symmetric filter at the rate of the input: flat to 0.42 of the output's rate, 80 dB down from 0.58 on, as
// the Resampler's kernel. As many samples come out as go in, each in its place.
class LowPass {
 public:
  // For sound `ratio` times as dense as the output: 2 of 96 kHz. What is denser than MostRatio, which is of
  // no recorder, is filtered as that.
  explicit LowPass(double ratio);
  static constexpr double MostRatio = 8;
  // Not of what is denser by the drift of a clock alone.
  static bool is_needed(double ratio) { return ratio > 1.01; }

  // Appends what can be known by now, which is half the filter's length behind.
  void filter(std::span<const float> in, std::vector<float>& out);
  // Appends the rest; nothing may be filtered after.
  void finish(std::vector<float>& out);

 private:
  std::vector<float> weights_;  // an odd number
  std::vector<float> recent_;   // from the first sample the next output needs
};

}  // namespace greffe::mixer
