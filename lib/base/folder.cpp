#include "base/folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <memory>

namespace greffe {
namespace {

using Kind = FolderEntry::Kind;

struct CloseFolder {
  void operator()(DIR* folder) const { ::closedir(folder); }
};

std::error_code last_error() { return {errno, std::generic_category()}; }

Kind kind_of_mode(mode_t mode) {
  if (S_ISREG(mode)) return Kind::File;
  if (S_ISDIR(mode)) return Kind::Folder;
  return S_ISLNK(mode) ? Kind::Link : Kind::Other;
}

// What readdir tells of an entry; file systems that tell nothing are asked.
std::error_code find_kind(DIR* folder, const dirent& found, Kind& kind) {
  if (found.d_type != DT_UNKNOWN) {
    kind = kind_of_mode(static_cast<mode_t>(DTTOIF(found.d_type)));
    return {};
  }
  struct stat status {};
  if (::fstatat(::dirfd(folder), found.d_name, &status, AT_SYMLINK_NOFOLLOW) != 0) return last_error();
  kind = kind_of_mode(status.st_mode);
  return {};
}

std::error_code read_entries(DIR* folder, std::vector<FolderEntry>& entries) {
  while (true) {
    errno = 0;
    const dirent* found = ::readdir(folder);
    if (!found) return errno == 0 ? std::error_code() : last_error();
    std::string name = found->d_name;
    if (name == "." || name == "..") continue;
    Kind kind = Kind::Other;
    const std::error_code error = find_kind(folder, *found, kind);
    if (error == std::errc::no_such_file_or_directory) continue;
    if (error) return error;
    entries.push_back({std::move(name), kind});
  }
}

Status walk(const Path& folder, const Path& below, const FolderVisitor& visit) {
  GREFFE_TRY(const auto entries, list_folder(below.empty() ? folder : folder / below));
  for (const FolderEntry& entry : entries) {
    const Path path = below / entry.name;
    GREFFE_TRY(const bool goes_on, visit(path, entry));
    if (goes_on && entry.kind == Kind::Folder) GREFFE_CHECK(walk(folder, path, visit));
  }
  return {};
}

}  // namespace

// Not std::filesystem::directory_iterator, which ends the program where memory ends.
std::error_code read_folder(const Path& folder, std::vector<FolderEntry>& entries) {
  const std::unique_ptr<DIR, CloseFolder> opened(::opendir(folder.empty() ? "." : folder.c_str()));
  if (!opened) return last_error();
  const std::error_code error = read_entries(opened.get(), entries);
  std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return error;
}

Result<std::vector<FolderEntry>> list_folder(const Path& folder) {
  std::vector<FolderEntry> entries;
  if (const auto error = read_folder(folder, entries))
    return fail("{}: {}", folder.string(), error.message());
  return entries;
}

Result<std::vector<FolderEntry>> list_folder_if_any(const Path& folder) {
  std::vector<FolderEntry> entries;
  const auto error = read_folder(folder, entries);
  if (error && error != std::errc::no_such_file_or_directory)
    return fail("{}: {}", folder.string(), error.message());
  return entries;
}

Status walk_folder(const Path& folder, const FolderVisitor& visit) { return walk(folder, {}, visit); }

Result<std::vector<Path>> files_below(const Path& folder, const Path& but) {
  std::vector<Path> files;
  const auto collect = [&](const Path& path, const FolderEntry& entry) -> Result<bool> {
    if (entry.kind == Kind::File) files.push_back(path);
    return but.empty() || path != but;
  };
  GREFFE_CHECK(walk_folder(folder, collect));
  std::sort(files.begin(), files.end(), [](const Path& a, const Path& b) { return a.native() < b.native(); });
  return files;
}

Result<std::vector<std::string>> folder_names(const Path& folder) {
  std::vector<std::string> names;
  GREFFE_TRY(auto entries, list_folder_if_any(folder));
  for (FolderEntry& entry : entries)
    if (entry.kind == Kind::Folder) names.push_back(std::move(entry.name));
  return names;
}

}  // namespace greffe
