// A track's Matroska file → its frames, in file order.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "base/file.h"
#include "base/result.h"

namespace greffe::container {

// One frame as it lies in the file. `index` counts from 0: the frame's exact time is the one of the same
// index in the track's sidecar, the container's own being rounded.
struct StoredFrame {
  std::uint64_t index = 0;
  bool key = false;
  std::int64_t time_ms = 0;  // the container's, rounded
  Bytes bytes;               // valid until the next call of next()
};

// Reads the first track of a regular Matroska file; no other format, no protocol. Memory does not grow with
// the file, and between two reads it is not held open: any number of tracks may be read side by side. A file
// that changes meanwhile cannot be read on. Not thread-safe.
class Demuxer {
 public:
  static Result<Demuxer> open(const Path& path);
  Demuxer(Demuxer&&) noexcept;
  Demuxer& operator=(Demuxer&&) noexcept;
  ~Demuxer();

  // Matroska's CodecPrivate; empty when there is none. Valid as long as this object.
  Bytes codec_private() const;
  // The next frame, or nullopt at the end.
  Result<std::optional<StoredFrame>> next();

 private:
  struct Parts;
  explicit Demuxer(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace greffe::container
