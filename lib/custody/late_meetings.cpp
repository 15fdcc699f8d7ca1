#include "custody/late_meetings.h"

#include "catalog/holds.h"
#include "catalog/retention_rows.h"
#include "custody/verify_catalog.h"
#include "fixity/manifest.h"
#include "journal/journal.h"

namespace greffe::custody {
namespace {

// Of the entries that the catalog does not have yet. What of a broken journal can be read counts; the rest is
// for greffe-verify.
Status add_from_tail(const catalog::Archive& archive, const catalog::Catalog& catalog,
                     std::set<std::string>& ids, DamageLog& damage) {
  GREFFE_TRY(const std::int64_t known, catalog.last_journal_seq());
  GREFFE_TRY(journal::JournalReader reader,
             journal::JournalReader::open(archive.journal_folder(), known + 1));
  while (true) {
    const auto entry = reader.next();
    if (!entry && entry.error().kind() != ErrorKind::Integrity) return tl::unexpected(entry.error());
    if (!entry)
      damage.add({.condition = "broken-journal",
                  .place = "journal",
                  .unit = "entries",
                  .text = entry.error().message()});
    if (!entry || !*entry) return {};
    if (const auto change = folder_change_of(**entry)) ids.insert(change->meeting);
  }
}

}  // namespace

std::optional<catalog::FolderChange> folder_change_of(const journal::JournalEntry& entry) {
  const journal::Event& event = entry.event;
  if (event.subjects.empty() || !catalog::is_meeting_id(event.subjects.front())) return std::nullopt;
  const std::string& id = event.subjects.front();
  const std::string manifest = catalog::Archive::meeting_path(id) + "/" + std::string(fixity::ManifestName);
  for (const journal::FileChange& change : event.files)
    if (change.after && change.file == manifest)
      return catalog::FolderChange{.seq = entry.seq, .meeting = id, .manifest = *change.after};
  return std::nullopt;
}

Result<std::set<std::string>> read_late_meetings(const catalog::Archive& archive,
                                                 const catalog::Catalog& catalog, DamageLog& damage) {
  GREFFE_TRY(const auto noted, catalog::late_meetings(catalog));
  std::set<std::string> ids(noted.begin(), noted.end());
  GREFFE_CHECK(add_from_tail(archive, catalog, ids, damage));
  for (auto id = ids.begin(); id != ids.end();) {
    GREFFE_TRY(const auto rows, catalog::manifest_of(catalog, *id));
    const auto there = fixity::digest_of_file(archive.place_of(*id) / fixity::ManifestName);
    // An edit that failed is in the journal as intended, and has changed nothing.
    if (!rows || (there && there->digest == *rows)) {
      id = ids.erase(id);
      continue;
    }
    damage.add({.condition = reason::OtherRows,
                .place = *id,
                .unit = "meetings",
                .text = "its folder is otherwise than its rows: counted as held until whoever changed it is "
                        "done, or greffe-catalog rebuild has made them again"});
    ++id;
  }
  return ids;
}

}  // namespace greffe::custody
