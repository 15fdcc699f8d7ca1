// Fills a meeting folder: from a source and its files to tracks, sidecars, reports and meeting.json.
#pragma once

#include "intake/meeting_stage.h"
#include "intake/meeting_survey.h"
#include "timeline/meeting.h"

namespace greffe::intake {

// The meeting of a source, without participants and tracks yet.
timeline::Meeting new_meeting(const MeetingSource& source, const SourceFiles& files, const std::string& id,
                              WallTime start);

// Copies, writes and describes everything of the source into the stage, and adds it to `meeting`, which may
// be new or be there already (then only what is new goes to the stage). `damage` gets what happened on the
// way.
Status build_meeting(const MeetingSource& source, const SourceFiles& files, const SurveyedMeeting& surveyed,
                     MeetingStage& stage, timeline::Meeting& meeting, DamageLog& damage,
                     const Workers& workers);

}  // namespace greffe::intake
