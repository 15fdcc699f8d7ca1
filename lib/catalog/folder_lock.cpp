#include "catalog/folder_lock.h"

#include <fcntl.h>
#include <sys/file.h>

#include <algorithm>
#include <cerrno>
#include <thread>

#include "base/progress.h"

namespace greffe::catalog {

Result<FolderLock> FolderLock::share(const Path& folder, std::chrono::milliseconds wait) {
  const Path path = folder.empty() ? Path(".") : folder;
  FolderLock lock(File(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)), path);
  GREFFE_CHECK(lock.lock(LOCK_SH, wait));
  return lock;
}

Status FolderLock::hold_alone(std::chrono::milliseconds wait) const { return lock(LOCK_EX, wait); }

Status FolderLock::lock(int kind, std::chrono::milliseconds wait) const {
  if (!folder_.is_open()) return {};
  const auto deadline = std::chrono::steady_clock::now() + wait;
  auto pause = std::chrono::milliseconds(1);
  while (::flock(folder_.descriptor(), kind | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) return {};
    if (stop_requested())
      return fail(ErrorKind::Interrupted, "{}: stopped while waiting for the catalog", path_.string());
    if (std::chrono::steady_clock::now() >= deadline)
      return fail(ErrorKind::Busy, "{}: the catalog is {}; tried for {} ms, see --lock-wait", path_.string(),
                  kind == LOCK_EX ? "open in another program" : "being replaced", wait.count());
    std::this_thread::sleep_for(pause);
    pause = std::min(pause * 2, std::chrono::milliseconds(20));
  }
  return {};
}

}  // namespace greffe::catalog
