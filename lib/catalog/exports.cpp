#include "catalog/exports.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <SQLiteCpp/VariadicBind.h>

#include "json/value.h"

namespace greffe::catalog {
namespace {

using SQLite::Statement;

void insert_export(SQLite::Database& database, const StoredExport& stored) {
  const ExportRecord& record = stored.record;
  const json::Array holds(record.holds.begin(), record.holds.end());
  Statement insert(database, "INSERT INTO exports VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  SQLite::bind(insert, record.number, record.format, rfc3339(record.exported),
               greffe::text_of(record.bagging_date), record.recipient, record.reason, record.target,
               record.by.uid, record.by.sudo_user, json::write(holds), stored.digest.hex());
  insert.exec();
  for (const ExportedMeeting& meeting : record.meetings) {
    Statement row(database, "INSERT INTO export_meetings VALUES (?, ?, ?, ?, ?)");
    SQLite::bind(row, meeting.id, record.number, meeting.manifest.hex(), meeting.files, meeting.bytes);
    row.exec();
  }
  std::int64_t position = 0;
  for (const ExportedPart& part : record.parts) {
    Statement row(database, "INSERT INTO export_parts VALUES (?, ?, ?, ?, ?, ?)");
    SQLite::bind(row, record.number, position++, part.name, part.bytes, part.file, part.digest.hex());
    row.exec();
  }
}

}  // namespace

std::int64_t ExportRecord::bytes() const {
  std::int64_t sum = 0;
  for (const ExportedPart& part : parts) sum += part.bytes;
  return sum;
}

std::string export_id(std::int64_t number) { return fmt::format("export-{}", number); }

Status put_exports(const Catalog& catalog, const std::vector<StoredExport>& exports) {
  SQLite::Database& database = catalog.connection().database();
  return catalog.connection().write([&]() -> Status {
    Statement select(database, "SELECT sha256 FROM exports WHERE number = ?");
    for (const StoredExport& stored : exports) {
      select.reset();
      select.bind(1, stored.record.number);
      if (!select.executeStep())
        insert_export(database, stored);
      else if (select.getColumn(0).getString() != stored.digest.hex())
        return fail(ErrorKind::Integrity, "exports/{}.json: not the file that was entered in the catalog",
                    export_id(stored.record.number));
    }
    const std::int64_t last = database.execAndGet("SELECT coalesce(max(number), 0) FROM exports").getInt64();
    if (last > static_cast<std::int64_t>(exports.size()))
      return fail(ErrorKind::Integrity, "exports/{}.json: entered in the catalog, and gone", export_id(last));
    return {};
  });
}

Result<ExportProgress> export_progress(const Catalog& catalog, std::int64_t number) {
  return guarded(catalog.connection().file().string(), [&]() -> Result<ExportProgress> {
    SQLite::Database& database = catalog.connection().database();
    ExportProgress progress;
    Statement entry(database,
                    "SELECT outcome FROM journal WHERE action = 'export' AND json_extract(subjects, '$[0]') "
                    "= ? ORDER BY seq DESC LIMIT 1");
    entry.bind(1, export_id(number));
    if (entry.executeStep()) progress.outcome = entry.getColumn(0).getString();
    Statement row(database, "SELECT 1 FROM exports WHERE number = ?");
    row.bind(1, number);
    progress.has_rows = row.executeStep();
    return progress;
  });
}

}  // namespace greffe::catalog
