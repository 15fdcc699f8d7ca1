// Error correction packets made by hand, to read back: sums as RFC 5109 §7.3, RFC 8627 §4.2.2 and
// draft-ietf-payload-flexible-fec-scheme-03 §4.2 draw them, written without the reader's code.
#pragma once

#include "support/packets.h"

namespace greffe::test {

// XOR of the packets' first two octets, RTP times, lengths and what follows their 12 octets.
struct FecSum {
  std::uint8_t first = 0, second = 0;
  std::uint32_t timestamp = 0;
  std::uint16_t length = 0;
  Octets rest;
};

inline FecSum fec_sum(const std::vector<TestPacket>& packets) {
  FecSum sum;
  for (const TestPacket& packet : packets) {
    const Octets bytes = wire_bytes(packet);
    sum.first = static_cast<std::uint8_t>(sum.first ^ bytes[0]);
    sum.second = static_cast<std::uint8_t>(sum.second ^ bytes[1]);
    sum.timestamp ^= packet.timestamp;
    const std::size_t length = bytes.size() - 12;
    sum.length = static_cast<std::uint16_t>(sum.length ^ length);
    sum.rest.resize(std::max(sum.rest.size(), length));
    for (std::size_t i = 0; i < length; ++i)
      sum.rest[i] = static_cast<std::uint8_t>(sum.rest[i] ^ bytes[12 + i]);
  }
  return sum;
}

inline void put_number(Octets& bytes, std::uint64_t value, int count) {
  for (int shift = 8 * (count - 1); shift >= 0; shift -= 8)
    bytes.push_back(static_cast<std::uint8_t>(value >> shift));
}

// The payload of an ULPFEC packet over `packets`, the first of which has the lowest number; they lie within
// 48 numbers.
inline Octets ulpfec_payload(const std::vector<TestPacket>& packets) {
  const FecSum sum = fec_sum(packets);
  std::uint64_t mask = 0;
  for (const TestPacket& packet : packets)
    mask |= std::uint64_t{1} << (47 - static_cast<std::uint16_t>(packet.sequence - packets[0].sequence));
  const bool is_long = (mask & 0xffff'ffffu) != 0;
  Octets bytes;
  put_number(bytes, (sum.first & 0x3fu) | (is_long ? 0x40u : 0u), 1);
  put_number(bytes, sum.second, 1);
  put_number(bytes, packets[0].sequence, 2);
  put_number(bytes, sum.timestamp, 4);
  put_number(bytes, sum.length, 2);
  put_number(bytes, sum.rest.size(), 2);
  if (is_long)
    put_number(bytes, mask, 6);
  else
    put_number(bytes, mask >> 32, 2);
  bytes.insert(bytes.end(), sum.rest.begin(), sum.rest.end());
  return bytes;
}

// The payload of a FlexFEC packet as RFC 8627 §4.2.2.1 draws it over `packets` of one SSRC, within 110
// numbers.
inline Octets final_flexfec_payload(const std::vector<TestPacket>& packets) {
  const FecSum sum = fec_sum(packets);
  std::array<bool, 110> mask{};
  std::size_t last = 0;
  for (const TestPacket& packet : packets) {
    last = static_cast<std::uint16_t>(packet.sequence - packets[0].sequence);
    mask.at(last) = true;
  }
  const auto part = [&](std::size_t from, std::size_t count) {
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < count; ++i) bits = bits << 1 | (mask.at(from + i) ? 1u : 0u);
    return bits;
  };
  Octets bytes;
  put_number(bytes, sum.first & 0x3fu, 1);
  put_number(bytes, sum.second, 1);
  put_number(bytes, sum.length, 2);
  put_number(bytes, sum.timestamp, 4);
  put_number(bytes, packets[0].sequence, 2);
  put_number(bytes, part(0, 15) | (last < 15 ? 0u : 0x8000u), 2);
  if (last >= 15) put_number(bytes, part(15, 31) | (last < 46 ? 0u : 0x8000'0000u), 4);
  if (last >= 46) put_number(bytes, part(46, 64), 8);
  bytes.insert(bytes.end(), sum.rest.begin(), sum.rest.end());
  return bytes;
}

// The same with L and D in place of a mask (§4.2.2.2): what they mean is up to the caller.
inline Octets fixed_flexfec_payload(const std::vector<TestPacket>& packets, std::uint8_t l, std::uint8_t d) {
  const FecSum sum = fec_sum(packets);
  Octets head;
  put_number(head, 0x40u | (sum.first & 0x3fu), 1);
  put_number(head, sum.second, 1);
  put_number(head, sum.length, 2);
  put_number(head, sum.timestamp, 4);
  put_number(head, packets[0].sequence, 2);
  put_number(head, l, 1);
  put_number(head, d, 1);
  head.insert(head.end(), sum.rest.begin(), sum.rest.end());
  return head;
}

// The payload of a FlexFEC-03 packet over `packets` of one SSRC, within 109 numbers.
inline Octets flexfec_payload(const std::vector<TestPacket>& packets) {
  const FecSum sum = fec_sum(packets);
  std::array<bool, 109> mask{};
  std::size_t last = 0;
  for (const TestPacket& packet : packets) {
    last = static_cast<std::uint16_t>(packet.sequence - packets[0].sequence);
    mask.at(last) = true;
  }
  const auto part = [&](std::size_t from, std::size_t count) {
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < count; ++i) bits = bits << 1 | (mask.at(from + i) ? 1u : 0u);
    return bits;
  };
  Octets bytes;
  put_number(bytes, sum.first & 0x3fu, 1);
  put_number(bytes, sum.second, 1);
  put_number(bytes, sum.length, 2);
  put_number(bytes, sum.timestamp, 4);
  put_number(bytes, 1, 1);
  put_number(bytes, 0, 3);
  put_number(bytes, packets[0].ssrc, 4);
  put_number(bytes, packets[0].sequence, 2);
  put_number(bytes, part(0, 15) | (last < 15 ? 0x8000u : 0u), 2);
  if (last >= 15) put_number(bytes, part(15, 31) | (last < 46 ? 0x8000'0000u : 0u), 4);
  if (last >= 46) put_number(bytes, part(46, 63) | std::uint64_t{1} << 63, 8);
  bytes.insert(bytes.end(), sum.rest.begin(), sum.rest.end());
  return bytes;
}

}  // namespace greffe::test
