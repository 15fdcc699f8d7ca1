#include "container/ebml.h"

#include <bit>

namespace greffe::container {
namespace {

constexpr unsigned FixedOctets = 8;

unsigned octets_of(std::uint64_t value) {
  return value == 0 ? 1 : (static_cast<unsigned>(std::bit_width(value)) + 7) / 8;
}

// RFC 8794 §4: seven bits an octet; all ones are kept for "unknown".
unsigned octets_of_size(std::uint64_t size) {
  return (static_cast<unsigned>(std::bit_width(size + 1)) + 6) / 7;
}

}  // namespace

void EbmlBuffer::big_endian(std::uint64_t value, unsigned octets) {
  while (octets > 0) bytes_.push_back(static_cast<std::uint8_t>(value >> 8 * --octets));
}

void EbmlBuffer::id(std::uint32_t id) { big_endian(id, octets_of(id)); }

void EbmlBuffer::size(std::uint64_t size) {
  const unsigned octets = octets_of_size(size);
  big_endian(size | std::uint64_t{1} << 7 * octets, octets);
}

void EbmlBuffer::uint(std::uint32_t id, std::uint64_t value) {
  this->id(id);
  const unsigned octets = octets_of(value);
  size(octets);
  big_endian(value, octets);
}

void EbmlBuffer::real(std::uint32_t id, double value) { fixed_real(id, value); }

void EbmlBuffer::text(std::uint32_t id, std::string_view value) {
  binary(id, Bytes(reinterpret_cast<const std::uint8_t*>(value.data()), value.size()));
}

void EbmlBuffer::binary(std::uint32_t id, Bytes value) {
  this->id(id);
  size(value.size());
  raw(value);
}

std::size_t EbmlBuffer::fixed_uint(std::uint32_t id, std::uint64_t value) {
  this->id(id);
  size(FixedOctets);
  big_endian(value, FixedOctets);
  return bytes_.size() - FixedOctets;
}

std::size_t EbmlBuffer::fixed_real(std::uint32_t id, double value) {
  return fixed_uint(id, std::bit_cast<std::uint64_t>(value));
}

std::size_t EbmlBuffer::open(std::uint32_t id) {
  this->id(id);
  big_endian(0, FixedOctets);
  return bytes_.size() - FixedOctets;
}

void EbmlBuffer::set_size(std::size_t place, std::uint64_t size) {
  set_u64(place, size | std::uint64_t{1} << 7 * FixedOctets);
}

void EbmlBuffer::set_u64(std::size_t place, std::uint64_t value) {
  for (unsigned i = 0; i < FixedOctets; ++i)
    bytes_[place + i] = static_cast<std::uint8_t>(value >> 8 * (FixedOctets - 1 - i));
}

void EbmlBuffer::set_real(std::size_t place, double value) {
  set_u64(place, std::bit_cast<std::uint64_t>(value));
}

}  // namespace greffe::container
