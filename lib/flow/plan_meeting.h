// A meeting folder → its scenes, whoever speaks found out on the way.
#pragma once

#include "base/damage_log.h"
#include "flow/meeting_folder.h"
#include "layout/plan.h"

namespace greffe::flow {

// Levels of all voices: as the packets had them (RFC 6464), else measured on the decoded sound.
Result<std::vector<layout::SpeechLevels>> speech_levels_of(const MeetingFolder& folder, DamageLog& damage);

Result<layout::ScenePlan> plan_meeting(const MeetingFolder& folder, const layout::PlanOptions& options,
                                       DamageLog& damage);

}  // namespace greffe::flow
