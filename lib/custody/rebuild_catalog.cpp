#include "custody/rebuild_catalog.h"

#include <algorithm>
#include <set>

#include "base/file_lock.h"
#include "catalog/catalog.h"
#include "catalog/holds.h"
#include "custody/catalog_index.h"
#include "custody/disposal_run.h"
#include "custody/disposal_state.h"
#include "custody/export_register.h"
#include "custody/hold_files.h"
#include "custody/holds.h"
#include "custody/meeting_record.h"
#include "custody/policy_state.h"
#include "custody/swap_catalog.h"
#include "custody/verify_journal.h"
#include "fixity/manifest.h"
#include "journal/journal.h"

namespace greffe::custody {
namespace {

constexpr std::size_t MeetingsAtOnce = 64;  // in one transaction

// True when the folder is as it was when the rows with this manifest were made.
bool is_manifest_of(const catalog::Archive& archive, const std::string& id,
                    const std::optional<fixity::Digest>& manifest) {
  const auto there = fixity::digest_of_file(archive.place_of(id) / fixity::ManifestName);
  return there && manifest && there->digest == *manifest;
}

// The catalog so far; none where there is none, or one that is damaged.
Result<std::optional<catalog::Catalog>> open_old(const catalog::Archive& archive,
                                                 std::chrono::milliseconds lock_wait) {
  if (!std::filesystem::exists(archive.catalog_file())) return std::nullopt;
  auto old = catalog::Catalog::open(archive.catalog_file(), {.lock_wait = lock_wait});
  if (old) return std::move(*old);
  if (old.error().kind() == ErrorKind::Integrity) return std::nullopt;
  return tl::unexpected(old.error());
}

std::optional<catalog::MeetingRecord> old_rows(const std::optional<catalog::Catalog>& old,
                                               const std::string& id) {
  if (!old) return std::nullopt;
  auto record = old->find_meeting(id);
  return record ? std::move(*record) : std::nullopt;
}

// Puts meetings into a catalog, some at once.
class Putter {
 public:
  explicit Putter(catalog::Catalog& catalog) : catalog_(catalog) {}
  Status put(catalog::MeetingRecord record) {
    records_.push_back(std::move(record));
    return records_.size() < MeetingsAtOnce ? Status() : flush();
  }
  Status flush() {
    if (!records_.empty()) GREFFE_CHECK(catalog_.put_meetings(records_));
    records_.clear();
    return {};
  }

