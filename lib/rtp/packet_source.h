// Packets of one track in sending order: what a depacketizer reads.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/result.h"
#include "rtp/packet.h"

namespace greffe::rtp {

// A packet with its place on the unwrapped counters. Owns its bytes only through its source: valid until the
// source's next call.
struct OrderedPacket {
  std::int64_t sequence = 0;  // unwrapped
  std::int64_t ticks = 0;     // RTP time, unwrapped
  ArrivalTime arrival{};
  std::uint32_t lost_before = 0;  // packets missing between the one before and this one
  bool starts_segment =
      false;                  // nothing before it belongs to the same numbering (first, SSRC change, restart)
  bool breaks_clock = false;  // it starts a segment of the clock alone: numbers and pictures go on
  bool cut = false;           // payload not whole, or of no known time: never decoded
  bool recovered = false;     // its number never came: rebuilt from what did
  RtpPacket packet;
};

class PacketSource {
 public:
  virtual ~PacketSource() = default;
  // The next packet, or nullptr at the end. Lent until the next call: the caller may change it.
  virtual Result<OrderedPacket*> next() = 0;
};

}  // namespace greffe::rtp
