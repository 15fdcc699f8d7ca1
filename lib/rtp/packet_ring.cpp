#include "rtp/packet_ring.h"

#include <algorithm>

namespace greffe::rtp {

void StoredPacket::assign(std::int64_t at, const ReceivedPacket& received) {
  sequence = at;
  arrival = received.arrival;
  cut = received.cut || received.parsed.extension_overrun;
  recovered = received.recovered;
  packet = received.parsed.packet;
  bytes.assign(packet.extension.begin(), packet.extension.end());
  bytes.insert(bytes.end(), packet.payload.begin(), packet.payload.end());
  const Bytes all(bytes);
  packet.extension = all.first(packet.extension.size());
  packet.payload = all.subspan(packet.extension.size());
}

bool StoredPacket::same_content(const RtpPacket& other) const {
  return packet.marker == other.marker && packet.payload_type == other.payload_type &&
         packet.timestamp == other.timestamp && packet.ssrc == other.ssrc &&
         std::equal(packet.payload.begin(), packet.payload.end(), other.payload.begin(), other.payload.end());
}

}  // namespace greffe::rtp
