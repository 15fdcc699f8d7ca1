// Fills a meeting folder: from a source and its files to tracks, sidecars, reports and meeting.json.
#pragma once

#include "flow/meeting_clock.h"
#include "flow/meeting_source.h"
#include "flow/meeting_stage.h"
#include "flow/parallel.h"
#include "flow/source_files.h"
#include "timeline/meeting.h"

namespace greffe::flow {

// What was learned of a source by reading its tracks once.
struct SurveyedMeeting {
  std::vector<SurveyedTrack> tracks;
  WallTime start{};
  DamageLog damage;  // tracks that were refused among it
};

// Reads every track once. Fails when none is left, with the reason of the first that was refused.
Result<SurveyedMeeting> survey_meeting(const MeetingSource& source, const SourceFiles& files,
                                       std::optional<WallTime> start, const Workers& workers);

// The meeting of a source, without participants and tracks yet.
timeline::Meeting new_meeting(const MeetingSource& source, const SourceFiles& files, const std::string& id,
                              WallTime start);

// Copies, writes and describes everything of the source into the stage, and adds it to `meeting`, which may
// be new or be there already (then only what is new goes to the stage). `damage` gets what happened on the
// way.
Status build_meeting(const MeetingSource& source, const SourceFiles& files, const SurveyedMeeting& surveyed,
                     MeetingStage& stage, timeline::Meeting& meeting, DamageLog& damage,
                     const Workers& workers);

}  // namespace greffe::flow
