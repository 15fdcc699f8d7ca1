#include "base/file.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>

#include "base/folder.h"
#include "base/random.h"

namespace greffe {
namespace fs = std::filesystem;

File& File::operator=(File&& other) noexcept {
  if (this != &other) {
    if (is_open()) ::close(descriptor_);
    descriptor_ = std::exchange(other.descriptor_, -1);
  }
  return *this;
}

File::~File() {
  if (is_open()) ::close(descriptor_);
}

Status File::close(std::string_view name) {
  if (::close(std::exchange(descriptor_, -1)) != 0) return fail_errno(fmt::format("{}: close", name));
  return {};
}

Result<FileStamp> stamp_of(const File& file, const Path& name) {
  struct stat status {};
  if (::fstat(file.descriptor(), &status) != 0) return fail_errno(name.string());
  if (!S_ISREG(status.st_mode)) return fail("{}: not a regular file", name.string());
  return FileStamp{
      .device = status.st_dev,
      .inode = status.st_ino,
      .size = static_cast<std::uint64_t>(status.st_size),
      .modified_ns = std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec};
}

Result<InputFile> open_input(const Path& path) {
  // O_NONBLOCK so that a FIFO does not hang the open; it has no effect on regular files.
  File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.is_open()) return fail_errno(path.string());
  GREFFE_TRY(const FileStamp stamp, stamp_of(file, path));
  return InputFile{.file = std::move(file), .stamp = stamp};
}

Status check_input(const Path& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) return fail_errno(path.string());
  if (!S_ISREG(info.st_mode)) return fail("{}: not a regular file", path.string());
  return ::access(path.c_str(), R_OK) == 0 ? Status() : Status(fail_errno(path.string()));
}

Result<std::size_t> read_at(const File& file, std::uint64_t offset, std::span<std::uint8_t> buffer,
                            const Path& name) {
  std::size_t done = 0;
  while (done < buffer.size()) {
    const ssize_t got = ::pread(file.descriptor(), buffer.data() + done, buffer.size() - done,
                                static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail_errno(fmt::format("{}: read at byte {}", name.string(), offset + done));
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}

Result<File> create_file(const Path& path) {
  File file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0640));
  if (!file.is_open()) return fail_errno(path.string());
  return file;
}

