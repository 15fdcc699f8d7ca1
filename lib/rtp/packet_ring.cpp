#include "rtp/packet_ring.h"

#include <array>
#include <cstring>

namespace greffe::rtp {
namespace {

// To tell copies from other content, not for trust. Four lanes, since one multiplication waits for the other;
// the last word may overlap the one before.
std::uint64_t hash_of(Bytes bytes) {
  constexpr std::uint64_t Odd = 0x9E37'79B9'7F4A'7C15u;
  constexpr std::size_t Lanes = 4, Word = 8;
  const auto word_at = [&](std::size_t at) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data() + at, Word);
    return word;
  };
  std::array<std::uint64_t, Lanes> lanes{bytes.size(), 1, 2, 3};
  if (bytes.size() < Word) {
    for (const std::uint8_t byte : bytes) lanes[0] = (lanes[0] ^ byte) * Odd;
  } else {
    std::size_t at = 0;
    for (; at + Lanes * Word <= bytes.size(); at += Lanes * Word)
      for (std::size_t i = 0; i < Lanes; ++i) lanes[i] = (lanes[i] ^ word_at(at + i * Word)) * Odd;
    for (std::size_t i = 0; at + Word <= bytes.size(); at += Word, ++i)
      lanes[i] = (lanes[i] ^ word_at(at)) * Odd;
    lanes[3] = (lanes[3] ^ word_at(bytes.size() - Word)) * Odd;
  }
  std::uint64_t hash = 0;
  for (const std::uint64_t lane : lanes) hash = (hash ^ hash >> 32 ^ lane) * Odd;
  return hash;
}

}  // namespace

std::uint64_t content_of(const RtpPacket& packet) {
  const std::uint64_t place = std::uint64_t{packet.timestamp.value} << 32 | packet.ssrc.value;
  const std::uint64_t kind = packet.payload_type.value | (packet.marker ? 0x80u : 0u);
  return (hash_of(packet.payload) ^ place) * 0x9E37'79B9'7F4A'7C15u ^ kind;
}

void StoredPacket::assign(std::int64_t at, const ReceivedPacket& received) {
  sequence = at;
  arrival = received.arrival;
  cut = received.cut || received.parsed.extension_overrun;
  recovered = received.recovered;
  packet = received.parsed.packet;
  content = content_of(packet);
  bytes.assign(packet.extension.begin(), packet.extension.end());
  bytes.insert(bytes.end(), packet.payload.begin(), packet.payload.end());
  const Bytes all(bytes);
  packet.extension = all.first(packet.extension.size());
  packet.payload = all.subspan(packet.extension.size());
}

}  // namespace greffe::rtp
