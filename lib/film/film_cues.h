// The cues of a meeting as a film carries them: burned in, as a track, and as a .vtt beside it.
#pragma once

#include <string>
#include <vector>

#include "base/damage_log.h"
#include "caption/cue.h"
#include "timeline/meeting_folder.h"

namespace greffe::film {

// captions/cues.json, clipped to [0, end) and in order of start (R83, R84), speakers by name where they are
// given by id; empty when the meeting has none.
Result<std::vector<caption::Cue>> film_cues_of(const timeline::MeetingFolder& folder, MeetingTime end);

}  // namespace greffe::film
