#include "codec/comfort_noise.h"

#include <algorithm>
#include <cmath>

namespace greffe::codec {
namespace {

// RFC 3389 §3.2. Kept off 1, where a filter would not die away.
double reflection_of(std::uint8_t index) {
  constexpr double Most = 0.995;
  return std::clamp(258.0 * (index - 127) / 32768.0, -Most, Most);
}

}  // namespace

void NoiseGenerator::set(const media::ComfortNoise& noise) {
  reflection_.clear();
  // An all-pole lattice makes noise stronger by one over the product of 1 - k²; noise even from -1 to 1 has a
  // power of 1/3.
  double power = 3 * std::pow(10.0, -noise.level / 10.0);
  for (const std::uint8_t index : noise.reflection) {
    const double k = reflection_of(index);
    reflection_.push_back(k);
    power *= 1 - k * k;
  }
  gain_ = noise.level >= 127 ? 0 : std::sqrt(power);
  backward_.resize(reflection_.size() + 1);
}

// xorshift64*, its upper bits.
float NoiseGenerator::next_white() {
  state_ ^= state_ >> 12;
  state_ ^= state_ << 25;
  state_ ^= state_ >> 27;
  const std::uint64_t bits = state_ * 0x2545F4914F6CDD1D;
  return static_cast<float>(static_cast<std::int32_t>(bits >> 32)) / 2147483648.0F;
}

// The lattice of 1/A(z), A(z) = 1 + a1/z + …, a1 = k1 for one stage: as WebRTC's and G.729's analysis and
// libavcodec's decoder have the sign, on which RFC 3389 is silent.
void NoiseGenerator::fill(std::span<float> samples) {
  if (gain_ == 0) {
    std::fill(samples.begin(), samples.end(), 0.0F);
    return;
  }
  for (float& sample : samples) {
    double forward = gain_ * double{next_white()};
    for (std::size_t i = reflection_.size(); i-- > 0;) {
      forward -= reflection_[i] * backward_[i];
      backward_[i + 1] = backward_[i] + reflection_[i] * forward;
    }
    backward_[0] = forward;
    sample = static_cast<float>(std::clamp(forward, -1.0, 1.0));
  }
}

}  // namespace greffe::codec
