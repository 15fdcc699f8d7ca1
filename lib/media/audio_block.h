// Decoded sound: interleaved floats, nominal range [-1, 1].
#pragma once

#include <cstdint>
#include <vector>

namespace greffe::media {

struct AudioBlock {
  std::uint32_t sample_rate_hz = 48'000;
  int channels = 1;            // 1 or 2
  std::vector<float> samples;  // interleaved; size is a multiple of channels

  std::size_t length() const { return samples.size() / static_cast<std::size_t>(channels); }
};

}  // namespace greffe::media
