// All sound of a meeting as one: stereo at 48 kHz, each sample at its place on the meeting's clock.
#pragma once

#include <memory>
#include <vector>

#include "mixer/limiter.h"
#include "mixer/placed_sound.h"

namespace greffe::mixer {

// Voices are added with their gains and limited together. Pulled from a start onward without end; the caller
// knows where the film ends. Memory does not grow with the meeting. Not thread-safe.
class Mixer {
 public:
  // `first_sample` = meeting time × 48000: of the first sample that next() gives.
  explicit Mixer(std::int64_t first_sample = 0) : next_sample_(first_sample), next_unlimited_(first_sample) {}

  // Before the first next(). The source is not asked before the mix reaches `due`, at or before which its
  // first sample lies, and let go once it has ended. Its samples are multiplied by `gain`.
  void add(std::unique_ptr<SoundSource> source, MeetingTime due = MeetingTime::min(), float gain = 1.0F,
           Pan pan = {}) {
    sounds_.emplace_back(std::move(source), due, gain, std::move(pan));
  }

  // The next `length` samples. Fails only if a source fails.
  Result<media::AudioBlock> next(std::size_t length);
  // Index of the first sample of the next call.
  std::int64_t next_sample() const { return next_sample_; }

 private:
  Result<std::vector<float>> sum(std::size_t length);

  std::vector<PlacedSound> sounds_;
  Limiter limiter_;
  std::int64_t next_sample_;
  std::int64_t next_unlimited_;  // the limiter looks ahead of next_sample_
};

}  // namespace greffe::mixer
