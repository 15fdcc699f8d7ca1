// Reads files from end to end beside other work: no link followed, no faster than told, and without pushing
// what others use out of memory.
#pragma once

#include <chrono>
#include <functional>
#include <mutex>

#include "fixity/digest.h"

namespace greffe::custody {

// Bytes per second that all readers have together. Thread-safe.
class ByteRate {
 public:
  // 0: no limit.
  explicit ByteRate(std::uint64_t bytes_per_second) : bytes_per_second_(bytes_per_second) {}
  // Returns when these may be read, or at once when asked to stop.
  void wait_for(std::uint64_t bytes);

 private:
  using Clock = std::chrono::steady_clock;
  std::uint64_t bytes_per_second_;
  std::mutex mutex_;
  Clock::time_point next_{};  // when what was let through so far is paid for
};

// A meeting folder, held open: names below it lead nowhere else, not even by a link (R70, R106).
class FolderReader {
 public:
  static Result<FolderReader> open(const Path& folder);

  // Reads a file once from its first byte to its end. Fails with ErrorKind::Interrupted when asked to stop.
  Result<fixity::FileDigest> digest_of(const std::string& name, ByteRate& rate,
                                       const std::function<void(Bytes)>& seen = {}) const;
  // The same for what may fail with the bytes, and then reads no further.
  Result<fixity::FileDigest> copy(const std::string& name, ByteRate& rate,
                                  const std::function<Status(Bytes)>& take) const;

 private:
  FolderReader(File folder, Path path) : folder_(std::move(folder)), path_(std::move(path)) {}

  File folder_;
  Path path_;
};

}  // namespace greffe::custody
