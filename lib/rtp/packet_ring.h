// The packets a jitter buffer holds, each at the place of its number.
#pragma once

#include <bit>
#include <cstdint>
#include <optional>
#include <vector>

#include "rtp/received_packet.h"

namespace greffe::rtp {

// A packet with bytes of its own. Swapped, never copied, so that buffers are reused.
struct StoredPacket {
  static constexpr std::int64_t Nothing = -1;

  std::int64_t sequence = Nothing;  // unwrapped
  ArrivalTime arrival{};
  bool cut = false;
  bool recovered = false;
  RtpPacket packet;           // its views look into `bytes`
  std::uint64_t content = 0;  // a hash of all that copies of it have alike
  std::vector<std::uint8_t> bytes;

  void assign(std::int64_t at, const ReceivedPacket& received);
};

// Of payload, marker, type, RTP time and SSRC.
std::uint64_t content_of(const RtpPacket& packet);

// A fixed number of places; number n lies at n modulo capacity. What was given out stays until its place is
// needed again, so that late copies are known. A place's buffer grows to the largest packet it has held:
// nothing is allocated per packet once all places have been used.
class PacketRing {
 public:
  // At least `capacity` places.
  explicit PacketRing(std::size_t capacity) : slots_(std::bit_ceil(capacity)), passed_(slots_.size()) {}

  std::int64_t capacity() const { return static_cast<std::int64_t>(slots_.size()); }
  StoredPacket& slot(std::int64_t sequence) {
    return slots_[static_cast<std::size_t>(sequence) & (slots_.size() - 1)];
  }
  // The packet of that number, or nullptr. Valid until something else is stored at its place.
  StoredPacket* find(std::int64_t sequence) {
    StoredPacket& stored = slot(sequence);
    return stored.sequence == sequence ? &stored : nullptr;
  }
  const StoredPacket* find(std::int64_t sequence) const {
    const StoredPacket& stored = slots_[static_cast<std::size_t>(sequence) & (slots_.size() - 1)];
    return stored.sequence == sequence ? &stored : nullptr;
  }
  // Of packets that need not wait only this is kept: what nearly all are costs few octets of memory.
  void pass(std::int64_t sequence, std::uint64_t content) {
    passed_[static_cast<std::size_t>(sequence) & (slots_.size() - 1)] = {sequence, content};
  }
  // What content_of() said of the packet of that number, when it passed or was stored.
  std::optional<std::uint64_t> find_content(std::int64_t sequence) const {
    const Passed& passed = passed_[static_cast<std::size_t>(sequence) & (slots_.size() - 1)];
    if (passed.sequence == sequence) return passed.content;
    const StoredPacket* const stored = find(sequence);
    return stored == nullptr ? std::nullopt : std::optional(stored->content);
  }
  void forget_all() {
    for (StoredPacket& stored : slots_) stored.sequence = StoredPacket::Nothing;
    for (Passed& passed : passed_) passed.sequence = StoredPacket::Nothing;
  }

 private:
  struct Passed {
    std::int64_t sequence = StoredPacket::Nothing;
    std::uint64_t content = 0;
  };

  std::vector<StoredPacket> slots_;
  std::vector<Passed> passed_;
};

}  // namespace greffe::rtp
