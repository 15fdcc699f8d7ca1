// A track of a meeting folder as sound.
#pragma once

#include <memory>

#include "base/damage_log.h"
#include "flow/meeting_folder.h"
#include "mixer/sound_source.h"

namespace greffe::flow {

// Opens one audio track of a meeting as a source for the mixer. `track` and `damage` must outlive it.
Result<std::unique_ptr<mixer::SoundSource>> open_track_sound(const MeetingFolder& folder,
                                                             const timeline::TrackSidecar& track,
                                                             DamageLog& damage);

}  // namespace greffe::flow
