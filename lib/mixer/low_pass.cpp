#include "mixer/low_pass.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "mixer/resampler.h"

namespace greffe::mixer {

LowPass::LowPass(double ratio) {
  ratio = std::clamp(ratio, 1.0, MostRatio);
  const int half = static_cast<int>(std::ceil(Resampler::Taps / 2.0 * ratio));
  double sum = 0;
  for (int at = -half; at <= half; ++at) sum += Resampler::kernel(at / ratio);
  for (int at = -half; at <= half; ++at)
    weights_.push_back(static_cast<float>(Resampler::kernel(at / ratio) / sum));
  recent_.assign(static_cast<std::size_t>(half), 0.0F);
}

void LowPass::filter(std::span<const float> in, std::vector<float>& out) {
  recent_.insert(recent_.end(), in.begin(), in.end());
  if (recent_.size() < weights_.size()) return;
  const std::size_t known = recent_.size() - weights_.size() + 1;
  for (std::size_t at = 0; at < known; ++at)
    out.push_back(std::inner_product(weights_.begin(), weights_.end(),
                                     recent_.begin() + static_cast<std::ptrdiff_t>(at), 0.0F));
  recent_.erase(recent_.begin(), recent_.begin() + static_cast<std::ptrdiff_t>(known));
}

void LowPass::finish(std::vector<float>& out) { filter(std::vector<float>(weights_.size() / 2, 0.0F), out); }

}  // namespace greffe::mixer
