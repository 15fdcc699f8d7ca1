#include "base/file_lock.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <thread>

#include "base/progress.h"

namespace greffe {

Result<FileLock> FileLock::acquire(const Path& path, std::chrono::milliseconds wait) {
  return lock(path, F_WRLCK, wait);
}

Result<FileLock> FileLock::share(const Path& path, std::chrono::milliseconds wait) {
  return lock(path, F_RDLCK, wait);
}

Result<FileLock> FileLock::lock(const Path& path, short kind, std::chrono::milliseconds wait) {
  File file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640));
  if (!file.is_open()) return fail_errno(path.string());
  struct flock whole {};
  whole.l_type = kind;
  whole.l_whence = SEEK_SET;
  const auto deadline = std::chrono::steady_clock::now() + wait;
  auto pause = std::chrono::milliseconds(5);
  while (::fcntl(file.descriptor(), F_OFD_SETLK, &whole) != 0) {
    if (errno != EAGAIN && errno != EACCES && errno != EINTR)
      return fail_errno(fmt::format("{}: lock", path.string()));
    if (stop_requested())
      return fail(ErrorKind::Interrupted, "{}: stopped while waiting for the lock", path.string());
    if (std::chrono::steady_clock::now() >= deadline)
      return fail(ErrorKind::Busy, "{}: another program holds the lock; tried for {} ms, see --lock-wait",
                  path.string(), wait.count());
    std::this_thread::sleep_for(pause);
    pause = std::min(pause * 2, std::chrono::milliseconds(200));
  }
  return FileLock(std::move(file));
}

bool FileLock::is_held(const Path& path) {
  const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!file.is_open()) return errno != ENOENT;
  struct flock whole {};
  whole.l_type = F_WRLCK;
  whole.l_whence = SEEK_SET;
  return ::fcntl(file.descriptor(), F_OFD_GETLK, &whole) != 0 || whole.l_type != F_UNLCK;
}

}  // namespace greffe
