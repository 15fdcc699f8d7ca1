// The cues of a meeting as a film carries them: burned in, as a track, and as a .vtt beside it.
#pragma once

#include <string>
#include <vector>

#include "base/damage_log.h"
#include "caption/cue.h"
#include "timeline/meeting_folder.h"

namespace greffe::film {

struct FilmCues {
  std::vector<caption::Cue> shown;  // clipped to the film, in order of start (R83, R84)
  bool any = false;                 // the meeting has some, wherever the film ends
};

// captions/cues.json as far as it lies in [0, end), speakers by name where they are given by id.
Result<FilmCues> film_cues_of(const timeline::MeetingFolder& folder, MeetingTime end);

}  // namespace greffe::film
