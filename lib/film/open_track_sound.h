// A track of a meeting folder as sound.
#pragma once

#include <memory>

#include "base/damage_log.h"
#include "mixer/sound_source.h"
#include "timeline/meeting_folder.h"

namespace greffe::film {

// Opens one audio track of a meeting as a source for the mixer. `track` and `damage` must outlive it.
Result<std::unique_ptr<mixer::SoundSource>> open_track_sound(const timeline::MeetingFolder& folder,
                                                             const timeline::TrackSidecar& track,
                                                             DamageLog& damage);

}  // namespace greffe::film
