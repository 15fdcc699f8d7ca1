// The index of an archive in SQLite: meetings with all that belongs to them, their words, and the journal.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/connection.h"
#include "catalog/rows.h"

namespace greffe::catalog {

// One line of the list of meetings.
struct MeetingSummary {
  MeetingRow meeting;
  std::int64_t participants = 0;
  std::int64_t tracks = 0;
  std::int64_t renders = 0;
  std::int64_t bytes = 0;  // of all assets
};

// Of one process; not thread-safe. Processes may write at once: each transaction waits for the others.
class Catalog {
 public:
  // Makes the file, with the newest schema. No error when it is there without any meeting.
  static Result<Catalog> create(const Path& file, const ConnectionOptions& options = {});
  static Result<Catalog> open(const Path& file, const ConnectionOptions& options = {});
  // Works on read-only folders and full disks too. Writing through it fails.
  static Result<Catalog> open_read_only(const Path& file, const ConnectionOptions& options = {});

  // Makes the rows of this meeting what `record` says, in one transaction; whatever was there of it goes.
  // `then` runs in the same transaction, which its failure undoes.
  Status put_meeting(const MeetingRecord& record, const std::function<Status()>& then = {});
  // The same for many at once: they are there all or none.
  Status put_meetings(std::span<const MeetingRecord> records);
  // Adds entries behind the last one known; those known already are passed over. `changes` are what they tell
  // of meeting folders, in their order: see late_meetings() in retention_rows.h.
  Status put_journal(const std::vector<JournalRow>& rows, const std::vector<FolderChange>& changes = {});

  // Newest first.
  Result<std::vector<MeetingSummary>> meetings() const;
  // In order.
  Result<std::vector<std::string>> meeting_ids() const;
  Result<std::optional<MeetingRecord>> find_meeting(std::string_view id) const;
  // Ids of which `digits` are the end, those behind the date: of meetings that are known, and of those that
  // the journal tells were taken in, as far as it is known here. Each once.
  Result<std::vector<std::string>> meetings_of_dumps(std::string_view digits) const;
  // Ids, in order, of the records whose origin is this meeting: what was made of it and is kept by itself.
  Result<std::vector<std::string>> records_of(std::string_view meeting) const;
  Result<std::vector<JournalRow>> journal(std::int64_t first_seq) const;
  // When each entry was written (RFC 3339), and what it tells of, in their order.
  using JournalTimeSink = std::function<void(std::string_view utc, std::string_view action)>;
  Status each_journal_time(const JournalTimeSink& see) const;
  Result<std::int64_t> last_journal_seq() const;  // 0 when there is none

  // Rows of every table, by name.
  Result<std::map<std::string, std::int64_t>> row_counts() const;
  // SQLite's integrity_check, foreign keys and the index of words. Fails with ErrorKind::Integrity.
  Status check() const;
  // Brings the index of words into its smallest form and the WAL into the file.
  Status settle() const;
  // Makes the catalog one file without a WAL, and keeps every other program out of it until this object goes.
  // ErrorKind::Busy when another has it open for longer than lock_wait.
  Status seize() const;
  // Copies the catalog as it is at one moment to a new file, checks the copy and compares its row counts
  // before it gets its name. Fails if `target` exists.
  Status back_up(const Path& target) const;

  const Connection& connection() const { return connection_; }

 private:
  explicit Catalog(Connection connection) : connection_(std::move(connection)) {}

  Connection connection_;
};

}  // namespace greffe::catalog
