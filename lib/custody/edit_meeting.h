// Corrects what people wrote: the title of a meeting, the names in it, and whose records it is.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/damage_log.h"
#include "catalog/archive.h"
#include "journal/entry.h"

namespace greffe::custody {

struct MeetingEdit {
  std::optional<std::string> title;
  std::map<std::string, std::string> names;           // of participants, by id
  std::optional<std::vector<std::string>> producers;  // in the place of those it has; empty: none is named
};

// Rewrites meeting.json, the speakers in captions/cues.json and the manifest under the meeting's lock, then
// the rows. Journaled with the digests before and after, as intended and as done; a run after a kill
// completes what is missing. Returns false, and does nothing, when all is as asked already. ErrorKind::Usage
// for an id that is not in the meeting, ErrorKind::Integrity when a file is not the one the manifest names.
Result<bool> edit_meeting(const catalog::Archive& archive, std::string_view id, const MeetingEdit& edit,
                          const journal::Actor& actor, WallTime now, std::chrono::milliseconds lock_wait,
                          DamageLog& damage);

}  // namespace greffe::custody
