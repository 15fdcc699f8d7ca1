// Whether what looks like error correction is the sum of packets that came.
#pragma once

#include <vector>

#include "rtp/fec_packet.h"
#include "rtp/packet.h"

namespace greffe::rtp {

// The lengths, RTP times, types and markers of the last 512 numbers of one stream. 56 bits must agree: one
// sum that fits is hardly chance.
class FecSums {
 public:
  enum class Verdict : std::uint8_t { Fits, Contradicts, Unknown };

  FecSums() : known_(MostKnown) {}
  // `wrapped`: as it is without the octet of redundancy (RFC 2198) in front of its payload.
  void see(const RtpPacket& packet, bool wrapped = false);
  // Unknown where a protected packet did not come, or is forgotten.
  Verdict judge(const FecPacket& fec) const;
  // Whether it speaks of numbers that came lately.
  bool is_near(const FecPacket& fec) const;

 private:
  static constexpr std::size_t MostKnown = 512;

  struct Known {
    bool seen = false;
    SequenceNumber sequence;
    std::uint8_t second_octet = 0;
    std::uint32_t timestamp = 0;
    std::uint16_t length = 0;
  };
  std::vector<Known> known_;
  SequenceNumber latest_;
};

}  // namespace greffe::rtp
