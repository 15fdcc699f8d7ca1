#include "custody/catalog_index.h"

#include "custody/holds.h"
#include "custody/late_meetings.h"
#include "custody/meeting_record.h"
#include "journal/journal.h"

namespace greffe::custody {
namespace {

constexpr std::size_t RowsAtOnce = 1000;

catalog::JournalRow row_of(const journal::JournalEntry& entry, const std::string& line) {
  const json::Array subjects(entry.event.subjects.begin(), entry.event.subjects.end());
  return {.seq = entry.seq,
          .utc = rfc3339(entry.utc),
          .action = entry.event.action,
          .subjects = json::write(subjects),
          .outcome = entry.event.outcome,
          .entry = line};
}

}  // namespace

Status index_journal(const catalog::Archive& archive, catalog::Catalog& catalog) {
  GREFFE_TRY(const std::int64_t known, catalog.last_journal_seq());
  GREFFE_TRY(journal::JournalReader reader,
             journal::JournalReader::open(archive.journal_folder(), known + 1));
  std::vector<catalog::JournalRow> rows;
  std::vector<catalog::FolderChange> changes;
  while (true) {
    GREFFE_TRY(const auto entry, reader.next());
    if (entry) {
      rows.push_back(row_of(*entry, reader.line()));
      if (auto change = folder_change_of(*entry)) changes.push_back(std::move(*change));
    }
    if (rows.size() == RowsAtOnce || (!entry && !rows.empty())) {
      GREFFE_CHECK(catalog.put_journal(rows, changes));
      rows.clear();
      changes.clear();
    }
    if (!entry) return {};
  }
}

Status index_meeting(const catalog::Archive& archive, std::string_view id, const Acting& acting,
                     DamageLog& damage) {
  GREFFE_TRY(const catalog::MeetingRecord record, read_meeting_record(archive.meeting_folder(id), damage));
  GREFFE_TRY(catalog::Catalog catalog,
             catalog::Catalog::open(archive.catalog_file(), {.lock_wait = acting.lock_wait}));
  GREFFE_CHECK(sync_holds(archive, catalog));
  GREFFE_CHECK(
      catalog.put_meeting(record, [&] { return cover_meeting(archive, catalog, id, acting, damage); }));
  return index_journal(archive, catalog);
}

}  // namespace greffe::custody
