// Keeps a catalog in its place while somebody has it open.
#pragma once

#include <chrono>

#include "base/file.h"

namespace greffe::catalog {

// SQLite knows what lies beside a database by its name. Were another database to take that name meanwhile,
// who has the old one open would take the new one's WAL for its own. So whoever opens a catalog shares a lock
// on its folder until it is closed, and whoever puts another in its place holds that lock alone. The folder
// is there where nothing can be written, too, and is not replaced as files are. Where it cannot be locked
// (some network file systems), there is no such lock.
class FolderLock {
 public:
  // Waits up to `wait`; then fails with ErrorKind::Busy, as it does for hold_alone().
  static Result<FolderLock> share(const Path& folder, std::chrono::milliseconds wait);
  // Waits until nobody shares it any more, this program included.
  Status hold_alone(std::chrono::milliseconds wait) const;

 private:
  FolderLock(File folder, Path path) : folder_(std::move(folder)), path_(std::move(path)) {}
  Status lock(int kind, std::chrono::milliseconds wait) const;

  File folder_;
  Path path_;
};

}  // namespace greffe::catalog
