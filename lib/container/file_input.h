// An open file as libavformat reads it; for container's own .cpp files.
#pragma once

#include <memory>

#include "base/file.h"

struct AVFormatContext;
struct AVIOContext;
struct AVPacket;

namespace greffe::container {

struct FreeIo {
  void operator()(AVIOContext* io) const;
};
struct FreeFormat {
  void operator()(AVFormatContext* format) const;
};
struct FreePacket {
  void operator()(AVPacket* packet) const;
};

// Reads a regular file in one of the formats named and nothing else: no protocol, no second file, whatever
// its bytes ask for (SAFETY 4). Must not move once open() was called.
class FileInput {
 public:
  // Whether the file stays open from one read to the next. A film of hundreds of tracks reads hundreds of
  // files side by side, more than a process may hold open (R67).
  enum class Handle : std::uint8_t { Kept, PerRead };

  explicit FileInput(Handle handle = Handle::Kept) : handle_(handle) {}
  FileInput(const FileInput&) = delete;
  FileInput& operator=(const FileInput&) = delete;

  // `format` is libavformat's name of the demuxer, `flags` its AVFMT_FLAG_…
  Status open(const Path& path, const char* format, int flags);
  const Path& path() const { return path_; }
  AVFormatContext& context() { return *format_; }
  // The next packet of any stream, or nullptr at the end; valid until the next call. Fails with kind Damaged.
  Result<const AVPacket*> next();

 private:
  static int read(void* opaque, std::uint8_t* buffer, int size);
  Result<std::size_t> read_on(std::span<std::uint8_t> buffer);
  static std::int64_t seek(void* opaque, std::int64_t offset, int whence);

  Handle handle_;
  InputFile input_;
  Path path_;
  Status unreadable_;  // why reading ended before the end
  std::uint64_t position_ = 0;
  std::unique_ptr<AVIOContext, FreeIo> io_;
  std::unique_ptr<AVFormatContext, FreeFormat> format_;
  std::unique_ptr<AVPacket, FreePacket> packet_;
};

}  // namespace greffe::container
