// A small sample of a stream's payloads, by which the same media is found again in another file: Janus
// rewrites numbers and times of what it records, but not the payload.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "rtp/packet.h"

namespace greffe::intake {

// Good enough to know a payload again, not for trust.
std::uint64_t payload_hash(Bytes payload);

// Keeps the payloads with the smallest hashes (bottom-k sketch), so that two sketches of overlapping streams
// hold the same ones where they overlap. Payloads under 16 bytes (silence, probes) are alike and left out.
class PayloadSketch {
 public:
  static constexpr std::size_t Most = 256;

  struct Sample {
    std::uint64_t hash = 0;
    RtpTimestamp timestamp;
    Ssrc ssrc;
  };

  void add(const rtp::RtpPacket& packet);
  // By hash.
  const std::vector<Sample>& samples() const { return samples_; }

  // Share of this sketch's samples that `other` holds too, of those it would have kept; 0 … 1.
  double share_in(const PayloadSketch& other) const;

  // RTP time of `other` less that of this, for the same payloads: the commonest difference. nullopt when
  // fewer than 8 payloads agree on it.
  std::optional<std::uint32_t> shift_to(const PayloadSketch& other) const;

 private:
  void keep_smallest();
  std::vector<Sample> samples_;
  std::uint64_t limit_ = UINT64_MAX;
};

}  // namespace greffe::intake
