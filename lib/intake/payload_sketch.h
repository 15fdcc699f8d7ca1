// A small sample of a stream's payloads, by which the same media is found again in another file: Janus
// rewrites numbers and times of what it records, but not the payload.
#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "rtp/packet.h"
#include "units/time.h"

namespace greffe::intake {

// Good enough to know a payload again, not for trust.
std::uint64_t payload_hash(Bytes payload);

// Keeps the payloads with the smallest hashes (bottom-k sketch), so that two sketches of overlapping streams
// hold the same ones where they overlap. Payloads that come again at another RTP time (the silence of who is
// muted) tell nobody from anybody and do not count. Those under 16 bytes (probes, DTX) are alike, too: they
// are told apart by SSRC, number and RTP time besides, and are asked where the others are too few.
class PayloadSketch {
 public:
  static constexpr std::size_t Most = 256;

  void add(const rtp::RtpPacket& packet, ArrivalTime arrival = {});
  std::size_t size() const { return large_.kept.size() + small_.kept.size(); }
  // Whether all payloads, also small ones, were the same, as those of who is muted.
  bool is_one_again_and_again() const { return first_ && !varies_ && comes_again_; }

  // Share of this sketch's payloads that `other` holds too, of those it would have kept; 0 … 1, and 1 where
  // `other` has all that this has.
  double share_in(const PayloadSketch& other) const;

  // RTP time of `other` less that of this, for the same payloads: the commonest difference. nullopt when
  // fewer than 8 payloads agree on it.
  std::optional<std::uint32_t> shift_to(const PayloadSketch& other) const;
  // Whether the two above speak of packets with the same SSRC and numbers, since there is not enough besides.
  bool is_by_numbers(const PayloadSketch& other) const;
  // The same of their arrival: the middle difference. nullopt when they share no payload.
  std::optional<Duration> arrival_shift_to(const PayloadSketch& other) const;

 private:
  struct Sample {
    RtpTimestamp timestamp;
    ArrivalTime arrival;
    bool repeated = false;
  };
  struct Samples {
    std::map<std::uint64_t, Sample> kept;  // by hash
    std::uint64_t limit = UINT64_MAX;

    void add(std::uint64_t hash, Sample sample);
    // The sample of that hash; nullptr when there is none that counts.
    const Sample* find(std::uint64_t hash) const;
  };
  const Samples& samples_beside(const PayloadSketch& other) const {
    return is_by_numbers(other) ? small_ : large_;
  }

  Samples large_;  // of 16 bytes and more
  Samples small_;
  std::optional<std::uint64_t> first_;  // of all payloads
  bool comes_again_ = false;
  bool varies_ = false;
};

}  // namespace greffe::intake
