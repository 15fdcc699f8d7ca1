#include "custody/staged_target.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "base/folder.h"

namespace greffe::custody {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view TemporaryEnd = ".tmp";
constexpr int MostTries = 100;

std::string temporary_start(const Path& target) {
  return fmt::format(".{}.", target.filename().string().substr(0, 200));
}

// The lock of a folder that is being made; where there are no locks, nothing is taken for abandoned.
bool lock_folder(const File& folder) { return ::flock(folder.descriptor(), LOCK_EX | LOCK_NB) == 0; }

File open_folder(const Path& path) {
  return File(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

Status remove_abandoned(const Path& target) {
  const auto entries = list_folder(target.parent_path());
  if (!entries) return {};
  for (const auto& [name, kind] : *entries) {
    if (!name.starts_with(temporary_start(target)) || !name.ends_with(TemporaryEnd)) continue;
    const Path path = target.parent_path() / name;
    const File folder = open_folder(path);
    if (folder.is_open() && lock_folder(folder)) GREFFE_CHECK(remove_tree(path));
  }
  return {};
}

}  // namespace

Result<StagedTarget> StagedTarget::create(const Path& target) {
  GREFFE_CHECK(remove_abandoned(target));
  for (int number = 0;; ++number) {
    const Path folder = target.parent_path() /
                        fmt::format("{}{}-{}{}", temporary_start(target), ::getpid(), number, TemporaryEnd);
    if (::mkdir(folder.c_str(), 0750) != 0) {
      if (errno == EEXIST && number < MostTries) continue;
      return fail_errno(target.string());
    }
    File lock = open_folder(folder);
    if (!lock.is_open()) return fail_errno(folder.string());
    static_cast<void>(lock_folder(lock));
    return StagedTarget(target, folder, std::move(lock));
  }
}

StagedTarget::StagedTarget(StagedTarget&& other) noexcept
    : target_(std::move(other.target_)),
      folder_(std::exchange(other.folder_, Path{})),
      lock_(std::move(other.lock_)) {}

StagedTarget::~StagedTarget() {
  if (!folder_.empty()) static_cast<void>(remove_tree(folder_));
}

Status StagedTarget::commit() {
  const Path from = made();
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, target_.c_str(), RENAME_NOREPLACE) == 0)
    return sync_directory(target_.parent_path());
  // Some network file systems cannot tell whether a name is taken while they rename.
  if (errno != EINVAL) return fail_errno(target_.string());
  std::error_code error;
  if (fs::exists(fs::symlink_status(target_, error))) return fail("{}: File exists", target_.string());
  if (::rename(from.c_str(), target_.c_str()) != 0) return fail_errno(target_.string());
  return sync_directory(target_.parent_path());
}

Status check_room(const Path& folder, std::uint64_t bytes) {
  struct statvfs room {};
  if (::statvfs(folder.c_str(), &room) != 0) return fail_errno(folder.string());
  const std::uint64_t free = std::uint64_t{room.f_bavail} * room.f_frsize;
  if (free < bytes)
    return fail("{}: the package needs {} bytes, {} are free; nothing was written", folder.string(), bytes,
                free);
  return {};
}

Status check_not_within(const catalog::Archive& archive, const Path& path) {
  GREFFE_TRY(const bool within, archive.encloses(path));
  if (!within) return {};
  return fail(ErrorKind::Usage, "{}: lies within the archive; a package belongs outside of it",
              path.string());
}

}  // namespace greffe::custody
