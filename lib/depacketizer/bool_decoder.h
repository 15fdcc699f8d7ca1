// The arithmetic decoder of VP8 (RFC 6386 §7.3), as far as frame headers need it.
#pragma once

#include <cstdint>

#include "base/byte_reader.h"

namespace greffe::depacketizer {

// Past the end it reads zeros, as the format has it.
class BoolDecoder {
 public:
  explicit BoolDecoder(Bytes bytes) : bytes_(bytes) {
    value_ = next_byte() << 8;
    value_ |= next_byte();
  }

  // One bit that is 0 with a probability of `probability` / 256.
  bool bit(std::uint32_t probability) {
    const std::uint32_t split = 1 + (((range_ - 1) * probability) >> 8);
    const bool one = value_ >= split << 8;
    if (one) {
      range_ -= split;
      value_ -= split << 8;
    } else {
      range_ = split;
    }
    while (range_ < 128) shift();
    return one;
  }
  bool flag() { return bit(128); }
  // An unsigned number of `bits` bits, most significant first.
  std::uint32_t literal(int bits) {
    std::uint32_t value = 0;
    for (; bits > 0; --bits) value = value << 1 | (flag() ? 1u : 0u);
    return value;
  }
  // A flag, and when it is set a magnitude of `bits` bits and a sign: skipped.
  void skip_optional_signed(int bits) {
    if (flag()) literal(bits + 1);
  }
  // More was read than there is: what came out is not what was written.
  bool ran_out() const { return ran_out_; }

 private:
  std::uint32_t next_byte() {
    if (at_ < bytes_.size()) return bytes_[at_++];
    ran_out_ = true;
    return 0;
  }
  void shift() {
    range_ <<= 1;
    value_ <<= 1;
    if (++shifted_ == 8) {
      shifted_ = 0;
      value_ |= next_byte();
    }
  }

  Bytes bytes_;
  std::size_t at_ = 0;
  std::uint32_t value_ = 0;  // two bytes of input, the first compared against `split`
  std::uint32_t range_ = 255;
  int shifted_ = 0;
  bool ran_out_ = false;
};

}  // namespace greffe::depacketizer
