// Dumps that hold nothing but what repairs a track of another: recorders that write a file for each port.
#pragma once

#include <vector>

#include "intake/meeting_clock.h"

namespace greffe::intake {

// Looks by the packets (RepairFinder) for the one of `tracks` that `dump` has retransmissions (RFC 4588) or
// error correction (FlexFEC) of, and reads it again with them. False where there is none: then nothing has
// changed. `damage` is told what is damaged in a dump that is taken.
Result<bool> repair_from(const TrackSource& dump, std::vector<SurveyedTrack>& tracks, DamageLog& damage);

}  // namespace greffe::intake
