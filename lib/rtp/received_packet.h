// Packets of one track as the dump has them: in order of arrival, with copies and holes.
#pragma once

#include <cstdint>
#include <optional>

#include "base/result.h"
#include "rtp/packet.h"

namespace greffe::rtp {

struct ReceivedPacket {
  ParsedPacket parsed;  // its views are valid until the source's next call
  ArrivalTime arrival{};
  bool cut = false;            // the recorder kept only the beginning (R54)
  std::uint64_t position = 0;  // byte offset in the dump
  // Its number was not seen: rebuilt from redundancy, a retransmission or error correction. It fills a hole
  // or is of no use, and is not counted as received.
  bool recovered = false;
  // It came by another flow than the track, as what repairs it may (RFC 4588 §5.3: then under the same SSRC).
  bool from_beside = false;
  // Which of the recordings joined into one dump it is of, counted from 0 (R57): numbers say nothing from one
  // to the next.
  std::uint32_t recording = 0;
};

// What a jitter buffer reads. Streams of other senders are already told apart: what comes is one track,
// though its SSRC may change.
class ReceivedPacketSource {
 public:
  virtual ~ReceivedPacketSource() = default;
  // The next packet, or nullptr at the end. Lent until the next call: the caller may change it.
  virtual Result<ReceivedPacket*> next() = 0;
};

}  // namespace greffe::rtp
