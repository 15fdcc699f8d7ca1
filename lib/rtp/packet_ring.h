// The packets a jitter buffer holds, each at the place of its number.
#pragma once

#include <bit>
#include <cstdint>
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
  std::uint64_t content = 0;  // the hash of its payload
  std::vector<std::uint8_t> bytes;

  void assign(std::int64_t at, const ReceivedPacket& received);
  // Of a packet that needs not wait: all but the bytes, so that copies of it are known.
  void remember(std::int64_t at, const ReceivedPacket& received);
  bool same_content(const RtpPacket& other) const;
};

// A fixed number of places; number n lies at n modulo capacity. What was given out stays until its place is
// needed again, so that late copies are known. A place's buffer grows to the largest packet it has held:
// nothing is allocated per packet once all places have been used.
class PacketRing {
 public:
  // At least `capacity` places.
  explicit PacketRing(std::size_t capacity) : slots_(std::bit_ceil(capacity)) {}

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
  void forget_all() {
    for (StoredPacket& stored : slots_) stored.sequence = StoredPacket::Nothing;
  }

 private:
  std::vector<StoredPacket> slots_;
};

}  // namespace greffe::rtp
