#include "mixer/resampler.h"

#include <cmath>
#include <numbers>

namespace greffe::mixer {
namespace {

constexpr double KaiserBeta = 8.0;  // side lobes 80 dB down

// Modified Bessel function of the first kind, order 0, by its series.
double bessel_i0(double x) {
  double term = 1, sum = 1;
  for (int k = 1; term > 1e-12 * sum; ++k) {
    term *= x * x / (4.0 * k * k);
    sum += term;
  }
  return sum;
}

}  // namespace

double Resampler::kernel(double distance) {
  constexpr double HalfWidth = Taps / 2.0;
  if (std::abs(distance) >= HalfWidth) return 0;
  const double ratio = distance / HalfWidth;
  const double window = bessel_i0(KaiserBeta * std::sqrt(1 - ratio * ratio)) / bessel_i0(KaiserBeta);
  const double angle = std::numbers::pi * distance;
  return window * (distance == 0 ? 1 : std::sin(angle) / angle);
}

Resampler::Resampler() {
  for (int phase = 0; phase <= Phases; ++phase) {
    const double fraction = static_cast<double>(phase) / Phases;
    double sum = 0;
    for (int tap = 0; tap < Taps; ++tap) sum += kernel(tap - Before - fraction);
    // Every phase passes a constant unchanged.
    for (int tap = 0; tap < Taps; ++tap)
      table_[static_cast<std::size_t>(phase)][static_cast<std::size_t>(tap)] =
          static_cast<float>(kernel(tap - Before - fraction) / sum);
  }
}

const Resampler& Resampler::instance() {
  static const Resampler resampler;
  return resampler;
}

Resampler::Weights Resampler::weights(std::uint32_t fraction) const {
  const std::uint32_t phase = fraction >> (32 - PhaseBits);
  const float between = static_cast<float>(fraction << PhaseBits >> 8) / static_cast<float>(1 << 24);
  const Weights& low = table_[phase];
  const Weights& high = table_[phase + 1];
  Weights weights;
  for (std::size_t tap = 0; tap < weights.size(); ++tap)
    weights[tap] = low[tap] + between * (high[tap] - low[tap]);
  return weights;
}

float Resampler::sum(const Weights& weights, const float* samples) {
  // Eight partial sums, in an order the compiler may keep in vector registers.
  std::array<float, 8> partial{};
  for (std::size_t tap = 0; tap < weights.size(); tap += partial.size())
    for (std::size_t lane = 0; lane < partial.size(); ++lane)
      partial[lane] += weights[tap + lane] * samples[tap + lane];
  return ((partial[0] + partial[4]) + (partial[1] + partial[5])) +
         ((partial[2] + partial[6]) + (partial[3] + partial[7]));
}

}  // namespace greffe::mixer
