#include "custody/gentle_reader.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <thread>

#include "base/progress.h"

namespace greffe::custody {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t ReadBlock = 256 << 10;      // stays in the processor's cache until it is hashed
constexpr std::uint64_t KeptInMemory = 4u << 20;  // of a file being read, before it is given up
constexpr auto LongestSleep = 100ms;              // so that a stop is heard

// openat2 came with Linux 5.6; filters of system calls may refuse it. Then only the last name is watched, and
// the caller's listing has not gone through a linked folder.
int open_beneath(int folder, const char* name) {
  constexpr int Flags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
  open_how how{};
  how.flags = Flags;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
  const long opened = ::syscall(SYS_openat2, folder, name, &how, sizeof(how));
  if (opened >= 0 || (errno != ENOSYS && errno != EPERM)) return static_cast<int>(opened);
  return ::openat(folder, name, Flags);
}

void forget(const File& file, std::uint64_t from, std::uint64_t to) {
  static_cast<void>(::posix_fadvise(file.descriptor(), static_cast<off_t>(from),
                                    static_cast<off_t>(to - from), POSIX_FADV_DONTNEED));
}

}  // namespace

void ByteRate::wait_for(std::uint64_t bytes) {
  if (bytes_per_second_ == 0) return;
  const auto cost = std::chrono::duration_cast<Clock::duration>(
      std::chrono::duration<double>(static_cast<double>(bytes) / static_cast<double>(bytes_per_second_)));
  Clock::time_point mine;
  {
    const std::lock_guard lock(mutex_);
    mine = std::max(next_, Clock::now());
    next_ = mine + cost;
  }
  for (auto now = Clock::now(); now < mine && !stop_requested(); now = Clock::now())
    std::this_thread::sleep_for(std::min<Clock::duration>(mine - now, LongestSleep));
}

Result<FolderReader> FolderReader::open(const Path& folder) {
  File file(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!file.is_open()) return fail_errno(folder.string());
  return FolderReader(std::move(file), folder);
}

Result<fixity::FileDigest> FolderReader::digest_of(const std::string& name, ByteRate& rate,
                                                   const std::function<void(Bytes)>& seen) const {
  return copy(name, rate, [&seen](Bytes bytes) {
    if (seen) seen(bytes);
    return Status();
  });
}

Result<fixity::FileDigest> FolderReader::copy(const std::string& name, ByteRate& rate,
                                              const std::function<Status(Bytes)>& take) const {
  const Path path = path_ / name;
  const File file(open_beneath(folder_.descriptor(), name.c_str()));
  if (!file.is_open()) return fail_errno(path.string());
  GREFFE_CHECK(stamp_of(file, path));
  static_cast<void>(::posix_fadvise(file.descriptor(), 0, 0, POSIX_FADV_SEQUENTIAL));
  thread_local std::array<std::uint8_t, ReadBlock> block;
  fixity::Sha256 hasher;
  fixity::FileDigest found;
  std::uint64_t forgotten = 0;
  while (true) {
    if (stop_requested()) return fail(ErrorKind::Interrupted, "{}: stopped while reading", path.string());
    GREFFE_TRY(const std::size_t got, read_at(file, found.bytes, block, path));
    rate.wait_for(got);
    const Bytes bytes = Bytes(block).first(got);
    hasher.update(bytes);
    GREFFE_CHECK(take(bytes));
    found.bytes += got;
    const bool ended = got < block.size();
    if (ended || found.bytes - forgotten >= KeptInMemory) {
      forget(file, forgotten, found.bytes);
      forgotten = found.bytes;
    }
    if (ended) break;
  }
  found.digest = hasher.finish();
  return found;
}

}  // namespace greffe::custody
