// Rebuilds lost packets from error correction: ULPFEC in the track's own numbers, FlexFEC on its own stream.
#pragma once

#include <array>
#include <deque>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/damage_log.h"
#include "rtp/fec_packet.h"
#include "rtp/received_packet.h"

namespace greffe::rtp {

// How the track is protected.
struct Protection {
  std::optional<PayloadType> ulpfec;  // of packets in the track's own stream
  std::set<Ssrc> flexfec;             // streams of which every packet is error correction
  std::set<Ssrc> beside = {};         // the same, of other flows (ReceivedPacket::from_beside)
  bool any() const { return ulpfec || !flexfec.empty() || !beside.empty(); }
};

struct FecCounts {
  std::uint64_t packets = 0;
  std::uint64_t unusable = 0;  // of these: nothing that can be read
  std::uint64_t rebuilt = 0;   // packets of the track
};

// A packet that is missing among those that one error correction packet protects comes out, marked as
// recovered, behind the packet that made it known. FlexFEC packets are taken out; ULPFEC packets use numbers
// of the track and stay as packets without payload, so that their numbers are not loss (R21).
//
// Remembers the last 256 numbers and 64 error correction packets. Sums take in the packets as they came
// (RFC 5109 §8): those repeated by retransmission have other header extensions and are known, but not summed.
// A sum that gives no packet of a type that the track has had is damage "fec-mismatch"; an error correction
// packet that cannot be read is "fec-malformed".
//
// Not thread-safe. `source` and `damage` must outlive this object.
class FecDecoder final : public ReceivedPacketSource {
 public:
  // `place` names the track in damage.
  FecDecoder(ReceivedPacketSource& source, Protection protection, std::string place, DamageLog& damage);

  Result<ReceivedPacket*> next() override;
  const FecCounts& counts() const { return counts_; }

 private:
  static constexpr std::size_t MostKnown = 256;
  static constexpr std::size_t MostWaiting = 64;

  // A packet of the track: its fixed header in parts, and what follows the first 12 octets.
  struct Known {
    bool seen = false;
    bool summable = false;
    SequenceNumber sequence;
    std::uint8_t first_octet = 0;
    std::uint8_t second_octet = 0;
    std::uint32_t timestamp = 0;
    std::vector<std::uint8_t> rest;
  };
  // An error correction packet whose protected packets are not all known.
  struct Waiting {
    FecPacket fec;  // its sum looks into `bytes`
    std::vector<std::uint8_t> bytes;
    ArrivalTime arrival{};
    std::uint64_t position = 0;
  };

  bool passes(ReceivedPacket& received);
  void take_fec(const ReceivedPacket& received, bool flexible);
  void remember(const ReceivedPacket& received);
  void rebuild();
  bool try_rebuild(const Waiting& waiting);
  bool finish(const Waiting& waiting, Known sum);
  Known& slot(SequenceNumber sequence) { return known_.at(sequence.value % MostKnown); }
  const Known* find(SequenceNumber sequence) const;
  void forget_all();

  ReceivedPacketSource& source_;
  Protection protection_;
  std::string place_;
  DamageLog& damage_;
  FecCounts counts_;
  std::optional<Ssrc> ssrc_;
  std::uint32_t recording_ = 0;
  SequenceNumber latest_;          // of the track
  std::array<bool, 128> types_{};  // that the track has had
  std::vector<Known> known_;
  std::deque<Waiting> waiting_;

  // Rebuilt packets with their bytes, to be given from the front; the front one is given when `lent_`.
  struct Rebuilt {
    std::vector<std::uint8_t> bytes;
    ArrivalTime arrival{};
    std::uint64_t position = 0;
  };
  std::deque<Rebuilt> rebuilt_;
  ReceivedPacket given_;  // of the first of these
  bool lent_ = false;
};

}  // namespace greffe::rtp
