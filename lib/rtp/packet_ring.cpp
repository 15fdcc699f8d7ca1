#include "rtp/packet_ring.h"

#include <xxhash.h>

namespace greffe::rtp {

// To tell copies from other content, not for trust: who makes two packets of one hash by intent makes one of
// them vanish among their own packets.
std::uint64_t content_of(const RtpPacket& packet) {
  const std::uint64_t place = std::uint64_t{packet.timestamp.value} << 32 | packet.ssrc.value;
  const std::uint64_t kind = packet.payload_type.value | (packet.marker ? 0x80u : 0u);
  return (XXH3_64bits(packet.payload.data(), packet.payload.size()) ^ place) * 0x9E37'79B9'7F4A'7C15u ^ kind;
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
