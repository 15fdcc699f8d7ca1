#include "mixer/limiter.h"

#include <algorithm>
#include <cmath>

namespace greffe::mixer {
namespace {
constexpr float Release = 1.0F / 4800.0F;  // time constant 100 ms
// So far back lies the oldest peak of which the sample that comes out now is a part.
constexpr std::size_t Window = Limiter::Lookahead + 2;
}  // namespace

Limiter::Limiter() : delayed_(2 * Lookahead), gains_(Ramp, 1.0F), sum_(Ramp) {}

// The gain at this instant for the sample of Lookahead ago. Each gain of the mean is at most what any peak of
// the window needs, so the mean is too.
float Limiter::gain_for(float peak) {
  const float needed = peak > Threshold ? Threshold / peak : 1.0F;
  while (!least_.empty() && least_.back().gain >= needed) least_.pop_back();
  least_.push_back({index_, needed});
  if (least_.front().index + Window < index_) least_.pop_front();
  held_ = std::min(least_.front().gain, held_ + (1.0F - held_) * Release);
  if (held_ > 0.9999F) held_ = least_.front().gain;
  float& slot = gains_[index_ % Ramp];
  sum_ += double{held_} - double{slot};
  slot = held_;
  ++index_;
  return static_cast<float>(sum_ / Ramp);
}

void Limiter::process(std::span<float> stereo) {
  for (std::size_t i = 0; i + 1 < stereo.size(); i += 2) {
    float* const delayed = &delayed_[2 * (index_ % Lookahead)];
    const float left = stereo[i], right = stereo[i + 1];
    const float gain = gain_for(std::max(left_.push(left, Threshold), right_.push(right, Threshold)));
    stereo[i] = std::clamp(delayed[0] * gain, -1.0F, 1.0F);
    stereo[i + 1] = std::clamp(delayed[1] * gain, -1.0F, 1.0F);
    delayed[0] = left;
    delayed[1] = right;
  }
}

}  // namespace greffe::mixer
