// A meeting folder as rows of the catalog: the one way from files to rows, for ingest, compose, edit and
// rebuild.
#pragma once

#include "base/damage_log.h"
#include "base/file.h"
#include "catalog/rows.h"

namespace greffe::custody {

// Reads meeting.json, the sidecars, the manifest, captions/cues.json and the receipts in renders/. Fails when
// meeting.json or the manifest cannot be read; a sidecar, receipt or file that is missing or unreadable goes
// to `damage`, and its row is left out.
Result<catalog::MeetingRecord> read_meeting_record(const Path& folder, DamageLog& damage);

// captions/cues.json as rows: {"schema": "greffe.cues/1", "cues": [{"start_ms", "end_ms", "speaker",
// "text"}]}.
Result<std::vector<catalog::CueRow>> cue_rows_of(std::string_view text);

}  // namespace greffe::custody
