// What the mixer pulls sound from: runs of samples, each with its place on the meeting's clock.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "base/result.h"
#include "media/audio_block.h"
#include "units/time.h"

namespace greffe::mixer {

// A straight line from the samples of one run to meeting time, kept as the ratio it was measured as.
struct SampleLine {
  MeetingTime start{};                   // of the run's first sample
  std::int64_t rate_samples = 48'000;    // so many samples of the sender's clock
  std::int64_t rate_ns = 1'000'000'000;  // last so long on the meeting's

  // Meeting time of sample `index` of the run, to the nanosecond.
  MeetingTime at(std::int64_t index) const {
    const __int128 ns = static_cast<__int128>(index) * rate_ns / rate_samples;
    return start + Duration(static_cast<std::int64_t>(ns));
  }
};

struct SoundPiece {
  media::AudioBlock block;
  // Set when a run starts with this piece; without it the piece goes on, at the same rate and with as many
  // channels, where the one before ended.
  std::optional<SampleLine> new_run;
};

class SoundSource {
 public:
  virtual ~SoundSource() = default;
  // The next piece in order of time, or nullopt at the end.
  virtual Result<std::optional<SoundPiece>> next() = 0;
};

}  // namespace greffe::mixer
