// A late track joins a meeting that is already in the archive.
#pragma once

#include "flow/ingest.h"

namespace greffe::flow {

// Adds the source's tracks and transcripts to the meeting named by `meeting` (an id or its unique beginning),
// whose id, start and title stay. The folder changes in one step. Dumps that are all there already: nothing
// is done.
Result<Ingested> ingest_into(const catalog::Archive& archive, const std::string& meeting,
                             const intake::MeetingSource& source, const IngestOptions& options,
                             ProgressSink& progress);

}  // namespace greffe::flow
