// Layers of simulcast: tracks that show one camera's pictures at several sizes (RFC 8853).
#pragma once

#include <vector>

#include "intake/meeting_clock.h"

namespace greffe::intake {

// Gives the tracks of one camera or screen one number. They are of one participant, role and codec, overlap
// in time, and SDP groups their SSRCs (SIM), their rids differ, or their frames were taken at the same
// instants as those of one of the 128 cameras before.
void find_layers(std::vector<SurveyedTrack>& tracks);

}  // namespace greffe::intake
