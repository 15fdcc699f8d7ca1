#include "codec/waveform_concealer.h"

#include <algorithm>

namespace greffe::codec {

WaveformConcealer::WaveformConcealer(std::uint32_t sample_rate_hz) : rate_(sample_rate_hz) { reset(); }

void WaveformConcealer::reset() {
  history_.assign(rate_ / 25, 0.0F);
  period_ = 0;
  concealed_ = 0;
}

// The lag at which the last 20 ms look most like what was before them: 2.5 to 15 ms, 400 to 67 Hz.
std::size_t WaveformConcealer::pitch_period() const {
  const std::size_t window = rate_ / 50;
  const float* last = history_.data() + history_.size() - window;
  std::size_t best = rate_ / 66;
  double best_likeness = 0;
  for (std::size_t lag = rate_ / 400; lag <= rate_ / 66; ++lag) {
    double product = 0, energy = 1e-9;
    for (std::size_t i = 0; i < window; ++i) {
      const double earlier = *(last + i - lag);
      product += double{last[i]} * earlier;
      energy += earlier * earlier;
    }
    const double likeness = product > 0 ? product * product / energy : 0;
    if (likeness > best_likeness) {
      best_likeness = likeness;
      best = lag;
    }
  }
  return best;
}

std::vector<float> WaveformConcealer::conceal(std::size_t length) {
  if (period_ == 0) {
    period_ = pitch_period();
    concealed_ = 0;
  }
  const std::size_t fade_start = rate_ / 100, fade_end = rate_ * 6 / 100;
  std::vector<float> made(length);
  for (std::size_t i = 0; i < length; ++i, ++concealed_) {
    const float repeated = history_[history_.size() - period_ + concealed_ % period_];
    const float gain = concealed_ <= fade_start ? 1.0F
                       : concealed_ >= fade_end ? 0.0F
                                                : static_cast<float>(fade_end - concealed_) /
                                                      static_cast<float>(fade_end - fade_start);
    made[i] = repeated * gain;
  }
  return made;
}

void WaveformConcealer::heard(std::vector<float>& samples) {
  if (period_ != 0) {
    const std::vector<float> expected = conceal(std::min(samples.size(), rate_ / 400));
    for (std::size_t i = 0; i < expected.size(); ++i) {
      const float weight = static_cast<float>(i + 1) / static_cast<float>(expected.size() + 1);
      samples[i] = samples[i] * weight + expected[i] * (1.0F - weight);
    }
    period_ = 0;
  }
  const std::size_t kept = std::min(samples.size(), history_.size());
  std::move(history_.begin() + static_cast<std::ptrdiff_t>(kept), history_.end(), history_.begin());
  std::copy(samples.end() - static_cast<std::ptrdiff_t>(kept), samples.end(),
            history_.end() - static_cast<std::ptrdiff_t>(kept));
}

}  // namespace greffe::codec
