// A new archive with its catalog and the first line of its journal.
#pragma once

#include <chrono>

#include "catalog/archive.h"
#include "journal/entry.h"

namespace greffe::custody {

// Makes the archive at `root`, or opens the one that is there; what an interrupted run left is completed. Two
// programs may do so at once. A description without an id gets a random one.
Result<catalog::Archive> create_archive(const Path& root, const catalog::ArchiveDescription& description,
                                        const journal::Actor& actor, WallTime now,
                                        std::chrono::milliseconds lock_wait);

}  // namespace greffe::custody
