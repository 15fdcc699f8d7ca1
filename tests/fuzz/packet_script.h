// Bytes as a list of packets, for fuzzers of what reads many of them.
#pragma once

#include <vector>

#include "rtp/received_packet.h"

namespace greffe::fuzz {

// Each packet: sequence 16, timestamp 32, arrival step in ms 8 (signed), flags 8 (1 marker, 2 other SSRC, 4
// cut, 8 payload type 97, 16 SSRC 0), payload length 8, payload. Numbers are what the script says, in any
// order.
class ScriptedPackets final : public rtp::ReceivedPacketSource {
 public:
  explicit ScriptedPackets(Bytes script) : reader_(script) {}

  Result<rtp::ReceivedPacket*> next() override {
    rtp::ReceivedPacket& received = given_;
    received = {};
    rtp::RtpPacket& packet = received.parsed.packet;
    packet.sequence.value = reader_.u16();
    packet.timestamp.value = reader_.u32();
    arrival_ += std::chrono::milliseconds(static_cast<std::int8_t>(reader_.u8()));
    const std::uint8_t flags = reader_.u8();
    const std::size_t length = reader_.u8();
    if (reader_.failed()) return nullptr;
    packet.payload = reader_.take(std::min(length, reader_.remaining()));
    packet.marker = (flags & 1) != 0;
    packet.ssrc.value = (flags & 16) != 0 ? 0 : (flags & 2) != 0 ? 2 : 1;
    packet.payload_type.value = (flags & 8) != 0 ? 97 : 96;
    received.cut = (flags & 4) != 0;
    received.arrival = arrival_;
    received.position = count_++;
    return &received;
  }
  std::uint64_t count() const { return count_; }

 private:
  ByteReader reader_;
  ArrivalTime arrival_{};
  rtp::ReceivedPacket given_;
  std::uint64_t count_ = 0;
};

}  // namespace greffe::fuzz
