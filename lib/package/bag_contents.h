// What lies in a bag, whether it is a folder or packed in one file.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/file.h"

namespace greffe::package {

struct BagEntry {
  enum class Kind : std::uint8_t { File, Folder, Link, Special };
  std::string path;  // relative to the bag, as it is stored
  Kind kind = Kind::File;
  std::uint64_t bytes = 0;
};

// Takes the bytes of one file, piece by piece.
using BytesSink = std::function<void(Bytes)>;
// Which of the files are to be read, and into what: an empty sink passes one over.
using SinkFor = std::function<BytesSink(std::size_t entry)>;
// Hears of a file that could not be read to its end.
using UnreadSink = std::function<void(std::size_t entry, const std::string& why)>;

class BagContents {
 public:
  virtual ~BagContents() = default;
  // All entries below the bag, in the order in which they are met. Links are not followed.
  virtual const std::vector<BagEntry>& entries() const = 0;
  // Names at the top of a packed bag, of which there is to be one; empty for a folder.
  virtual const std::vector<std::string>& tops() const = 0;
  // Reads files once from their first byte to their end, in the order of entries(). Fails with
  // ErrorKind::Interrupted when asked to stop, else only where nothing more can be read.
  virtual Status read(const SinkFor& sink_for, const UnreadSink& unread) = 0;
};

// `path` is a folder, or a file in tar or zip format, compressed with gzip or not. Fails where there is
// neither.
Result<std::unique_ptr<BagContents>> open_bag(const Path& path);

}  // namespace greffe::package
