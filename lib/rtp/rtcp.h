// What sender reports and their companions say about a track (RFC 3550 §6).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/byte_reader.h"
#include "base/result.h"
#include "units/rtp.h"
#include "units/time.h"

namespace greffe::rtp {

// RFC 3550 §6.4.1: the instant `ntp` of the sender's clock is the instant `timestamp` of the stream's.
struct SenderReport {
  Ssrc ssrc;
  NtpTime ntp;  // 0.0 when the sender has no clock
  RtpTimestamp timestamp;
  std::uint32_t packet_count = 0;
  std::uint32_t octet_count = 0;
};

// RFC 3550 §6.5.1: streams with one CNAME come from one clock.
struct CanonicalName {
  Ssrc ssrc;
  std::string cname;  // bytes as sent: any text
};

// The blocks of one compound packet that greffe has a use for. Receiver reports and feedback are skipped.
struct RtcpCompound {
  std::vector<SenderReport> sender_reports;
  std::vector<CanonicalName> names;
  std::vector<Ssrc> goodbyes;    // ends nothing by itself: media may go on (R10)
  std::uint32_t bad_blocks = 0;  // left out: too short for what they say they hold, or no RTCP
};

// Fails only when the first block is no RTCP of version 2. Of a compound with a bad block the others are
// kept; a length beyond the record hides where the next block starts, so the rest of the record is one bad
// block (R10).
Result<RtcpCompound> parse_compound(Bytes bytes);

// RFC 5761 §4: on one port, second octets 192…223 are RTCP and the others RTP.
bool is_rtcp(Bytes bytes);

}  // namespace greffe::rtp
