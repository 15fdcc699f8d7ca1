// MEETING of a command line → the folder it means.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/damage_log.h"
#include "base/progress.h"
#include "base/work_folder.h"
#include "catalog/archive.h"
#include "timeline/meeting_folder.h"

namespace greffe::flow {

// A meeting folder, and the archive it belongs to, if any.
struct MeetingPlace {
  timeline::MeetingFolder folder;
  std::optional<catalog::Archive> archive;
  std::unique_ptr<WorkFolder> work;  // holds the folder of a meeting that is in no archive
  std::vector<Path> sources = {};    // of such a meeting: what people named, complete paths
};

// `meeting` is a path to a meeting folder or to its meeting.json, or an id or unique prefix of one in the
// archive at `archive` (may be empty). A folder that lies where an archive keeps it belongs to that archive.
// Recordings that are in no archive (a description that people wrote, a folder of dumps, one dump) are first
// ingested into a work folder. Fails with kind Usage when there is no such meeting.
Result<MeetingPlace> find_meeting_place(const std::string& meeting, const std::string& archive, WallTime now,
                                        ProgressSink& progress, DamageLog& damage);

}  // namespace greffe::flow
