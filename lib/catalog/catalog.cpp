#include "catalog/catalog.h"

#include <SQLiteCpp/Backup.h>
#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include "catalog/dump.h"
#include "catalog/meeting_writer.h"
#include "catalog/row_binding.h"

namespace greffe::catalog {
namespace {

using SQLite::Statement;

// All rows of `query`, whose only parameter is a meeting id.
template <class Row, class Take>
std::vector<Row> rows_of(SQLite::Database& database, const char* query, std::string_view meeting, Take take) {
  Statement select(database, query);
  select.bind(1, std::string(meeting));
  std::vector<Row> rows;
  while (select.executeStep()) {
    Taker taker(select);
    take(taker, rows.emplace_back());
  }
  return rows;
}

void take_meeting(Taker& taker, MeetingRow& row) {
  taker >> row.id >> row.title >> row.start_unix_ms >> row.duration_ms >> row.origin >> row.meeting_class >>
      row.manifest;
}

MeetingRecord record_of(SQLite::Database& database, std::string_view id, MeetingRow meeting) {
  MeetingRecord record{.meeting = std::move(meeting)};
  if (database.tableExists("producers"))
    record.producers =
        rows_of<ProducerRow>(database, "SELECT name FROM producers WHERE meeting = ? ORDER BY position", id,
                             [](Taker& taker, ProducerRow& row) { taker >> row.name; });
  record.participants = rows_of<ParticipantRow>(
      database, "SELECT id, name FROM participants WHERE meeting = ? ORDER BY position", id,
      [](Taker& taker, ParticipantRow& row) { taker >> row.id >> row.name; });
  record.tracks = rows_of<TrackRow>(database,
                                    "SELECT track, participant, role, codec, dump, start_ms, end_ms, frames, "
                                    "packets, lost, late, duplicates, recovered "
                                    "FROM tracks WHERE meeting = ? ORDER BY track",
                                    id, [](Taker& taker, TrackRow& row) {
                                      taker >> row.track >> row.participant >> row.role >> row.codec >>
                                          row.dump >> row.start_ms >> row.end_ms >> row.frames >>
                                          row.packets >> row.lost >> row.late >> row.duplicates >>
                                          row.recovered;
                                    });
  record.assets = rows_of<AssetRow>(
      database, "SELECT path, kind, bytes, sha256 FROM assets WHERE meeting = ? ORDER BY path", id,
      [](Taker& taker, AssetRow& row) { taker >> row.path >> row.kind >> row.bytes >> row.digest; });
  record.renders = rows_of<RenderRow>(database,
                                      "SELECT file, bytes, sha256, receipt, scenes_sha256, options FROM "
                                      "renders WHERE meeting = ? ORDER BY file",
                                      id, [](Taker& taker, RenderRow& row) {
                                        taker >> row.file >> row.bytes >> row.digest >> row.receipt >>
                                            row.scenes >> row.options;
                                      });
  record.cues = rows_of<CueRow>(
      database, "SELECT start_ms, end_ms, speaker, text FROM cues WHERE meeting = ? ORDER BY position", id,
      [](Taker& taker, CueRow& row) { taker >> row.start_ms >> row.end_ms >> row.speaker >> row.text; });
  return record;
}

std::map<std::string, std::int64_t> counts(SQLite::Database& database) {
  std::map<std::string, std::int64_t> found;
  // The names are those of our own list, not of the file.
  for (const TableShape& table : dumped_tables())
    found[std::string(table.name)] =
        database.execAndGet(fmt::format("SELECT count(*) FROM {}", table.name)).getInt64();
  return found;
}

Status check_database(SQLite::Database& database, const Path& file) {
  Statement integrity(database, "PRAGMA integrity_check(10)");
  while (integrity.executeStep())
    if (const std::string said = integrity.getColumn(0).getString(); said != "ok")
      return fail(ErrorKind::Integrity, "{}: {}", file.string(), said);
  Statement foreign(database, "PRAGMA foreign_key_check");
  if (foreign.executeStep())
    return fail(ErrorKind::Integrity, "{}: a row of {} belongs to no meeting", file.string(),
                foreign.getColumn(0).getString());
  return {};
}

// A check of the words against the cues is written as an insertion, which a read-only connection may not do.
Status check_words(SQLite::Database& database) {
  database.exec("INSERT INTO cue_words (cue_words, rank) VALUES ('integrity-check', 1)");
  database.exec("INSERT INTO meeting_words (meeting_words, rank) VALUES ('integrity-check', 1)");
  return {};
}

}  // namespace

Result<Catalog> Catalog::create(const Path& file, const ConnectionOptions& options) {
  GREFFE_TRY(Connection connection, Connection::open(file, Access::Create, options));
  return Catalog(std::move(connection));
}

Result<Catalog> Catalog::open(const Path& file, const ConnectionOptions& options) {
  GREFFE_TRY(Connection connection, Connection::open(file, Access::Write, options));
  return Catalog(std::move(connection));
}

Result<Catalog> Catalog::open_read_only(const Path& file, const ConnectionOptions& options) {
  GREFFE_TRY(Connection connection, Connection::open(file, Access::Read, options));
  return Catalog(std::move(connection));
}

Status Catalog::put_meeting(const MeetingRecord& record, const std::function<Status()>& then) {
  return connection_.write([&]() -> Status {
    GREFFE_CHECK(MeetingWriter(connection_.database()).put(record));
    return then ? then() : Status();
  });
}

Status Catalog::put_meetings(std::span<const MeetingRecord> records) {
  return connection_.write([&]() -> Status {
    MeetingWriter writer(connection_.database());
    for (const MeetingRecord& record : records) GREFFE_CHECK(writer.put(record));
    return {};
  });
}

Status Catalog::put_journal(const std::vector<JournalRow>& rows, const std::vector<FolderChange>& changes) {
  SQLite::Database& database = connection_.database();
  return connection_.write([&]() -> Status {
    Statement insert(database, "INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?)");
    Binder bind(insert);
    const std::int64_t known = database.execAndGet("SELECT coalesce(max(seq), 0) FROM journal").getInt64();
    for (const JournalRow& row : rows) {
      if (row.seq <= known) continue;
      bind << row.seq << row.utc << row.action << row.subjects << row.outcome << row.entry;
      bind.run();
    }
    Statement forget(database, "DELETE FROM late_meetings WHERE meeting = ?");
    Statement note(
        database,
        "INSERT INTO late_meetings SELECT id, ? FROM meetings WHERE id = ? AND manifest_sha256 <> ?");
    Binder bind_forget(forget), bind_note(note);
    for (const FolderChange& change : changes) {
      if (change.seq <= known) continue;
      bind_forget << change.meeting;
      bind_forget.run();
      bind_note << change.seq << change.meeting << change.manifest;
      bind_note.run();
    }
    return {};
  });
}

Result<std::vector<MeetingSummary>> Catalog::meetings() const {
  return guarded(connection_.file().string(), [&]() -> Result<std::vector<MeetingSummary>> {
    Statement select(connection_.database(),
                     "SELECT m.*, (SELECT count(*) FROM participants WHERE meeting = m.id),"
                     " (SELECT count(*) FROM tracks WHERE meeting = m.id),"
                     " (SELECT count(*) FROM renders WHERE meeting = m.id),"
                     " (SELECT coalesce(sum(bytes), 0) FROM assets WHERE meeting = m.id)"
                     " FROM meetings m ORDER BY start_unix_ms DESC, id DESC");
    std::vector<MeetingSummary> found;
    while (select.executeStep()) {
      Taker taker(select);
      MeetingSummary& summary = found.emplace_back();
      take_meeting(taker, summary.meeting);
      taker >> summary.participants >> summary.tracks >> summary.renders >> summary.bytes;
    }
    return found;
  });
}

Result<std::optional<MeetingRecord>> Catalog::find_meeting(std::string_view id) const {
  return guarded(connection_.file().string(), [&]() -> Result<std::optional<MeetingRecord>> {
    // One transaction, the caller's or one of our own, so that the rows of all tables are of the same moment.
    SQLite::Database& database = connection_.database();
    std::optional<SQLite::Transaction> moment;
    if (sqlite3_get_autocommit(database.getHandle()) != 0) moment.emplace(database);
    auto found = rows_of<MeetingRow>(database, "SELECT * FROM meetings WHERE id = ?", id, take_meeting);
    if (found.empty()) return std::nullopt;
    return record_of(database, id, std::move(found.front()));
  });
}

Result<std::vector<std::string>> Catalog::meeting_ids() const {
  return guarded(connection_.file().string(), [&]() -> Result<std::vector<std::string>> {
    Statement select(connection_.database(), "SELECT id FROM meetings ORDER BY id");
    return first_column(select);
  });
}

Result<std::vector<std::string>> Catalog::meetings_of_dumps(std::string_view digits) const {
  return guarded(connection_.file().string(), [&]() -> Result<std::vector<std::string>> {
    Statement select(connection_.database(),
                     "SELECT id FROM meetings WHERE substr(id, 18) = ?1 UNION "
                     "SELECT substr(subjects, 3, 27) FROM journal WHERE action = 'ingest' AND "
                     "substr(subjects, 20, 10) = ?1");
    select.bind(1, std::string(digits));
    return first_column(select);
  });
}

Result<std::vector<std::string>> Catalog::records_of(std::string_view meeting) const {
  return guarded(connection_.file().string(), [&]() -> Result<std::vector<std::string>> {
    Statement select(connection_.database(), "SELECT id FROM meetings WHERE origin = ? ORDER BY id");
    select.bind(1, std::string(meeting));
    return first_column(select);
  });
}

Result<std::vector<JournalRow>> Catalog::journal(std::int64_t first_seq) const {
  return guarded(connection_.file().string(), [&]() -> Result<std::vector<JournalRow>> {
    Statement select(connection_.database(), "SELECT * FROM journal WHERE seq >= ? ORDER BY seq");
    select.bind(1, first_seq);
    std::vector<JournalRow> rows;
    while (select.executeStep()) {
      Taker taker(select);
      JournalRow& row = rows.emplace_back();
      taker >> row.seq >> row.utc >> row.action >> row.subjects >> row.outcome >> row.entry;
    }
    return rows;
  });
}

Status Catalog::each_journal_time(const JournalTimeSink& see) const {
  return guarded(connection_.file().string(), [&]() -> Status {
    Statement select(connection_.database(), "SELECT utc, action FROM journal ORDER BY seq");
    while (select.executeStep()) see(select.getColumn(0).getText(), select.getColumn(1).getText());
    return {};
  });
}

Result<std::int64_t> Catalog::last_journal_seq() const {
  return guarded(connection_.file().string(), [&]() -> Result<std::int64_t> {
    return connection_.database().execAndGet("SELECT coalesce(max(seq), 0) FROM journal").getInt64();
  });
}

Result<std::map<std::string, std::int64_t>> Catalog::row_counts() const {
  return guarded(connection_.file().string(), [&]() -> Result<std::map<std::string, std::int64_t>> {
    return counts(connection_.database());
  });
}

Status Catalog::check() const {
  return guarded(connection_.file().string(),
                 [&]() -> Status { return check_database(connection_.database(), connection_.file()); });
}

Status Catalog::settle() const {
  GREFFE_CHECK(connection_.write([&]() -> Status {
    connection_.database().exec("INSERT INTO cue_words (cue_words) VALUES ('optimize')");
    connection_.database().exec("INSERT INTO meeting_words (meeting_words) VALUES ('optimize')");
    return check_words(connection_.database());
  }));
  return guarded(connection_.file().string(), [&]() -> Status {
    connection_.database().exec("PRAGMA wal_checkpoint(TRUNCATE)");
    return {};
  });
}

Status Catalog::seize() const {
  return guarded(connection_.file().string(), [&]() -> Status {
    GREFFE_CHECK(connection_.leave_wal());
    connection_.database().exec("BEGIN EXCLUSIVE");
    return {};
  });
}

Status Catalog::back_up(const Path& target) const {
  return guarded(target.string(), [&]() -> Status {
    GREFFE_TRY(AtomicFile file, AtomicFile::create(target));
    {
      SQLite::Transaction moment(connection_.database());
      const auto expected = counts(connection_.database());
      SQLite::Database copy(file.temporary_path().string(), SQLite::OPEN_READWRITE);
      SQLite::Backup(copy, connection_.database()).executeStep(-1);
      // A copy is one file: it has no WAL beside it.
      copy.exec("PRAGMA journal_mode = DELETE");
      GREFFE_CHECK(check_database(copy, target));
      GREFFE_CHECK(check_words(copy));
      if (counts(copy) != expected)
        return fail(ErrorKind::Integrity, "{}: the copy has other rows than the catalog", target.string());
    }
    return file.commit(AtomicFile::IfThere::Fail);
  });
}

}  // namespace greffe::catalog
