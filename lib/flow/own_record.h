// Files that were made of a meeting and are to be a record of their own, with a class of their own: validated
// minutes, for example (RETENTION D8). It outlives its meeting and does not extend it.
#pragma once

#include <string>
#include <vector>

#include "base/file.h"
#include "catalog/archive.h"
#include "intake/meeting_source.h"

namespace greffe::flow {

struct OwnRecord {
  std::string meeting;  // its id, or a beginning of it
  std::vector<Path> files;
  std::string title;  // empty: the name of the first file
  std::string meeting_class;
};

// What to ingest: transcripts (.vtt, .srt) as such, so that they can be searched, all other files as
// documents. Start, people and producers are the meeting's, the origin is its id.
Result<intake::MeetingSource> describe_own_record(const catalog::Archive& archive, const OwnRecord& record);

}  // namespace greffe::flow
