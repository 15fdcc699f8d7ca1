// The frames inside one Opus packet (RFC 6716 §3).
#pragma once

#include <cstdint>

#include "base/byte_reader.h"
#include "base/result.h"

namespace greffe::depacketizer {

struct OpusPacket {
  int frames = 0;                   // 1…48
  std::int64_t duration_ticks = 0;  // at 48 kHz: 120 (2.5 ms) … 5760 (120 ms)
  int channels = 1;                 // as coded; may change from packet to packet (R26)
};

// Fails, saying which rule of RFC 6716 §3.4 is broken: [R1] at least one byte, [R3] code 1 of odd length,
// [R4] code 2 with a first frame beyond the packet, [R5] code 3 with no frame or more than 120 ms, [R6][R7]
// code 3 whose lengths or padding run past the packet, [R2] a frame above 1275 bytes.
Result<OpusPacket> parse_opus_packet(Bytes packet);

// A packet of several streams: all but the last are self-delimited (RFC 6716 appendix B, RFC 7845 §3). Fails
// as above, and when the streams do not last equally long. What is given is the first stream's. `streams`
// >= 1.
Result<OpusPacket> parse_opus_streams(Bytes packet, int streams);

}  // namespace greffe::depacketizer
