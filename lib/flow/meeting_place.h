// MEETING of a command line → the folder it means.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "catalog/archive.h"
#include "flow/meeting_folder.h"

namespace greffe::flow {

// A meeting folder, and the archive it belongs to, if any.
struct MeetingPlace {
  MeetingFolder folder;
  std::optional<catalog::Archive> archive;
};

// `meeting` is a path to a meeting folder or to its meeting.json, or an id or unique prefix of one in the
// archive at `archive` (may be empty). A folder that lies where an archive keeps it belongs to that archive.
// Fails with kind Usage when there is no such meeting.
Result<MeetingPlace> find_meeting_place(const std::string& meeting, const std::string& archive);

// True when `meeting` is a path to a description that people write, or to a folder with one: not yet a
// meeting folder.
bool is_description(const std::string& meeting);

}  // namespace greffe::flow
