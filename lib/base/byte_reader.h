// The one place where bytes become numbers: a cursor that cannot run past the end.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace greffe {

using Bytes = std::span<const std::uint8_t>;

// Reads big-endian (network order) and little-endian numbers from bytes it does not own.
// A read that does not fit takes nothing, gives 0 or an empty span, and sets failed() for good,
// so that a parser may read a whole header and ask once.
class ByteReader {
 public:
  explicit ByteReader(Bytes bytes) : bytes_(bytes) {}

  std::size_t remaining() const { return failed_ ? 0 : bytes_.size() - at_; }
  std::size_t position() const { return at_; }
  bool failed() const { return failed_; }

  std::uint8_t u8() { return static_cast<std::uint8_t>(big_endian(1)); }
  std::uint16_t u16() { return static_cast<std::uint16_t>(big_endian(2)); }
  std::uint32_t u24() { return static_cast<std::uint32_t>(big_endian(3)); }
  std::uint32_t u32() { return static_cast<std::uint32_t>(big_endian(4)); }
  std::uint64_t u64() { return big_endian(8); }
  std::uint16_t u16_le() { return static_cast<std::uint16_t>(little_endian(2)); }
  std::uint32_t u32_le() { return static_cast<std::uint32_t>(little_endian(4)); }
  std::uint64_t u64_le() { return little_endian(8); }

  // The next `count` bytes, or an empty span and failed().
  Bytes take(std::size_t count);
  void skip(std::size_t count) { take(count); }
  Bytes rest() { return take(remaining()); }

 private:
  std::uint64_t big_endian(std::size_t count);
  std::uint64_t little_endian(std::size_t count);

  Bytes bytes_;
  std::size_t at_ = 0;
  bool failed_ = false;
};

inline Bytes ByteReader::take(std::size_t count) {
  if (failed_ || count > bytes_.size() - at_) {
    failed_ = true;
    return {};
  }
  const Bytes taken = bytes_.subspan(at_, count);
  at_ += count;
  return taken;
}

inline std::uint64_t ByteReader::big_endian(std::size_t count) {
  std::uint64_t value = 0;
  for (const std::uint8_t byte : take(count)) value = value << 8 | byte;
  return value;
}

inline std::uint64_t ByteReader::little_endian(std::size_t count) {
  std::uint64_t value = 0;
  unsigned shift = 0;
  for (const std::uint8_t byte : take(count)) {
    value |= std::uint64_t{byte} << shift;
    shift += 8;
  }
  return value;
}

}  // namespace greffe
