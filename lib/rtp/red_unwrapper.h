// Takes RFC 2198 redundancy apart: packets that are wrapped, and those whose copy came with a later one.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "base/damage_log.h"
#include "rtp/received_packet.h"
#include "rtp/redundancy.h"

namespace greffe::rtp {

// Stands between a track's packets as they came and its jitter buffer. A wrapped packet comes out with its
// primary block as payload; ahead of it come, marked as recovered, the packets that were not seen before it
// and of which it holds a copy, each with its own number and RTP time. What comes after its copy takes the
// copy's place in the jitter buffer.
//
// RFC 2198 gives a copy an RTP time and no number. The number is taken from the neighbours: below those that
// are later in RTP time, above those that are earlier, and from neither by more packets than the time between
// has room for. Where silence leaves a choice, the copies are counted back from the packet. A copy that has
// no place between its neighbours, or is of another type than the primary block, is left alone.
//
// What is no RFC 2198 payload is damage "red-malformed" and left out (R20); its number counts as lost, unless
// a later packet has the copy. Not thread-safe. `source` and `damage` must outlive this object.
class RedUnwrapper final : public ReceivedPacketSource {
 public:
  // `red`: the payload type of wrapped packets. `place` names the track in damage.
  RedUnwrapper(ReceivedPacketSource& source, PayloadType red, std::string place, DamageLog& damage);

  Result<ReceivedPacket*> next() override;
  std::uint64_t wrapped_packets() const { return wrapped_; }

 private:
  // Numbers seen or recovered lately.
  struct Known {
    SequenceNumber sequence;
    RtpTimestamp time;
    bool holds_sound = false;
  };

  bool unwrap(const ReceivedPacket& received);
  void recover(const ReceivedPacket& received, const RedPayload& red);
  std::optional<SequenceNumber> find_place(const RtpPacket& packet, RtpTimestamp time,
                                           std::int64_t back) const;
  std::int64_t shortest_step() const;
  std::int64_t taken_between(const RtpPacket& packet, std::int64_t first, std::int64_t last) const;
  bool is_taken(SequenceNumber sequence) const;
  void remember(const RtpPacket& packet);

  ReceivedPacketSource& source_;
  PayloadType red_;
  std::string place_;
  DamageLog& damage_;
  std::uint64_t wrapped_ = 0;
  PayloadType primary_;  // of the wrapped packet before

  // Packets taken out of the one that came last, to be given from `ready_at_` on.
  std::array<ReceivedPacket, RedPayload::MostRedundant + 1> ready_;
  std::size_t ready_at_ = ready_.size();

  std::optional<Ssrc> ssrc_;
  std::uint32_t recording_ = 0;
  std::array<Known, 128> known_;
  std::size_t known_count_ = 0;
  std::size_t known_next_ = 0;
};

}  // namespace greffe::rtp
