#include "base/contained_file.h"

#include <fcntl.h>

namespace greffe {
namespace fs = std::filesystem;
namespace {

// Without links; nullopt where nothing is there.
std::optional<Path> real_path(const Path& path) {
  std::error_code error;
  Path real = fs::canonical(path.empty() ? Path(".") : path, error);
  if (error) return std::nullopt;
  return real;
}

// From the one to the other, both without links; nullopt when the other does not lie below.
std::optional<Path> way_down(const Path& folder, const Path& file) {
  Path way = file.lexically_relative(folder);
  if (!is_safe_relative(way.native())) return std::nullopt;
  return way;
}

}  // namespace

bool leads_out(const Path& folder, const Path& path) {
  const auto base = real_path(folder), file = real_path(path);
  std::error_code none;
  if (!file) return fs::is_symlink(path, none);
  return !base || !way_down(*base, *file);
}

Result<InputFile> open_contained(const Path& folder, const Path& path) {
  const auto base = real_path(folder), file = real_path(path);
  const auto way = base && file ? way_down(*base, *file) : std::nullopt;
  if (!way) {
    if (leads_out(folder, path)) return fail("{}: a link that leads out of its folder", path.string());
    return open_input(path);  // which says what is wrong
  }
  File at(::open(base->c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  for (auto part = way->begin(); at.is_open() && part != way->end(); ++part) {
    const int kind = std::next(part) == way->end() ? O_NONBLOCK : O_DIRECTORY;
    at = File(::openat(at.descriptor(), part->c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | kind));
  }
  if (!at.is_open()) return fail_errno(path.string());
  GREFFE_TRY(const FileStamp stamp, stamp_of(at, path));
  return InputFile{.file = std::move(at), .stamp = stamp};
}

}  // namespace greffe
