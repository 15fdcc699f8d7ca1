#include "flow/rebuild_catalog.h"

#include "base/file_lock.h"
#include "catalog/catalog.h"
#include "fixity/manifest.h"
#include "flow/catalog_index.h"
#include "flow/holds.h"
#include "flow/meeting_record.h"
#include "flow/policy_state.h"
#include "flow/swap_catalog.h"

namespace greffe::flow {
namespace {

// True when the catalog's rows are those of the folder as it is now.
bool is_up_to_date(const catalog::Archive& archive, const std::string& id, const catalog::MeetingRow& row) {
  const auto manifest = fixity::digest_of_file(archive.meeting_folder(id) / fixity::ManifestName);
  return manifest && manifest->digest == row.manifest;
}

// Puts the meetings that `catalog` does not have, or has otherwise than their folders say.
Result<RebuildCount> put_missing(const catalog::Archive& archive, catalog::Catalog& catalog,
                                 DamageLog& damage, ProgressSink& progress) {
  GREFFE_TRY(const std::vector<std::string> ids, archive.meeting_ids());
  std::map<std::string, catalog::MeetingRow> known;
  GREFFE_TRY(const auto summaries, catalog.meetings());
  for (const catalog::MeetingSummary& summary : summaries) known.emplace(summary.meeting.id, summary.meeting);
  RebuildCount count;
  std::uint64_t done = 0;
  for (const std::string& id : ids) {
    progress.advance("reading meetings", done++, ids.size());
    if (stop_requested()) return fail(ErrorKind::Interrupted, "stopped while rebuilding");
    const auto row = known.find(id);
    if (row != known.end() && is_up_to_date(archive, id, row->second)) continue;
    const auto record = read_meeting_record(archive.meeting_folder(id), damage);
    if (!record || record->meeting.id != id) {
      ++count.skipped;
      damage.add({.condition = "unreadable-meeting",
                  .place = id,
                  .unit = "meetings",
                  .text = record ? "meeting.json has another id" : record.error().message()});
      continue;
    }
    GREFFE_CHECK(catalog.put_meeting(*record));
    ++count.meetings;
  }
  return count;
}

// A journal that cannot be read to its end is for greffe-verify; the catalog has what comes before.
Status index_what_can_be_read(const catalog::Archive& archive, catalog::Catalog& catalog, DamageLog& damage) {
  const Status indexed = index_journal(archive, catalog);
  if (indexed || indexed.error().kind() != ErrorKind::Integrity) return indexed;
  damage.add({.condition = "broken-journal",
              .place = "journal",
              .unit = "entries",
              .text = indexed.error().message()});
  return {};
}

// Policy files that do not hold are named; the catalog then has none of those rows.
Status index_whole_policy(const catalog::Archive& archive, const catalog::Catalog& catalog,
                          DamageLog& damage) {
  const Status indexed = index_policy(archive, catalog);
  if (indexed || indexed.error().kind() != ErrorKind::Integrity) return indexed;
  damage.add(
      {.condition = "broken-policy", .place = "policy", .unit = "files", .text = indexed.error().message()});
  return {};
}

}  // namespace

Result<RebuildCount> rebuild_catalog(const catalog::Archive& archive, std::chrono::milliseconds lock_wait,
                                     DamageLog& damage, ProgressSink& progress) {
  GREFFE_TRY(const FileLock lock, FileLock::acquire(archive.archive_lock(), lock_wait));
  GREFFE_TRY(const Path made, new_catalog_file(archive));
  RebuildCount count;
  {
    GREFFE_TRY(catalog::Catalog catalog, catalog::Catalog::create(made, {.lock_wait = lock_wait}));
    GREFFE_TRY(count, put_missing(archive, catalog, damage, progress));
    GREFFE_CHECK(index_what_can_be_read(archive, catalog, damage));
    GREFFE_CHECK(sync_holds(archive, catalog));
    GREFFE_CHECK(index_whole_policy(archive, catalog, damage));
    GREFFE_CHECK(catalog.settle());
    GREFFE_CHECK(catalog.check());
    GREFFE_CHECK(catalog.seize());
  }
  GREFFE_CHECK(swap_in_catalog(archive, made, lock_wait));
  GREFFE_TRY(catalog::Catalog catalog,
             catalog::Catalog::open(archive.catalog_file(), {.lock_wait = lock_wait}));
  DamageLog told_already;
  GREFFE_TRY(const RebuildCount late, put_missing(archive, catalog, told_already, progress));
  GREFFE_CHECK(index_what_can_be_read(archive, catalog, told_already));
  GREFFE_CHECK(sync_holds(archive, catalog));
  GREFFE_CHECK(index_whole_policy(archive, catalog, told_already));
  count.meetings += late.meetings;
  return count;
}

}  // namespace greffe::flow
