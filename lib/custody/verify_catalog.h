// The catalog against what it is an index of: meeting folders, holds and the journal, in both directions.
#pragma once

#include <chrono>

#include "base/progress.h"
#include "catalog/archive.h"
#include "catalog/rows.h"
#include "journal/finding.h"
#include "units/time.h"

namespace greffe::custody {

// One word for each way in which the catalog is not what a rebuild would make. Scripts rest on them. Those of
// journal/finding.h come besides.
namespace reason {
inline constexpr std::string_view MissingCatalog = "missing-catalog";
inline constexpr std::string_view MissingRows = "missing-rows";            // a folder that has none
inline constexpr std::string_view OtherRows = "other-rows";                // than the folder gives
inline constexpr std::string_view MissingFolder = "missing-folder";        // rows that no folder is for
inline constexpr std::string_view UnreadableFolder = "unreadable-folder";  // that gives no rows
// Files of it are missing or unreadable, so that it gives other rows than it gave.
inline constexpr std::string_view DamagedFolder = "damaged-folder";
// The journal tells of another manifest than the folder has: file and manifest were changed by hand.
inline constexpr std::string_view OtherManifest = "other-manifest";
inline constexpr std::string_view MissingHoldRows = "missing-hold-rows";  // of a hold in holds/
inline constexpr std::string_view OtherHoldRows = "other-hold-rows";
inline constexpr std::string_view MissingHold = "missing-hold";  // rows that no file in holds/ is for
inline constexpr std::string_view UnreadableHold = "unreadable-hold";
inline constexpr std::string_view OtherPolicyRows = "other-policy-rows";  // than policy/ gives
inline constexpr std::string_view MissingPolicy = "missing-policy";  // rows that no file in policy/ is for
inline constexpr std::string_view UnreadablePolicy = "unreadable-policy";  // that gives no rows
inline constexpr std::string_view OtherExportRows = "other-export-rows";   // than exports/ gives
inline constexpr std::string_view MissingExport = "missing-export";  // rows that no file in exports/ is for
inline constexpr std::string_view UnreadableExport = "unreadable-export";     // that gives no rows
inline constexpr std::string_view OtherDisposalRows = "other-disposal-rows";  // than disposals/ gives
inline constexpr std::string_view MissingDisposal =
    "missing-disposal";  // rows that no file in disposals/ is for
inline constexpr std::string_view UnreadableDisposal = "unreadable-disposal";  // that gives no rows
inline constexpr std::string_view DestroyedRows = "destroyed-rows";  // of a meeting that has a tombstone
}  // namespace reason

struct VerifyCatalogOptions {
  bool words = false;  // compare the index of words, too, on a copy in the folder for temporary files
  WallTime now{};
  std::chrono::milliseconds lock_wait = std::chrono::seconds(30);
};

struct CatalogVerification {
  std::int64_t meetings = 0;  // folders compared
  std::int64_t holds = 0;
  std::int64_t journal_entries = 0;
  std::vector<journal::Finding> findings;
  // Whether greffe-catalog rebuild would make it true again: not while files are missing, which are to be
  // brought back first.
  bool rebuild_helps() const;
};

// What differs between the rows that are there and those that should be, a line for each table: "tracks: a-1
// is otherwise". Pure.
std::vector<std::string> differences(const catalog::MeetingRecord& there, const catalog::MeetingRecord& due);

// Changes nothing. A meeting that differs is compared again under its lock, where that can be taken; fails
// with ErrorKind::Busy when somebody has it for longer than lock_wait.
Result<CatalogVerification> verify_catalog(const catalog::Archive& archive,
                                           const VerifyCatalogOptions& options, ProgressSink& progress);

}  // namespace greffe::custody
