#include "custody/create_archive.h"

#include "base/file_lock.h"
#include "catalog/catalog.h"
#include "custody/catalog_index.h"
#include "journal/journal.h"

namespace greffe::custody {

Result<catalog::Archive> create_archive(const Path& root, const catalog::ArchiveDescription& description,
                                        const journal::Actor& actor, WallTime now,
                                        std::chrono::milliseconds lock_wait) {
  if (std::filesystem::exists(root / "archive.json")) return catalog::Archive::open(root);
  catalog::ArchiveDescription named = description;
  if (named.id.empty()) named.id = catalog::random_archive_id();
  GREFFE_TRY(catalog::Archive archive, catalog::Archive::prepare(root, std::move(named)));
  GREFFE_TRY(const FileLock lock, FileLock::acquire(archive.archive_lock(), lock_wait));
  // Another program may have been first while this one waited.
  if (std::filesystem::exists(root / "archive.json")) return catalog::Archive::open(root);
  GREFFE_TRY(catalog::Catalog catalog,
             catalog::Catalog::create(archive.catalog_file(), {.lock_wait = lock_wait}));
  const journal::Event event{.action = "create", .subjects = {archive.description().id}};
  GREFFE_CHECK(journal::Journal(archive.journal_folder(), actor, lock_wait).append(event, now));
  GREFFE_CHECK(index_journal(archive, catalog));
  GREFFE_CHECK(archive.publish());
  return archive;
}

}  // namespace greffe::custody
