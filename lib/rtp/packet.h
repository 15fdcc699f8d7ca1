// One parsed RTP packet (RFC 3550 §5.1).
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "base/byte_reader.h"
#include "base/result.h"
#include "units/rtp.h"
#include "units/time.h"

namespace greffe::rtp {

// Views into the record's bytes; valid as long as those are.
struct RtpPacket {
  bool marker = false;
  PayloadType payload_type;
  SequenceNumber sequence;
  RtpTimestamp timestamp;
  Ssrc ssrc;
  std::uint8_t csrc_count = 0;
  Ssrc csrc;                            // the first of them
  std::uint16_t extension_profile = 0;  // 0xBEDE one-byte, 0x1000…0x100F two-byte (RFC 8285)
  Bytes extension;  // the extension block without its 4-byte header; empty when there is none
  Bytes payload;    // without padding; empty for padding-only packets
  std::uint16_t padding_bytes = 0;
};

// Says what is wrong with bytes that are no RTP packet. An extension block that overruns loses only the
// extension (R16); a padding count of 0 or above the payload is tolerated and flagged (R17).
struct ParsedPacket {
  RtpPacket packet;
  Bytes header;  // all that stands before the payload; empty when the packet was not read from bytes
  bool extension_overrun = false;
  bool padding_wrong = false;
};
Result<ParsedPacket> parse_packet(Bytes bytes);
// The same into a packet that is there already, all of which is set: for loops over many.
Status parse_packet(Bytes bytes, ParsedPacket& parsed);

}  // namespace greffe::rtp
