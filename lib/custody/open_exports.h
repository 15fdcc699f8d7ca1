// Which meetings are being packed right now: nothing of them goes meanwhile (RETENTION R13, EXPORT_OPEN).
//
// Each export has a file in locks/open-exports/ with the ids of its meetings, and holds a lock on it. The
// lock goes with the program, so that of one that was killed nothing stays open.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "base/file_lock.h"
#include "catalog/archive.h"

namespace greffe::custody {

class OpenExport {
 public:
  // From now on these meetings (ids) are open. What killed exports left is removed. ErrorKind::Busy where
  // others are at that for so long.
  static Result<OpenExport> begin(const catalog::Archive& archive, const std::vector<std::string>& meetings,
                                  std::chrono::milliseconds wait);
  OpenExport(OpenExport&& other) noexcept;
  OpenExport& operator=(OpenExport&&) = delete;
  ~OpenExport();

 private:
  OpenExport(Path file, FileLock lock) : file_(std::move(file)), lock_(std::move(lock)) {}

  Path file_;
  FileLock lock_;
};

// The meetings of all exports under way. Takes no lock, and writes nothing.
Result<std::set<std::string>> meetings_of_open_exports(const catalog::Archive& archive);

}  // namespace greffe::custody
