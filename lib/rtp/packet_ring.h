// The packets a jitter buffer holds, each at the place of its number.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <limits>
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
  // Where the packet of that number is to be put.
  StoredPacket& slot(std::int64_t sequence) {
    note_used(sequence);
    return slots_[place_of(sequence)];
  }
  // The packet of that number, or nullptr. Valid until something else is stored at its place.
  StoredPacket* find(std::int64_t sequence) {
    StoredPacket& stored = slots_[place_of(sequence)];
    return stored.sequence == sequence ? &stored : nullptr;
  }
  const StoredPacket* find(std::int64_t sequence) const {
    const StoredPacket& stored = slots_[place_of(sequence)];
    return stored.sequence == sequence ? &stored : nullptr;
  }
  // Of packets that need not wait only this is kept: what nearly all are costs few octets of memory.
  void pass(std::int64_t sequence, std::uint64_t content) {
    note_used(sequence);
    passed_[place_of(sequence)] = {sequence, content};
  }
  // What content_of() said of the packet of that number, when it passed or was stored.
  std::optional<std::uint64_t> find_content(std::int64_t sequence) const {
    const Passed& passed = passed_[place_of(sequence)];
    if (passed.sequence == sequence) return passed.content;
    const StoredPacket* const stored = find(sequence);
    return stored == nullptr ? std::nullopt : std::optional(stored->content);
  }
  // Costs as much as the numbers since the last time span: a segment may have few.
  void forget_all() {
    const std::int64_t last = std::min(last_used_, first_used_ + capacity() - 1);
    for (std::int64_t sequence = first_used_; sequence <= last; ++sequence) {
      slots_[place_of(sequence)].sequence = StoredPacket::Nothing;
      passed_[place_of(sequence)].sequence = StoredPacket::Nothing;
    }
    first_used_ = NothingUsed;
    last_used_ = -1;
  }

 private:
  std::size_t place_of(std::int64_t sequence) const {
    return static_cast<std::size_t>(sequence) & (slots_.size() - 1);
  }
  void note_used(std::int64_t sequence) {
    first_used_ = std::min(first_used_, sequence);
    last_used_ = std::max(last_used_, sequence);
  }

  static constexpr std::int64_t NothingUsed = std::numeric_limits<std::int64_t>::max() / 2;

  struct Passed {
    std::int64_t sequence = StoredPacket::Nothing;
    std::uint64_t content = 0;
  };

  std::vector<StoredPacket> slots_;
  std::vector<Passed> passed_;
  std::int64_t first_used_ = NothingUsed;  // since the last forget_all()
  std::int64_t last_used_ = -1;
};

}  // namespace greffe::rtp
