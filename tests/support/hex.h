// Octets written as hexadecimal digits.
#pragma once

#include <charconv>
#include <cstdint>
#include <string_view>
#include <vector>

namespace greffe::test {

inline std::vector<std::uint8_t> from_hex(std::string_view digits) {
  std::vector<std::uint8_t> bytes(digits.size() / 2);
  for (std::size_t i = 0; i < bytes.size(); ++i)
    std::from_chars(digits.data() + 2 * i, digits.data() + 2 * i + 2, bytes[i], 16);
  return bytes;
}

}  // namespace greffe::test
