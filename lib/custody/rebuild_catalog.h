// The catalog made again from the meeting folders and the journal alone.
#pragma once

#include "base/damage_log.h"
#include "base/progress.h"
#include "catalog/archive.h"
#include "custody/acting.h"

namespace greffe::custody {

struct RebuildCount {
  std::int64_t meetings = 0;
  std::int64_t kept = 0;     // of them with the rows of the old catalog, since files are missing
  std::int64_t skipped = 0;  // folders that could not be read, and of which there were no rows
};

// Makes a new catalog beside the old one, checks it, and puts it in its place. Other programs may go on
// meanwhile: meetings they add while the new one is made are added to it at the end. Every meeting comes
// under every live hold that it matches, as in ingest (H3): of one that was killed, nobody else would see to
// that.
//
// Nothing is dropped in silence. An old catalog whose index says of the journal otherwise than it is, is
// told. Of a meeting or hold whose files somebody deleted or broke, the rows of the old catalog stay where
// that can be read and the journal knows it; in any case it is told in the damage.
Result<RebuildCount> rebuild_catalog(const catalog::Archive& archive, const Acting& acting, DamageLog& damage,
                                     ProgressSink& progress);

}  // namespace greffe::custody
