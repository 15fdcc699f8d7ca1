// Noise as a sender's comfort noise describes it.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "media/comfort_noise.h"

namespace greffe::codec {

// The same noise each time: it comes from counting, not from chance. Not thread-safe.
class NoiseGenerator {
 public:
  // What follows is of this kind; what the filter holds of the noise before goes on into it.
  void set(const media::ComfortNoise& noise);
  // One channel, full scale 1. Silence until set() was called.
  void fill(std::span<float> samples);

 private:
  float next_white();

  std::uint64_t state_ = 0x9E3779B97F4A7C15;
  double gain_ = 0;                 // of white noise from -1 to 1 before it is shaped
  std::vector<double> reflection_;  // of stage 1, 2, …
  std::vector<double> backward_;    // what each stage holds from the sample before; one more than stages
};

}  // namespace greffe::codec
