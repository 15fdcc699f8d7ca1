// Reads one file through one buffer: views of any place in it, without an allocation per record.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/damage_log.h"
#include "base/file.h"

namespace greffe::dump {

// How much is looked at at once where a format searches for its next record.
constexpr std::size_t SearchBytes = 64 << 10;

// Views into a file whose size is fixed at opening (R76). Reading forward costs one pass over the file.
class BlockReader {
 public:
  // The most bytes one view can hold: a record of 65 535 bytes, its header and the header after it, with room
  // to spare.
  static constexpr std::size_t LargestView = 128 << 10;

  BlockReader(InputFile input, Path name);

  // The bytes at `offset`, `count` (at most LargestView) of them or fewer at the end of the file. Valid until
  // the next call. Fails when the file cannot be read.
  Result<Bytes> view(std::uint64_t offset, std::size_t count) {
    if (offset >= start_ && offset + count <= start_ + filled_) return held_from(offset, count);
    return refill(offset, count);
  }

  // The first place at or after `offset` that is no hole of a sparse file; size() when there is none. Lets a
  // search pass terabytes of nothing (R75).
  std::uint64_t skip_hole(std::uint64_t offset) const;

  // In bytes. Becomes less than at opening when the file turns out to be shorter.
  std::uint64_t size() const { return size_; }
  const Path& name() const { return name_; }
  const File& file() const { return input_.file; }

  // Adds "file-changed" when the file is no longer what it was at opening (R76).
  void report_change(std::string_view place, DamageLog& damage) const;

 private:
  // What the buffer holds at `offset`, which it must hold, up to `count` bytes.
  Bytes held_from(std::uint64_t offset, std::size_t count) const {
    const std::size_t skipped = static_cast<std::size_t>(offset - start_);
    return Bytes(buffer_.data() + skipped, std::min(count, filled_ - skipped));
  }
  Result<Bytes> refill(std::uint64_t offset, std::size_t count);

  InputFile input_;
  Path name_;
  std::uint64_t size_;
  std::vector<std::uint8_t> buffer_;
  std::uint64_t start_ = 0;  // place of buffer_[0] in the file
  std::size_t filled_ = 0;
  std::size_t at_once_ = 256 << 10;  // bytes read the last time
};

}  // namespace greffe::dump
