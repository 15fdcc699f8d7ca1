#include "custody/open_exports.h"

#include <algorithm>

#include "base/folder.h"

namespace greffe::custody {
namespace fs = std::filesystem;
namespace {

constexpr std::uint64_t LargestAnnouncement = 256u << 20;
constexpr std::string_view Guard = ".lock";  // held while files come and go

// Of all exports, also of those that were killed.
Result<std::vector<Path>> announcements(const Path& folder) {
  std::vector<Path> files;
  GREFFE_TRY(const auto entries, list_folder_if_any(folder));
  for (const FolderEntry& entry : entries)
    if (!entry.name.starts_with('.')) files.push_back(folder / entry.name);
  return files;
}

Path free_name(const Path& folder) {
  std::error_code error;
  for (int number = 1;; ++number)
    if (Path file = folder / fmt::format("{}", number); !fs::exists(file, error)) return file;
}

}  // namespace

Result<OpenExport> OpenExport::begin(const catalog::Archive& archive,
                                     const std::vector<std::string>& meetings,
                                     std::chrono::milliseconds wait) {
  const Path folder = archive.open_exports_folder();
  GREFFE_CHECK(make_directories(folder));
  GREFFE_TRY(const FileLock guard, FileLock::acquire(folder / Guard, wait));
  GREFFE_TRY(const std::vector<Path> there, announcements(folder));
  std::error_code error;
  for (const Path& file : there)
    if (!FileLock::is_held(file)) fs::remove(file, error);
  const Path file = free_name(folder);
  AtomicFile::remove_abandoned(file);
  GREFFE_CHECK(write_text_atomically(file, fmt::format("{}\n", fmt::join(meetings, "\n"))));
  auto lock = FileLock::acquire(file, std::chrono::milliseconds(0));
  if (!lock) {
    fs::remove(file, error);
    return tl::unexpected(lock.error());
  }
  return OpenExport(file, std::move(*lock));
}

OpenExport::OpenExport(OpenExport&& other) noexcept
    : file_(std::exchange(other.file_, Path{})), lock_(std::move(other.lock_)) {}

OpenExport::~OpenExport() {
  std::error_code error;
  if (!file_.empty()) fs::remove(file_, error);
}

Result<std::set<std::string>> meetings_of_open_exports(const catalog::Archive& archive) {
  std::set<std::string> meetings;
  GREFFE_TRY(const std::vector<Path> there, announcements(archive.open_exports_folder()));
  for (const Path& file : there) {
    if (!FileLock::is_held(file)) continue;
    const auto text = read_text(file, LargestAnnouncement);
    std::error_code error;
    if (!text && !fs::exists(file, error)) continue;  // it ended meanwhile
    if (!text) return tl::unexpected(text.error());
    for (std::size_t at = 0; at < text->size();) {
      const std::size_t end = std::min(text->find('\n', at), text->size());
      meetings.insert(text->substr(at, end - at));
      at = end + 1;
    }
  }
  return meetings;
}

}  // namespace greffe::custody
