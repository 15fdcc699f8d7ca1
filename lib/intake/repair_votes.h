// Tells from the packets which stream repairs which other.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "rtp/fec_sums.h"

namespace greffe::intake {

// How many packets of one stream could repair another, and how many could not.
struct RepairVotes {
  std::uint64_t fit = 0;
  std::uint64_t contradict = 0;
};

// Fed with all packets between two hosts, in the order they came. Remembers the last 2048 packets of at most
// 64 streams of each flow, not their bytes. What repairs may come by ports of its own (RFC 4588 §5.3), then
// soon after what it repeats.
//
// A retransmission (RFC 4588) names a number: that packet of the other stream had the same RTP time and
// payload, or is missing where the RTP time lies between those of its neighbours. A FlexFEC packet names an
// SSRC, where its CSRC does it also numbers near by. One fitting packet is hardly chance: 32 bits of RTP
// time, or of SSRC, agree.
class RepairFinder {
 public:
  void see(std::size_t stream, std::size_t flow, const rtp::RtpPacket& packet);

  // By the stream that may repair; the inner key is the stream repaired.
  using Votes = std::map<std::size_t, std::map<std::size_t, RepairVotes>>;
  const Votes& retransmissions() const { return retransmissions_; }
  const Votes& error_corrections() const { return error_corrections_; }

 private:
  struct Recent {
    bool seen = false;
    SequenceNumber sequence;
    RtpTimestamp timestamp;
    std::uint64_t hash = 0;  // of the payload
  };
  struct Stream {
    std::size_t flow = 0;
    Ssrc ssrc;
    PayloadType type;
    std::uint64_t with_payload = 0;
    std::vector<Recent> recent;
    SequenceNumber latest;
    RtpTimestamp latest_timestamp;
    rtp::FecSums sums;
  };
  enum class Verdict : std::uint8_t { Fits, Contradicts, Unknown };

  bool may_repair(std::size_t index, const Stream& stream, std::uint64_t trial) const;
  void vote(std::size_t index, const Stream& own, const rtp::RtpPacket& packet);
  static Verdict judge(const Stream& stream, const rtp::RtpPacket& packet);
  static bool is_of(const rtp::RtpPacket& packet, const rtp::FecPacket& fec, const Stream& stream);
  static const Recent* find(const Stream& stream, std::uint16_t sequence);

  std::map<std::size_t, Stream> streams_;
  std::map<std::size_t, std::size_t> streams_of_flow_;  // how many are kept
  Votes retransmissions_;
  Votes error_corrections_;
};

}  // namespace greffe::intake
