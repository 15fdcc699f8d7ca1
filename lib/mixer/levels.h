// How loud a track is over time, for tracks whose packets do not say.
#pragma once

#include <cstdint>
#include <vector>

#include "mixer/sound_source.h"

namespace greffe::mixer {

// Level of interleaved samples in -dBov as RFC 6464 §3 and RFC 6465 count it: 0 is the energy of a full
// square wave, 127 silence.
std::uint8_t level_of(std::span<const float> samples);

// The loudest 20 ms of each `step` from range.start on, 127 where there is no sound. Drains `source`.
Result<std::vector<std::uint8_t>> levels_of(SoundSource& source, TimeRange range,
                                            Duration step = std::chrono::milliseconds(100));

}  // namespace greffe::mixer
