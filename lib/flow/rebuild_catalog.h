// The catalog made again from the meeting folders and the journal alone.
#pragma once

#include <chrono>

#include "base/damage_log.h"
#include "base/progress.h"
#include "catalog/archive.h"

namespace greffe::flow {

struct RebuildCount {
  std::int64_t meetings = 0;
  std::int64_t skipped = 0;  // folders that could not be read, each told in the damage
};

// Makes a new catalog beside the old one, checks it, and puts it in its place. Other programs may go on
// meanwhile: meetings they add while the new one is made are added to it at the end.
Result<RebuildCount> rebuild_catalog(const catalog::Archive& archive, std::chrono::milliseconds lock_wait,
                                     DamageLog& damage, ProgressSink& progress);

}  // namespace greffe::flow
