// Puts a newly made catalog in the place of the archive's.
#pragma once

#include <chrono>

#include "catalog/archive.h"

namespace greffe::custody {

// Where a new catalog is made; the caller holds the archive's lock, and what an earlier run left there is
// removed.
Result<Path> new_catalog_file(const catalog::Archive& archive);

// Renames `made` (closed, without a WAL) to catalog.sqlite, while nobody has the one there open:
// ErrorKind::Busy when another program has it open for longer than lock_wait. Who comes meanwhile waits, and
// opens the new one. A damaged one is kept as catalog.sqlite.damaged-N (R96); a newer one is not touched
// (R97).
Status swap_in_catalog(const catalog::Archive& archive, const Path& made,
                       std::chrono::milliseconds lock_wait);

}  // namespace greffe::custody