 private:
  catalog::Catalog& catalog_;
  std::vector<catalog::MeetingRecord> records_;
};

// Puts the meetings that `catalog` does not have, or has otherwise than their folders say.
Result<RebuildCount> put_folders(const catalog::Archive& archive, catalog::Catalog& catalog,
                                 const std::optional<catalog::Catalog>& old, DamageLog& damage,
                                 ProgressSink& progress) {
  GREFFE_TRY(std::vector<std::string> ids, archive.kept_ids());
  GREFFE_TRY(const std::set<std::string> destroyed, destroyed_meetings(archive));
  std::erase_if(ids, [&](const std::string& id) { return destroyed.contains(id); });
  Putter putter(catalog);
  RebuildCount count;
  std::uint64_t done = 0;
  for (const std::string& id : ids) {
    progress.advance("reading meetings", done++, ids.size());
    if (stop_requested()) return fail(ErrorKind::Interrupted, "stopped while rebuilding");
    GREFFE_TRY(const auto known, catalog::manifest_of(catalog, id));
    if (is_manifest_of(archive, id, known)) continue;
    DamageLog found;
    auto record = read_meeting_record(archive.place_of(id), found);
    const bool is_read = record && record->meeting.id == id;
    damage.add_all(found);
    if (!is_read)
      damage.add({.condition = "unreadable-meeting",
                  .place = id,
                  .unit = "meetings",
                  .text = record ? "meeting.json has another id" : record.error().message()});
    auto before = is_read && found.empty() ? std::nullopt : old_rows(old, id);
    if (before && is_manifest_of(archive, id, before->meeting.manifest)) {
      GREFFE_CHECK(putter.put(std::move(*before)));
      ++count.kept;
    } else if (is_read) {
      GREFFE_CHECK(putter.put(std::move(*record)));
    } else {
      ++count.skipped;
      continue;
    }
    ++count.meetings;
  }
  GREFFE_CHECK(putter.flush());
  return count;
}

// The meetings that the journal tells were taken in; all that can be read of it.
Result<std::set<std::string>> journaled_meetings(const catalog::Archive& archive) {
  GREFFE_TRY(journal::JournalReader reader, journal::JournalReader::open(archive.journal_folder()));
  std::set<std::string> ids;
  while (true) {
    const auto entry = reader.next();
    if (!entry && entry.error().kind() != ErrorKind::Integrity) return tl::unexpected(entry.error());
    if (!entry || !*entry) return ids;
    const journal::Event& event = (*entry)->event;
    if (event.action == "ingest" && event.outcome == "done")
      for (const std::string& id : event.subjects)
        if (catalog::is_meeting_id(id)) ids.insert(id);
  }
}

// Meetings whose folders somebody deleted: what the old catalog knows of them stays, and each is told.
Status keep_without_folder(const catalog::Archive& archive, catalog::Catalog& catalog,
                           const std::optional<catalog::Catalog>& old, RebuildCount& count,
                           DamageLog& damage) {
  GREFFE_TRY(std::set<std::string> due, journaled_meetings(archive));
  const std::set<std::string> journaled = due;
  if (old) {
    GREFFE_TRY(const auto ids, old->meeting_ids());
    due.insert(ids.begin(), ids.end());
  }
  GREFFE_TRY(const std::set<std::string> destroyed, destroyed_meetings(archive));
  for (const std::string& id : destroyed) due.erase(id);
  const auto tell = [&](const std::string& id, const char* text) {
    damage.add({.condition = "missing-folder", .place = id, .unit = "meetings", .text = text});
  };
  Putter putter(catalog);
  for (const std::string& id : due) {
    std::error_code error;
    const bool is_id = catalog::is_meeting_id(id);
    if (is_id && std::filesystem::exists(archive.place_of(id), error)) continue;
    auto record = old_rows(old, id);
    if (!is_id || !journaled.contains(id)) {
      tell(id, "rows without a folder, of which the journal knows nothing: left out");
    } else if (!record) {
      tell(id, "the journal knows it, but there is no folder; nothing else is known of it");
    } else {
      tell(id, "the journal knows it, but there is no folder; its rows stay");
      GREFFE_CHECK(putter.put(std::move(*record)));
      ++count.meetings;
      ++count.kept;
    }
  }
  return putter.flush();
}

// The same for holds: one that somebody deleted by hand was not released.
Status keep_holds_without_files(const catalog::Archive& archive, const catalog::Catalog& catalog,
                                const std::optional<catalog::Catalog>& old, DamageLog& damage) {
  if (!old) return {};
  GREFFE_TRY(const auto stored, stored_holds(archive));
  GREFFE_TRY(const auto rows, catalog::all_holds(*old));
  for (const catalog::HoldRow& row : rows) {
    if (std::find(stored.begin(), stored.end(), row.id) != stored.end()) continue;
    GREFFE_TRY(const auto members, catalog::members_of(*old, row.id));
    damage.add({.condition = "missing-hold",
                .place = "holds/" + row.id,
                .unit = "holds",
                .text = "rows, but no files; its rows stay"});
    const Status put = catalog.connection().write([&]() -> Status {
      GREFFE_CHECK(catalog::put_hold(catalog, row));
      return catalog::put_members(catalog, row.id, members);
    });
    GREFFE_CHECK(put);
  }
  return {};
}

// Puts the meetings of the new catalog under the live holds. Files of holds/ are written under the lock of
// the catalog that others have, which is the old one until the new one takes its place.
Status sweep_holds(const catalog::Archive& archive, const catalog::Catalog& catalog,
                   const std::optional<catalog::Catalog>& old, const Acting& acting, DamageLog& damage) {
  const auto sweep = [&] {
    return catalog.connection().write([&] { return cover_meetings(archive, catalog, acting, damage); });
  };
  GREFFE_CHECK(old ? old->connection().write(sweep) : sweep());
  return {};
}

// The index of an old catalog that tells of entries otherwise than the journal is a witness of a change. It
// goes with that catalog, for a copy would keep the words of what is destroyed later.
Status tell_contradiction(const catalog::Archive& archive, const std::optional<catalog::Catalog>& old,
                          DamageLog& damage) {
  if (!old) return {};
  GREFFE_TRY(const auto contradiction, index_contradiction(archive, *old));
  if (!contradiction) return {};
  damage.add({.condition = "rolled-back-catalog",
              .place = "catalog.sqlite",
              .unit = "entries",
              .text = fmt::format("{}; the new catalog follows the journal and does not tell this again: see "
                                  "what greffe-verify journal --since says to a head that was kept elsewhere",
                                  *contradiction)});
  return {};
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

// The same of the files of exports/.
Status index_whole_exports(const catalog::Archive& archive, const catalog::Catalog& catalog,
                           DamageLog& damage) {
  const Status indexed = index_exports(archive, catalog);
  if (indexed || indexed.error().kind() != ErrorKind::Integrity) return indexed;
  damage.add({.condition = "broken-exports",
              .place = "exports",
              .unit = "files",
              .text = indexed.error().message()});
  return {};
}

// And of those of disposals/.
Status index_whole_disposals(const catalog::Archive& archive, const catalog::Catalog& catalog,
                             DamageLog& damage) {
  const Status indexed = index_disposals(archive, catalog);
  if (indexed || indexed.error().kind() != ErrorKind::Integrity) return indexed;
  damage.add({.condition = "broken-disposals",
              .place = "disposals",
              .unit = "files",
              .text = indexed.error().message()});
  return {};
}

}  // namespace

Result<RebuildCount> rebuild_catalog(const catalog::Archive& archive, const Acting& acting, DamageLog& damage,
                                     ProgressSink& progress) {
  const std::chrono::milliseconds lock_wait = acting.lock_wait;
  GREFFE_TRY(const FileLock lock, FileLock::acquire(archive.archive_lock(), lock_wait));
  GREFFE_TRY(const Path made, new_catalog_file(archive));
  RebuildCount count;
  {
    GREFFE_TRY(const std::optional<catalog::Catalog> old, open_old(archive, lock_wait));
    GREFFE_CHECK(tell_contradiction(archive, old, damage));
    GREFFE_TRY(catalog::Catalog catalog, catalog::Catalog::create(made, {.lock_wait = lock_wait}));
    GREFFE_TRY(count, put_folders(archive, catalog, old, damage, progress));
    GREFFE_CHECK(keep_without_folder(archive, catalog, old, count, damage));
    GREFFE_CHECK(index_what_can_be_read(archive, catalog, damage));
    GREFFE_CHECK(sync_holds(archive, catalog));
    GREFFE_CHECK(keep_holds_without_files(archive, catalog, old, damage));
    GREFFE_CHECK(sweep_holds(archive, catalog, old, acting, damage));
    GREFFE_CHECK(index_whole_policy(archive, catalog, damage));
    GREFFE_CHECK(index_whole_exports(archive, catalog, damage));
    GREFFE_CHECK(index_whole_disposals(archive, catalog, damage));
    GREFFE_CHECK(catalog.settle());
    GREFFE_CHECK(catalog.check());
    GREFFE_CHECK(catalog.seize());
  }
  GREFFE_CHECK(swap_in_catalog(archive, made, lock_wait));
  GREFFE_TRY(catalog::Catalog catalog,
             catalog::Catalog::open(archive.catalog_file(), {.lock_wait = lock_wait}));
  DamageLog told_already;
  GREFFE_TRY(const RebuildCount late, put_folders(archive, catalog, {}, told_already, progress));
  GREFFE_CHECK(index_what_can_be_read(archive, catalog, told_already));
  GREFFE_CHECK(sync_holds(archive, catalog));
  if (late.meetings > 0) GREFFE_CHECK(sweep_holds(archive, catalog, {}, acting, told_already));
  GREFFE_CHECK(index_whole_policy(archive, catalog, told_already));
  GREFFE_CHECK(index_whole_exports(archive, catalog, told_already));
  GREFFE_CHECK(index_whole_disposals(archive, catalog, told_already));
  count.meetings += late.meetings;
  return count;
}

}  // namespace greffe::custody
