// Where the files of a package go: a folder, or one tar file.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/file.h"
#include "units/civil_date.h"

namespace greffe::package {

// Files come one after the other, in the order of their paths' bytes; paths are safe and relative. After a
// failure the sink is good for nothing more.
class PackageSink {
 public:
  virtual ~PackageSink() = default;
  virtual Status begin(const std::string& path, std::uint64_t bytes) = 0;
  // As many bytes in all as begin() was told.
  virtual Status write(Bytes bytes) = 0;
  virtual Status end() = 0;
  // Nothing more comes: all is on the disk when it returns.
  virtual Status finish() = 0;
  // Bytes of the package so far.
  virtual std::uint64_t bytes() const = 0;

  Status add(const std::string& path, std::string_view text);
};

// Makes `folder`, which must not be there.
Result<std::unique_ptr<PackageSink>> make_folder_sink(const Path& folder);
// Makes `file`, which must not be there: a tar in ustar format, with pax headers for what does not fit it.
// Owner 0, modes 0644 and 0755, and the beginning of `date` in UTC for every time: the same files give the
// same bytes. `seen` gets every byte of the tar once it is written.
Result<std::unique_ptr<PackageSink>> make_tar_sink(const Path& file, CivilDate date,
                                                   std::function<void(Bytes)> seen = {});

// What a tar of one more file takes at most.
std::uint64_t tar_size(std::string_view path, std::uint64_t bytes);
// What ends a tar.
inline constexpr std::uint64_t TarEnd = 1024;

}  // namespace greffe::package
