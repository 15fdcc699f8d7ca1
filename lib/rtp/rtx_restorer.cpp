#include "rtp/rtx_restorer.h"

#include <utility>

namespace greffe::rtp {

//    0                   1                   2                   3
//    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//   |            OSN                |                               |
//   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+   Original RTP packet payload |
//   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// RFC 4588 §4. Header extensions, marker and RTP time are those of the packet that is repeated.
std::optional<RtxPayload> parse_rtx(Bytes payload) {
  ByteReader reader(payload);
  const SequenceNumber original{reader.u16()};
  if (reader.failed()) return std::nullopt;
  return RtxPayload{.original = original, .payload = reader.rest()};
}

Result<ReceivedPacket*> RtxRestorer::next() {
  while (true) {
    GREFFE_TRY(ReceivedPacket* const received, source_.next());
    if (received == nullptr) return nullptr;
    const RtpPacket& packet = received->parsed.packet;
    if (std::exchange(recording_, received->recording) != received->recording) ssrc_.reset();
    if (map_.has(*received)) {
      if (!restore(*received)) continue;
      return received;
    }
    if (received->from_beside) return received;
    ssrc_ = packet.ssrc;
    if (!packet.payload.empty()) type_ = packet.payload_type;
    return received;
  }
}

// Turns a retransmission into what it repeats; false when it repeats nothing.
bool RtxRestorer::restore(ReceivedPacket& received) {
  ++counts_.packets;
  RtpPacket& packet = received.parsed.packet;
  if (packet.payload.empty() && packet.padding_bytes > 0) {
    ++counts_.probes;
    return false;
  }
  const auto rtx = parse_rtx(packet.payload);
  if (!rtx && !received.cut) {
    damage_.add({.condition = "rtx-malformed",
                 .place = place_,
                 .unit = "packets",
                 .position = static_cast<std::int64_t>(received.position),
                 .text = fmt::format("retransmission {} at byte {} has {} byte(s): the number of what it "
                                     "repeats has 2: left out",
                                     packet.sequence.value, received.position, packet.payload.size())});
  }
  if (!rtx || received.cut || !ssrc_) {
    ++counts_.unusable;
    return false;
  }
  const auto type = map_.types.find(packet.payload_type);
  packet.payload_type = type != map_.types.end() ? type->second : type_;
  packet.sequence = rtx->original;
  packet.ssrc = *ssrc_;
  packet.payload = rtx->payload;
  packet.padding_bytes = 0;
  received.parsed.header = {};  // its octets are the retransmission's
  received.recovered = true;
  received.from_beside = false;
  ++counts_.restored;
  return true;
}

}  // namespace greffe::rtp
