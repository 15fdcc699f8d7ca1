// A meeting folder → its scenes, whoever speaks found out on the way.
#pragma once

#include "base/damage_log.h"
#include "base/parallel.h"
#include "film/film_gains.h"
#include "layout/plan.h"
#include "timeline/meeting_folder.h"

namespace greffe::film {

struct MeetingPlan {
  layout::ScenePlan scenes;
  LoudnessOfTracks loudness;  // of the tracks that had to be decoded
};

// What is measured on a track that has to be decoded because its packets do not say who speaks.
enum class Measure : std::uint8_t { Levels, LevelsAndLoudness };

// Levels of voices are those of the packets (RFC 6464), else measured on the decoded sound, tracks side by
// side.
Result<MeetingPlan> plan_meeting(const timeline::MeetingFolder& folder, const layout::PlanOptions& options,
                                 Measure measure, const Workers& workers, DamageLog& damage);

// The same where no file of scenes is given, else what that says, and nothing is decoded.
Result<MeetingPlan> read_or_plan(const std::optional<Path>& scenes, const timeline::MeetingFolder& folder,
                                 const layout::PlanOptions& options, Measure measure, const Workers& workers,
                                 DamageLog& damage);

}  // namespace greffe::film
