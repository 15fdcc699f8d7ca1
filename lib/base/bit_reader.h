// Bits of headers that are not aligned to bytes: the most significant bit of each byte first.
#pragma once

#include "base/byte_reader.h"

namespace greffe {

// Reads numbers from bits of bytes it does not own. A read that does not fit takes nothing, gives 0, and sets
// failed() for good, so that a parser may read a whole header and ask once.
class BitReader {
 public:
  explicit BitReader(Bytes bytes) : bytes_(bytes) {}

  bool failed() const { return failed_; }
  std::size_t position() const { return at_; }  // in bits from the start
  std::size_t remaining() const { return failed_ ? 0 : bytes_.size() * 8 - at_; }

  bool flag() { return bits(1) != 0; }
  // `count` is at most 32.
  std::uint32_t bits(unsigned count) {
    if (failed_ || count > remaining()) {
      failed_ = true;
      return 0;
    }
    std::uint64_t value = 0;
    for (unsigned taken = 0; taken < count; ++taken, ++at_)
      value = value << 1 | (bytes_[at_ / 8] >> (7 - at_ % 8) & 1u);
    return static_cast<std::uint32_t>(value);
  }
  void skip(std::size_t count) {
    if (failed_ || count > remaining()) {
      failed_ = true;
    } else {
      at_ += count;
    }
  }
  // Exp-Golomb codes of ITU-T H.264 §9.1 and H.265 §9.2. ue: 0 … 2^32 - 2; more than 31 leading zeros fail.
  std::uint32_t ue() {
    unsigned zeros = 0;
    while (!failed_ && !flag())
      if (++zeros > 31) failed_ = true;
    const std::uint64_t value = (std::uint64_t{1} << (zeros & 31)) - 1 + bits(zeros & 31);
    return failed_ ? 0 : static_cast<std::uint32_t>(value);
  }
  // se: -2^31 + 1 … 2^31 - 1.
  std::int32_t se() {
    const std::uint32_t code = ue();
    const auto magnitude = static_cast<std::int32_t>(code / 2 + code % 2);
    return code % 2 != 0 ? magnitude : -magnitude;
  }

 private:
  Bytes bytes_;
  std::size_t at_ = 0;
  bool failed_ = false;
};

}  // namespace greffe
