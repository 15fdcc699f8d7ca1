// Puts the packets of one track back into sending order and says what is missing.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "base/damage_log.h"
#include "rtp/lost_numbers.h"
#include "rtp/packet_ring.h"
#include "rtp/packet_source.h"
#include "rtp/received_packet.h"

namespace greffe::rtp {

struct JitterBufferOptions {
  std::string place;  // names the track in damage
  // How many numbers a packet may come late and still be put in order, >= 1. Memory is bounded by twice as
  // many packets. What comes later than that is damage "late-packets".
  int window = 2048;
  std::optional<ClockRate> clock_rate;  // of the RTP time; without it big jumps are decided by RTP time alone
  bool has_arrival = true;              // false: the dump has no times
  bool has_copies = true;  // false: an earlier reading saw no packet twice, so none need be compared
};

// What was counted on the way; final at the end of the track.
struct PacketCounts {
  std::uint64_t packets = 0;       // received, copies included
  std::uint64_t lost = 0;          // numbers never seen, their content neither
  std::uint64_t recovered = 0;     // numbers never seen, their content rebuilt: ReceivedPacket::recovered
  std::uint64_t late = 0;          // came after a higher number, too_late included
  std::uint64_t too_late = 0;      // of these: came after their place was given up
  std::uint64_t duplicates = 0;    // copies of a packet that was there
  std::uint64_t differing = 0;     // of these: with other content
  std::uint64_t stray = 0;         // belong to no numbering of the track
  std::uint64_t padding_only = 0;  // probes: they use a number and carry nothing
  std::uint32_t segments = 0;      // spans of unbroken numbering
};

// Waits for packets, not for time: a gap still open after `window` packets goes to `damage` as lost and is
// skipped. A packet that was recovered on the way here fills its hole: it is given out in its place and
// counts as recovered, not as lost. Should it come itself while its copy waits, it takes the copy's place.
//
// Numbers: each is taken nearest to the highest before it (RFC 3550 A.1, R1). A jump of more than 3000
// forward is a gap when RTP time moved as arrival did and the track's packet rate can explain the missing
// numbers; whole circles of numbers that went by unseen are told by that rate, too (R7). Otherwise the packet
// is put aside, as is one whose RTP time contradicts its number: if the next one follows it, the sender has
// started afresh and a segment begins; if not, it is a stray and left out. A new SSRC begins a segment (R11),
// and so does another recording joined behind the first (R57).
//
// Janus writes the first packets of a simulcast track with SSRC 0 and RTP time 0 and goes on with the real
// ones in the middle of a frame. They stay in one segment, and those after the last marker get the time of
// what follows.
//
// Not thread-safe. `source` and `damage` must outlive this object.
class JitterBuffer final : public PacketSource {
 public:
  JitterBuffer(ReceivedPacketSource& source, JitterBufferOptions options, DamageLog& damage);

  // Next packet in sequence order, or nullptr at the end. What comes in order waits for nothing and is not
  // copied. Fails only if `source` fails.
  Result<OrderedPacket*> next() override;
  const PacketCounts& counts() const { return counts_; }

 private:
  // Why packets are put aside in held_.
  enum class Held : std::uint8_t { None, Candidate, AfterGap, NewSegment };

  bool is_next_in_line(const ReceivedPacket& received) const;
  void pass(const ReceivedPacket& received);
  void accept(const ReceivedPacket& received);
  void accept_recovered(const ReceivedPacket& received);
  bool trickles_in(const ReceivedPacket& received) const;
  void accept_other_recording(const ReceivedPacket& received);
  void accept_other_ssrc(const ReceivedPacket& received);
  void place(const ReceivedPacket& received);
  void place_far(std::int64_t sequence, const ReceivedPacket& received);
  void judge_candidate(const ReceivedPacket& received);
  void drop_candidate();
  void hold(Held why, std::int64_t sequence, const ReceivedPacket& received);
  void release_held();
  void begin_segment(SequenceNumber first, Ssrc ssrc);
  void put(std::int64_t sequence, const ReceivedPacket& received);
  void put(StoredPacket& stored);
  void note_number(std::int64_t sequence);
  bool drop_known(std::int64_t sequence, const ReceivedPacket& received);
  void replace_copy(StoredPacket& copy, const ReceivedPacket& received);
  void note_flaws(const ReceivedPacket& received);

  bool contradicts_number(std::int64_t step, const RtpPacket& packet) const;
  std::int64_t circles_unseen(std::int64_t step, Duration elapsed) const;
  std::optional<std::int64_t> find_after_gap(const ReceivedPacket& received) const;
  bool joins_unnamed(const ReceivedPacket& received) const;
  void time_unnamed();

  bool is_ready() const;
  bool is_drained() const { return next_ > highest_; }
  bool give();
  void log_lost(std::int64_t first, std::int64_t count);
  std::int64_t unwrapped_ticks(RtpTimestamp timestamp, ArrivalTime arrival);
  // Positions in damage: the packet's own number, plus 65536 for each wrap.
  static std::int64_t position_of(std::int64_t sequence) { return sequence - 65'536; }

  ReceivedPacketSource& source_;
  JitterBufferOptions options_;
  DamageLog& damage_;
  PacketCounts counts_;
  PacketRing ring_;
  LostNumbers lost_;  // of the segment at hand
  OrderedPacket given_;
  bool ended_ = false;

  // The segment at hand. Numbers are unwrapped and start one cycle up, so that none is negative.
  std::optional<Ssrc> ssrc_;
  std::uint32_t recording_ = 0;
  std::int64_t expected_ = 0;  // one after the last given out; what is below came too late
  std::int64_t next_ = 0;      // no packet waits below this number
  std::int64_t highest_ = -1;  // the highest stored
  bool given_any_ = false;     // of this segment
  bool has_unnamed_ = false;   // it has packets of SSRC 0 and others
  std::int64_t first_sequence_ = 0;
  ArrivalTime first_arrival_{};
  RtpTimestamp highest_timestamp_;
  ArrivalTime highest_arrival_{};

  Unwrapper<std::uint32_t> unwrap_ticks_;
  std::int64_t extra_cycles_ = 0;  // whole turns of RTP time that went by unseen
  std::int64_t last_ticks_ = 0;
  ArrivalTime last_arrival_{};

  // The SSRC before this one, for what of it still trickles in.
  std::optional<Ssrc> previous_ssrc_;
  SequenceNumber previous_highest_;
  RtpTimestamp previous_timestamp_;          // of the highest
  std::uint64_t packets_before_switch_ = 0;  // of those received

  std::array<StoredPacket, 2> held_;
  std::size_t held_count_ = 0;
  Held held_why_ = Held::None;
};

}  // namespace greffe::rtp
