// A finished stage takes the place of its published meeting folder, and the journal tells of it.
#pragma once

#include "catalog/archive.h"
#include "custody/acting.h"
#include "intake/meeting_stage.h"

namespace greffe::custody {

// Finishes `stage` and swaps it in for the folder of the meeting that `event` names first, in one step. The
// event is journaled as intended before and as done after, the manifest's change added to its files. The
// caller holds the meeting's lock. After a failure the folder is the old one or the new one, never a mixture.
Status swap_in_meeting(intake::MeetingStage stage, const catalog::Archive& archive, journal::Event event,
                       const Acting& acting);

}  // namespace greffe::custody
