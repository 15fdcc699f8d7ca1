// How much each track of a film is lifted or lowered, so that all are heard alike.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/parallel.h"
#include "mixer/loudness.h"
#include "timeline/meeting_folder.h"

namespace greffe::film {

struct TrackGain {
  std::string track;
  int gain = 0;  // hundredths of a decibel
};
using TrackGains = std::vector<TrackGain>;

// By name of the track; of some.
using LoudnessOfTracks = std::map<std::string, std::vector<mixer::LoudBlock>, std::less<>>;

// Of every audio track that can be heard, in the meeting's order, by mixer::gains_for(). Decodes once the
// sound that is not in `known`, tracks side by side; what comes out does not depend on how many at once.
// Damage is left to whoever makes the film.
Result<TrackGains> loudness_gains(const timeline::MeetingFolder& folder, double target_lufs,
                                  const LoudnessOfTracks& known, const Workers& workers);

constexpr double DefaultLoudness = -16;
// "off", which is none, or LUFS from -40 to -5, to hundredths.
Result<std::optional<double>> loudness_target_of(std::string_view text);

// 0 for a track without one.
int gain_of(std::string_view track, const TrackGains& gains);

}  // namespace greffe::film