Status write_all(const File& file, Bytes bytes, const Path& name) {
  while (!bytes.empty()) {
    const ssize_t put = ::write(file.descriptor(), bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return fail_errno(fmt::format("{}: write", name.string()));
    bytes = bytes.subspan(static_cast<std::size_t>(put));
  }
  return {};
}

Result<std::string> read_text(const Path& path, std::uint64_t limit) {
  GREFFE_TRY(const InputFile input, open_input(path));
  if (input.stamp.size > limit)
    return fail("{}: {} bytes, more than the limit of {}", path.string(), input.stamp.size, limit);
  std::string text(input.stamp.size, '\0');
  const std::span<std::uint8_t> buffer(reinterpret_cast<std::uint8_t*>(text.data()), text.size());
  GREFFE_TRY(const std::size_t got, read_at(input.file, 0, buffer, path));
  text.resize(got);
  return text;
}

namespace {

constexpr std::string_view TemporaryEnd = ".tmp";

// Leaves out the end of long names, so that a temporary name fits where the name itself just fits (R105).
std::string temporary_start(const Path& path) {
  return fmt::format(".{}.", path.filename().string().substr(0, 200));
}

constexpr std::size_t CopyBlock = 256 << 10;

}  // namespace

Result<AtomicFile> AtomicFile::create(const Path& path) {
  const Path temporary =
      path.parent_path() / (temporary_start(path) + random_hex(6) + std::string(TemporaryEnd));
  File file(::open(temporary.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0640));
  if (!file.is_open()) return fail_errno(path.string());
  // The lock goes with the process. Where there are no locks, nothing is taken for abandoned.
  static_cast<void>(::flock(file.descriptor(), LOCK_EX | LOCK_NB));
  return AtomicFile(std::move(file), path, temporary);
}

void AtomicFile::remove_abandoned(const Path& path) {
  const std::string start = temporary_start(path);
  const auto entries = list_folder(path.parent_path());
  if (!entries) return;
  for (const auto& [name, kind] : *entries) {
    if (!name.starts_with(start) || !name.ends_with(TemporaryEnd)) continue;
    const Path left = path.parent_path() / name;
    const File file(::open(left.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (file.is_open() && ::flock(file.descriptor(), LOCK_EX | LOCK_NB) == 0) ::unlink(left.c_str());
  }
}

AtomicFile::AtomicFile(AtomicFile&& other) noexcept
    : file_(std::move(other.file_)),
      path_(std::move(other.path_)),
      temporary_(std::exchange(other.temporary_, Path{})) {}

AtomicFile::~AtomicFile() {
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

Status AtomicFile::write(Bytes bytes) { return write_all(file_, bytes, path_); }

Status AtomicFile::write(std::string_view text) {
  return write(Bytes(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
}

Status AtomicFile::commit_as(const Path& path, IfThere if_there) {
  if (::fsync(file_.descriptor()) != 0) return fail_errno(fmt::format("{}: sync", path.string()));
  GREFFE_CHECK(file_.close(path.string()));
  const unsigned flags = if_there == IfThere::Fail ? RENAME_NOREPLACE : 0u;
  if (::renameat2(AT_FDCWD, temporary_.c_str(), AT_FDCWD, path.c_str(), flags) != 0)
    return fail_errno(path.string());
  temporary_.clear();
  return sync_directory(path.parent_path());
}

Status write_bytes_atomically(const Path& path, Bytes bytes) {
  GREFFE_TRY(AtomicFile file, AtomicFile::create(path));
  GREFFE_CHECK(file.write(bytes));
  return file.commit();
}

Status write_text_atomically(const Path& path, std::string_view text) {
  return write_bytes_atomically(path, Bytes(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
}

Status copy_bytes(const InputFile& source, const Path& source_name, const Path& target,
                  const std::function<void(Bytes)>& seen) {
  GREFFE_TRY(File copy, create_file(target));
  const bool shared = ::ioctl(copy.descriptor(), FICLONE, source.file.descriptor()) == 0;
  std::vector<std::uint8_t> block(CopyBlock);
  for (std::uint64_t at = 0; at < source.stamp.size;) {
    const std::size_t wanted = std::min<std::uint64_t>(CopyBlock, source.stamp.size - at);
    GREFFE_TRY(const std::size_t got, read_at(source.file, at, std::span(block).first(wanted), source_name));
    if (got == 0) return fail("{}: became shorter while it was read", source_name.string());
    const Bytes bytes(block.data(), got);
    if (!shared) GREFFE_CHECK(write_all(copy, bytes, target));
    seen(bytes);
    at += got;
  }
  // A clone takes the file as it is now; a file that grew since it was opened is cut to what was read.
  if (shared && ::ftruncate(copy.descriptor(), static_cast<off_t>(source.stamp.size)) != 0)
    return fail_errno(target.string());
  return copy.close(target.string());
}

namespace {
Status sync_path(const Path& path, int flags) {
  const File file(::open(path.empty() ? "." : path.c_str(), flags | O_CLOEXEC));
  if (!file.is_open()) return fail_errno(path.string());
  if (::fsync(file.descriptor()) != 0) return fail_errno(fmt::format("{}: sync", path.string()));
  return {};
}
}  // namespace

Status sync_file(const Path& path) { return sync_path(path, O_RDONLY | O_NOFOLLOW); }
Status sync_directory(const Path& path) { return sync_path(path, O_RDONLY | O_DIRECTORY); }

Status make_directories(const Path& path) {
  std::error_code unknown;
  if (path.empty() || fs::is_directory(path, unknown)) return {};
  GREFFE_CHECK(make_directories(path.parent_path()));
  if (::mkdir(path.c_str(), 0750) != 0) {
    if (errno == EEXIST && fs::is_directory(path, unknown)) return {};
    return fail_errno(path.string());
  }
  return sync_directory(path.parent_path());
}

Status sync_tree(const Path& path) {
  std::vector<Path> folders{path};
  const auto sync_or_note = [&](const Path& below, const FolderEntry& entry) -> Result<bool> {
    if (entry.kind == FolderEntry::Kind::Folder) folders.push_back(path / below);
    if (entry.kind == FolderEntry::Kind::File) GREFFE_CHECK(sync_file(path / below));
    return true;
  };
  GREFFE_CHECK(walk_folder(path, sync_or_note));
  for (auto folder = folders.rbegin(); folder != folders.rend(); ++folder)
    GREFFE_CHECK(sync_directory(*folder));
  return {};
}

Status remove_tree(const Path& path) {
  std::error_code error;
  fs::remove_all(path, error);
  if (error) return fail("{}: {}", path.string(), error.message());
  return {};
}

Status rename_into_place(const Path& from, const Path& to) {
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) != 0)
    return fail_errno(to.string());
  return sync_directory(to.parent_path());
}

Status exchange(const Path& a, const Path& b) {
  if (::renameat2(AT_FDCWD, a.c_str(), AT_FDCWD, b.c_str(), RENAME_EXCHANGE) != 0)
    return fail_errno(b.string());
  GREFFE_CHECK(sync_directory(a.parent_path()));
  return sync_directory(b.parent_path());
}

Status link_file(const Path& from, const Path& to) {
  if (::link(from.c_str(), to.c_str()) != 0) return fail_errno(to.string());
  return {};
}

bool is_safe_relative(std::string_view path) {
  if (path.empty() || path.front() == '/' || path.find('\0') != std::string_view::npos) return false;
  while (true) {
    const auto slash = path.find('/');
    const std::string_view part = path.substr(0, slash);
    if (part.empty() || part == "." || part == "..") return false;
    if (slash == std::string_view::npos) return true;
    path.remove_prefix(slash + 1);
  }
}

}  // namespace greffe
