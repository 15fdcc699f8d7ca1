// One writer at a time: an open-file-description lock, which the kernel drops with the process (DESIGN 3).
#pragma once

#include <chrono>

#include "base/file.h"

namespace greffe {

// Holds an OFD lock on a file. What is written in the file is for people; the kernel decides (R93,
// R109).
class FileLock {
 public:
  // Creates `path` when missing and waits up to `wait`; then fails with ErrorKind::Busy.
  static Result<FileLock> acquire(const Path& path, std::chrono::milliseconds wait);
  // The same beside others who share it.
  static Result<FileLock> share(const Path& path, std::chrono::milliseconds wait);
  // Whether somebody holds it, this program too; asked without taking it. False where there is no such file,
  // true where it cannot be told.
  static bool is_held(const Path& path);

 private:
  static Result<FileLock> lock(const Path& path, short kind, std::chrono::milliseconds wait);
  explicit FileLock(File file) : file_(std::move(file)) {}
  File file_;
};

}  // namespace greffe
