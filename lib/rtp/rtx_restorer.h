// Retransmissions (RFC 4588): packets that were asked for again and came on a stream of their own.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "base/damage_log.h"
#include "rtp/received_packet.h"

namespace greffe::rtp {

// A retransmission's payload: the number of the packet it repeats, and that packet's payload.
struct RtxPayload {
  SequenceNumber original;
  Bytes payload;
};
// nullopt below two octets (R19).
std::optional<RtxPayload> parse_rtx(Bytes payload);

// Which of the packets that come are retransmissions of the others.
struct Retransmissions {
  std::set<Ssrc> streams;
  std::set<Ssrc> beside;  // of other flows (ReceivedPacket::from_beside)
  // Payload type of a retransmission → of the packet it repeats (a=fmtp apt=). Types that are not in it
  // repeat the type that the track had last.
  std::map<PayloadType, PayloadType> types;

  bool any() const { return !streams.empty() || !beside.empty(); }
  bool has(const ReceivedPacket& received) const {
    return (received.from_beside ? beside : streams).contains(received.parsed.packet.ssrc);
  }
};

struct RtxCounts {
  std::uint64_t packets = 0;   // on the streams of retransmissions
  std::uint64_t probes = 0;    // of these: padding only, which asks how much the network bears
  std::uint64_t restored = 0;  // of these: given on as packets of the track, needed or not
  std::uint64_t unusable = 0;  // of these: too short, cut, or ahead of the track's first packet
};

// Stands before what else rebuilds packets. Retransmissions come out, marked as recovered, under the number,
// type and SSRC of the packet they repeat; the jitter buffer puts those that are missing in their places and
// passes over the others. Their numbers are their own, so a hole in them is no loss of the track. What cannot
// be a retransmission is damage "rtx-malformed" and left out.
//
// Not thread-safe. `source` and `damage` must outlive this object.
class RtxRestorer final : public ReceivedPacketSource {
 public:
  // `place` names the track in damage.
  RtxRestorer(ReceivedPacketSource& source, Retransmissions map, std::string place, DamageLog& damage)
      : source_(source), map_(std::move(map)), place_(std::move(place)), damage_(damage) {}

  Result<ReceivedPacket*> next() override;
  const RtxCounts& counts() const { return counts_; }

 private:
  bool restore(ReceivedPacket& received);

  ReceivedPacketSource& source_;
  Retransmissions map_;
  std::string place_;
  DamageLog& damage_;
  RtxCounts counts_;
  std::optional<Ssrc> ssrc_;  // of the track's packet before
  PayloadType type_;
  std::uint32_t recording_ = 0;
};

}  // namespace greffe::rtp
