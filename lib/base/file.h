// Files as greffe reads and writes them: regular files only, nothing half-written under its final name.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_reader.h"
#include "base/result.h"

namespace greffe {

using Path = std::filesystem::path;

// An open file descriptor, closed with its owner.
class File {
 public:
  File() = default;
  explicit File(int descriptor) : descriptor_(descriptor) {}
  File(File&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  File& operator=(File&& other) noexcept;
  ~File();

  int descriptor() const { return descriptor_; }
  bool is_open() const { return descriptor_ >= 0; }
  // Closes and tells what close() said: on network file systems a failed write shows only here.
  Status close(std::string_view name);

 private:
  int descriptor_ = -1;
};

// What tells one version of a file from another.
struct FileStamp {
  dev_t device = 0;
  ino_t inode = 0;
  std::uint64_t size = 0;
  std::int64_t modified_ns = 0;  // since 1970
  bool operator==(const FileStamp&) const = default;
};

struct InputFile {
  File file;
  FileStamp stamp;  // at the time of opening; its size bounds what is read
};

// Opens an existing regular file for reading. A FIFO, device or directory is refused without waiting for it
// (R74).
Result<InputFile> open_input(const Path& path);
Result<FileStamp> stamp_of(const File& file, const Path& name);
// Whether open_input() would do, without opening: closing any descriptor of a file gives up all POSIX locks
// that the process has on it, those of SQLite too.
Status check_input(const Path& path);

// Bytes at `offset`, up to buffer.size(); fewer only at the end of the file. EINTR is retried.
Result<std::size_t> read_at(const File& file, std::uint64_t offset, std::span<std::uint8_t> buffer,
                            const Path& name);
// A new file for writing, mode 0640 less the umask; fails if the name is taken.
Result<File> create_file(const Path& path);
Status write_all(const File& file, Bytes bytes, const Path& name);

// The whole file as bytes; refused above `limit`.
Result<std::string> read_text(const Path& path, std::uint64_t limit);

// A file that appears under its name whole or not at all: written beside its place under a temporary name
// (mode 0640 less the umask), synced, renamed, and the folder synced. Dropped without commit(), it leaves
// nothing.
class AtomicFile {
 public:
  enum class IfThere { Replace, Fail };

  static Result<AtomicFile> create(const Path& path);
  AtomicFile(AtomicFile&& other) noexcept;
  AtomicFile& operator=(AtomicFile&&) = delete;
  ~AtomicFile();

  // Removes what killed runs left of `path` under temporary names; a file somebody still writes stays.
  static void remove_abandoned(const Path& path);

  Status write(Bytes bytes);
  Status write(std::string_view text);
  const File& file() const { return file_; }
  // Where the bytes are until commit(): for libraries that write by path.
  const Path& temporary_path() const { return temporary_; }
  Status commit(IfThere if_there = IfThere::Replace) { return commit_as(path_, if_there); }
  // Under another name on the same file system.
  Status commit_as(const Path& path, IfThere if_there = IfThere::Replace);

 private:
  AtomicFile(File file, Path path, Path temporary)
      : file_(std::move(file)), path_(std::move(path)), temporary_(std::move(temporary)) {}

  File file_;
  Path path_;
  Path temporary_;
};

Status write_text_atomically(const Path& path, std::string_view text);
Status write_bytes_atomically(const Path& path, Bytes bytes);

// Copies the bytes of `source` (its size at opening) to a new file at `target`, sharing blocks where the file
// system can (FICLONE), and hands every byte to `seen` on the way. Not synced: see sync_file.
Status copy_bytes(const InputFile& source, const Path& source_name, const Path& target,
                  const std::function<void(Bytes)>& seen);

Status sync_file(const Path& path);
Status sync_directory(const Path& path);
// Creates what is missing of `path` (mode 0750 less the umask) and syncs the parent of each new directory.
Status make_directories(const Path& path);
// Syncs every file and folder below `path`, and `path`.
Status sync_tree(const Path& path);
// Removes a folder of our own making with all in it. No error when it is not there.
Status remove_tree(const Path& path);
// Renames and syncs the folder of `to`; fails if `to` exists.
Status rename_into_place(const Path& from, const Path& to);
// Swaps two names on one file system in one step and syncs their folders.
Status exchange(const Path& a, const Path& b);
// A second name for the same bytes.
Status link_file(const Path& from, const Path& to);

// True for a relative path of plain components that stays below its base: no "", ".", "..", root or NUL
// (R70).
bool is_safe_relative(std::string_view path);

}  // namespace greffe
