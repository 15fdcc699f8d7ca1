// Sender reports from another file: a capture of the same media, before the recorder rewrote its numbers.
#pragma once

#include <vector>

#include "intake/meeting_clock.h"

namespace greffe::intake {

// Finds each track's media in the witness by its payloads and moves the reports found there onto the track's
// RTP time. Witnesses that hold none of the tracks are damage.
Status read_witnesses(const std::vector<TrackSource>& witnesses, std::vector<SurveyedTrack>& tracks,
                      DamageLog& damage);

}  // namespace greffe::intake
