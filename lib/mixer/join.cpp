#include "mixer/join.h"

#include <algorithm>
#include <span>

namespace greffe::mixer {

void Join::pass(media::AudioBlock& block, bool seam) {
  if (block.samples.empty()) return;
  const auto channels = static_cast<std::size_t>(block.channels);
  const std::span<float> samples = block.samples;
  if (seam && last_.size() == channels) {
    steps_.resize(channels);
    for (std::size_t c = 0; c < channels; ++c) steps_[c] = last_[c] - samples[c];
    left_ = length_ = block.sample_rate_hz / 200;
  }
  const std::size_t count = std::min(left_, block.length());
  for (std::size_t i = 0; i < count; ++i, --left_) {
    const float part = static_cast<float>(left_) / static_cast<float>(length_);
    for (std::size_t c = 0; c < channels; ++c) samples[i * channels + c] += part * steps_[c];
  }
  last_.assign(samples.end() - static_cast<std::ptrdiff_t>(channels), samples.end());
}

}  // namespace greffe::mixer
