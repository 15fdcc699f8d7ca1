// Fixity of an archive: every file of every meeting folder against its manifest, in one run or over many
// nights. Nothing of the archive is changed, and nothing is journaled: the journal tells of effects
// (RETENTION A1), and this must run where nothing can be written.
#pragma once

#include "base/damage_log.h"
#include "base/progress.h"
#include "catalog/archive.h"
#include "custody/fixity_state.h"
#include "custody/folder_fixity.h"

namespace greffe::custody {

struct VerifyFilesOptions {
  std::vector<std::string> meetings;  // ids or unique beginnings; empty: all
  int percent = 100;
  std::optional<Path> state = {};  // file of the records; nullopt: none are kept
  std::optional<std::chrono::milliseconds> older_than = {};
  std::optional<std::chrono::milliseconds> time_limit = {};  // after which no further meeting is begun
  std::uint64_t bytes_per_second = 0;                        // of all jobs together; 0: no limit
  unsigned jobs = 1;
  WallTime now{};
  std::chrono::milliseconds lock_wait = std::chrono::seconds(30);
};

// A meeting that had findings when it was last verified, and was not verified again in this run.
struct StandingFindings {
  std::string meeting;
  FixityRecord record;
};

struct FilesVerification {
  std::uint64_t meetings = 0;  // verified
  std::uint64_t left = 0;      // chosen, but not reached: time or a signal
  std::uint64_t files = 0;     // hashed
  std::uint64_t bytes = 0;
  std::vector<journal::Finding> findings;
  std::vector<StandingFindings> standing;
  bool interrupted = false;
  bool holds() const { return findings.empty() && standing.empty(); }
};

// ARCHIVE/locks/fixity.json: where the records are by default, in the folder that is no record itself.
Path default_fixity_state(const catalog::Archive& archive);

// What is found is looked at a second time, with the meeting's lock where that can be taken, so that a
// meeting being edited is no finding; one whose lock is busy for longer than lock_wait is damage
// "busy-meeting" and waits for the next run. Records are written every few seconds and at the end. When asked
// to stop it ends with what it has; it fails where something that must be known cannot be asked for.
Result<FilesVerification> verify_files(const catalog::Archive& archive, const VerifyFilesOptions& options,
                                       DamageLog& damage, ProgressSink& progress);

}  // namespace greffe::custody
