// Samples at any place between samples: the kernel that takes every rate to 48 kHz and evens out drift.
#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace greffe::mixer {

// Band-limited interpolation with a Kaiser-windowed sinc over 32 samples, for rates up to that of the output
// (see LowPass for others): flat to 0.42 of the input rate, images 80 dB down from 0.58 on. At a whole
// position it gives the sample itself.
class Resampler {
 public:
  static constexpr int Taps = 32;
  // Samples needed before the whole part of a position, and from it on.
  static constexpr int Before = Taps / 2 - 1;
  static constexpr int After = Taps / 2 + 1;
  using Weights = std::array<float, Taps>;

  // The one kernel; built at first use, never changed.
  static const Resampler& instance();

  // Weights for a position `fraction` / 2^32 after a sample.
  Weights weights(std::uint32_t fraction) const;
  // Sum of weights and `samples`, whose element `Before` is the sample at the whole part.
  static float sum(const Weights& weights, const float* samples);
  // What a sample weighs at a distance, in samples; not yet brought to a sum of 1.
  static double kernel(double distance);

 private:
  static constexpr int PhaseBits = 9;
  static constexpr int Phases = 1 << PhaseBits;
  Resampler();

  std::array<Weights, Phases + 1> table_;
};

}  // namespace greffe::mixer
