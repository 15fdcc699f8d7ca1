// EBML elements as bytes (RFC 8794): what Matroska files are made of.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/byte_reader.h"

namespace greffe::container {

// Appends elements to bytes in memory. An id is given as the RFCs write it, its length marker included; a
// size takes as few octets as it can (RFC 8794 §4), where nothing else is said.
class EbmlBuffer {
 public:
  void uint(std::uint32_t id, std::uint64_t value);
  void real(std::uint32_t id, double value);
  void text(std::uint32_t id, std::string_view value);
  void binary(std::uint32_t id, Bytes value);
  void master(std::uint32_t id, const EbmlBuffer& content) { binary(id, content.bytes_); }

  // Numbers of a fixed length, so that another can take their place later. Give the place of the value.
  std::size_t fixed_uint(std::uint32_t id, std::uint64_t value);
  std::size_t fixed_real(std::uint32_t id, double value);
  // The head of an element whose size is set later by set_size; its content follows.
  std::size_t open(std::uint32_t id);
  void set_size(std::size_t place, std::uint64_t size);
  void set_u64(std::size_t place, std::uint64_t value);
  void set_real(std::size_t place, double value);

  void id(std::uint32_t id);
  void size(std::uint64_t size);
  void u8(std::uint8_t value) { bytes_.push_back(value); }
  void u16(std::uint16_t value) { big_endian(value, 2); }
  void raw(Bytes bytes) { bytes_.insert(bytes_.end(), bytes.begin(), bytes.end()); }

  Bytes bytes() const { return bytes_; }
  std::size_t length() const { return bytes_.size(); }
  void reserve(std::size_t bytes) { bytes_.reserve(bytes); }
  void clear() { bytes_.clear(); }

 private:
  void big_endian(std::uint64_t value, unsigned octets);

  std::vector<std::uint8_t> bytes_;
};

}  // namespace greffe::container
