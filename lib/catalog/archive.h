// An archive on disk: archive.json, and where everything else of it lies (DESIGN 3).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "units/time_zone.h"

namespace greffe::catalog {

// What archive.json says.
struct ArchiveDescription {
  std::string id;                                 // 32 hex digits
  std::string owner;                              // any text, may be empty
  std::string policy_time_zone = "Europe/Paris";  // IANA name; retention dates are civil dates there (T1)
  bool operator==(const ArchiveDescription&) const = default;
};

// YYYYMMDD-HHMMSSZ- and 10 hex digits, lower case.
bool is_meeting_id(std::string_view id);
// 32 random hex digits.
std::string random_archive_id();

class Archive {
 public:
  // Makes the folders of an archive at `root`, which may exist when it is empty, holds only what an
  // interrupted create() left, or is an archive already (then the description found there stands).
  // archive.json comes last: call publish() when catalog and journal are ready.
  static Result<Archive> prepare(const Path& root, ArchiveDescription description);
  // Writes archive.json, once. No error when it is there.
  Status publish() const;

  // Fails with ErrorKind::NoArchive where there is none, or a newer one than this program knows.
  static Result<Archive> open(const Path& root);

  const Path& root() const { return root_; }
  // Whether a path, there or not, leads to a place within the archive, through links too.
  Result<bool> encloses(const Path& path) const;
  const ArchiveDescription& description() const { return description_; }

  // Where the days of retention are counted (T1).
  Result<TimeZone> policy_zone() const { return TimeZone::find(description_.policy_time_zone); }

  Path catalog_file() const { return root_ / "catalog.sqlite"; }
  Path journal_folder() const { return root_ / "journal"; }
  // Public keys of those who sign checkpoints; private ones lie outside the archive.
  Path keys_folder() const { return root_ / "keys"; }
  // Rules and events; made with the first of them.
  Path policy_folder() const { return root_ / "policy"; }
  // To be held while something is added to it.
  Path policy_lock() const { return root_ / "locks" / "policy"; }
  // Queries that people have given a name; made with the first of them.
  Path queries_folder() const { return root_ / "queries"; }
  // To be held while one is added.
  Path queries_lock() const { return root_ / "locks" / "queries"; }
  // Which packages left the archive; made with the first of them.
  Path exports_folder() const { return root_ / "exports"; }
  // To be held while one is added.
  Path exports_lock() const { return root_ / "locks" / "exports"; }
  // A file for each export under way, see custody/open_exports.h.
  Path open_exports_folder() const { return root_ / "locks" / "open-exports"; }
  // meetings/YYYY/MM/DD/ID; `id` is a meeting id.
  Path meeting_folder(std::string_view id) const;
  // The same, relative to the archive: as the journal names it.
  static std::string meeting_path(std::string_view id);
  // To be held (FileLock) while a meeting folder is made or changed. Lock files stay where they are.
  Path meeting_lock(std::string_view id) const;
  // Lists of what is to go, and what was done with them; made with the first.
  Path disposals_folder() const { return root_ / "disposals"; }
  // To be held while something is added to one.
  Path disposals_lock() const { return root_ / "locks" / "disposals"; }
  // Where a meeting waits for its destruction.
  Path trash_folder(std::string_view id) const;
  // Room that is kept for telling of a destruction on a full disk (RETENTION D5).
  Path reserve_file() const { return root_ / "disposals" / ".reserve"; }
  // Held by what changes the archive as a whole: create, rebuild, apply and purge.
  Path archive_lock() const { return root_ / "locks" / "archive"; }
  // For what is being made and is not to be seen yet; on the same file system as the rest.
  Path staging_folder() const { return root_ / "staging"; }

  // The meeting's folder where it lies now: in meetings/, or in the trash.
  Path place_of(std::string_view id) const;
  // All ids that have a folder, oldest first.
  Result<std::vector<std::string>> meeting_ids() const;
  // Those that have one in meetings/ or in the trash.
  Result<std::vector<std::string>> kept_ids() const;
  // Those in the trash.
  Result<std::vector<std::string>> trashed_ids() const;
  // The one meeting whose id is or begins with `prefix`. ErrorKind::Usage when there is none or several, or
  // it is in the trash.
  Result<std::string> find_meeting(std::string_view prefix) const;
  // The same of all, with those in the trash.
  Result<std::string> find_any_meeting(std::string_view prefix) const;

 private:
  Archive(Path root, ArchiveDescription description)
      : root_(std::move(root)), description_(std::move(description)) {}

  Path root_;
  ArchiveDescription description_;
};

}  // namespace greffe::catalog
