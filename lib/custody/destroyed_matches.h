// What a hold comes too late for (RETENTION H12): destroyed meetings that it would have covered, as far as
// their tombstones can tell.
#pragma once

#include <string>
#include <vector>

#include "catalog/archive.h"
#include "catalog/meeting_matches.h"

namespace greffe::custody {

struct DestroyedMatch {
  std::string meeting;  // id
  std::string list;     // whose certificate tells of it
};

// Asks the tombstones as if they were meetings: they have id, class, producers and dates; titles, people and
// words are gone, so that what is asked of these matches none. `named` are ids, where no query or condition
// is given.
Result<std::vector<DestroyedMatch>> find_destroyed_matches(const catalog::Archive& archive,
                                                           const catalog::MeetingScope& scope,
                                                           const std::vector<std::string>& named);

}  // namespace greffe::custody
