// The transcripts of a source: kept as received, and made into the meeting's cues.
#pragma once

#include "intake/meeting_source.h"
#include "intake/meeting_stage.h"
#include "intake/source_files.h"
#include "timeline/meeting.h"

namespace greffe::intake {

// Copies the transcripts into the stage's captions/, names them in `meeting`, and writes captions/cues.json
// and a WebVTT of the cues. A transcript that cannot be read is kept and is damage; it never fails a meeting
// (R81).
Status add_transcripts(const MeetingSource& source, const SourceFiles& files, MeetingStage& stage,
                       timeline::Meeting& meeting, DamageLog& damage);

}  // namespace greffe::intake
