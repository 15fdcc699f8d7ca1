#include "custody/swap_catalog.h"

#include <array>
#include <optional>

#include "base/log.h"
#include "catalog/catalog.h"
#include "catalog/connection.h"
#include "catalog/folder_lock.h"

namespace greffe::custody {
namespace fs = std::filesystem;
namespace {

// What SQLite keeps beside a database.
constexpr std::array<const char*, 3> Companions{"-wal", "-shm", "-journal"};

// Sets a damaged catalog aside with all that belongs to it.
Status set_aside(const Path& file) {
  for (int number = 1;; ++number) {
    const Path target = fmt::format("{}.damaged-{}", file.string(), number);
    if (fs::exists(target)) continue;
    log::warning("{}: damaged; kept as {}", file.string(), target.filename().string());
    GREFFE_CHECK(rename_into_place(file, target));
    for (const char* companion : Companions)
      if (const Path beside = file.string() + companion; fs::exists(beside))
        GREFFE_CHECK(rename_into_place(beside, target.string() + companion));
    return {};
  }
}

}  // namespace

Result<Path> new_catalog_file(const catalog::Archive& archive) {
  const Path file = archive.catalog_file().string() + ".new";
  GREFFE_CHECK(remove_tree(file));
  for (const char* companion : Companions) GREFFE_CHECK(remove_tree(file.string() + companion));
  return file;
}

Status swap_in_catalog(const catalog::Archive& archive, const Path& made,
                       std::chrono::milliseconds lock_wait) {
  const Path file = archive.catalog_file();
  std::optional<catalog::Catalog> old;
  std::optional<catalog::FolderLock> alone;
  if (fs::exists(file)) {
    auto opened = catalog::Catalog::open(file, {.lock_wait = lock_wait});
    if (opened) {
      GREFFE_CHECK(opened->connection().shut_out_others());
      GREFFE_CHECK(opened->seize());
      old = std::move(*opened);
    } else if (opened.error().kind() == ErrorKind::Integrity) {
      GREFFE_TRY(alone, catalog::FolderLock::share(file.parent_path(), lock_wait));
      GREFFE_CHECK(alone->hold_alone(lock_wait));
      GREFFE_CHECK(set_aside(file));
    } else {
      return tl::unexpected(opened.error());
    }
  }
  // A WAL without its catalog would be taken for the new one's.
  for (const char* companion : Companions)
    if (!old) GREFFE_CHECK(remove_tree(file.string() + companion));
  std::error_code error;
  fs::rename(made, file, error);
  if (error) return fail("{}: {}", file.string(), error.message());
  return sync_directory(file.parent_path());
}

}  // namespace greffe::custody
