#include "dump/block_reader.h"

#include <unistd.h>

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <cstring>

namespace greffe::dump {

namespace {
constexpr std::size_t BufferBytes = 256 << 10;
// Read where somebody jumps, for the next place may be far away again; who stays there gets four times as
// much each time.
constexpr std::size_t JumpBytes = 4 << 10;
}  // namespace

BlockReader::BlockReader(InputFile input, Path name)
    : input_(std::move(input)),
      name_(std::move(name)),
      size_(input_.stamp.size),
      buffer_(std::min<std::uint64_t>(BufferBytes, std::max<std::uint64_t>(size_, 1))) {}

Result<Bytes> BlockReader::refill(std::uint64_t offset, std::size_t count) {
  assert(count <= LargestView);
  if (offset >= size_) return Bytes{};
  if (offset >= start_ && start_ + filled_ == size_) return held_from(offset, count);
  // What the buffer holds from `offset` on is moved to its front, not read again.
  std::size_t kept = 0;
  const bool jumps = filled_ > 0 && (offset < start_ || offset > start_ + filled_);
  if (offset >= start_ && offset < start_ + filled_) {
    kept = static_cast<std::size_t>(start_ + filled_ - offset);
    std::memmove(buffer_.data(), buffer_.data() + (offset - start_), kept);
  }
  start_ = offset;
  filled_ = kept;
  const std::uint64_t behind = size_ - offset - kept;
  at_once_ = jumps ? JumpBytes : std::min(4 * at_once_, BufferBytes);
  const std::size_t room = std::max(at_once_, count - std::min(count, kept));
  const auto wanted =
      static_cast<std::size_t>(std::min<std::uint64_t>({room, buffer_.size() - kept, behind}));
  GREFFE_TRY(const std::size_t got,
             read_at(input_.file, offset + kept, std::span(buffer_).subspan(kept, wanted), name_));
  if (got < wanted) size_ = offset + kept + got;
  filled_ += got;
  return held_from(offset, count);
}

std::uint64_t BlockReader::skip_hole(std::uint64_t offset) const {
  if (offset >= size_) return size_;
  const off_t place = ::lseek(input_.file.descriptor(), static_cast<off_t>(offset), SEEK_DATA);
  if (place < 0) return errno == ENXIO ? size_ : offset;
  return std::min(size_, static_cast<std::uint64_t>(place));
}

void BlockReader::report_change(std::string_view place, DamageLog& damage) const {
  const auto now = stamp_of(input_.file, name_);
  if (now && *now == input_.stamp) return;
  damage.add({.condition = "file-changed",
              .place = place,
              .position = static_cast<std::int64_t>(input_.stamp.size),
              .text = "the file changed while it was read: incomplete, take it in again later"});
}

}  // namespace greffe::dump
