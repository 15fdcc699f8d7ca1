#include "rtp/red_unwrapper.h"

#include <algorithm>

namespace greffe::rtp {
namespace {

// Neighbours farther away in number say nothing: the sender has started afresh.
constexpr std::int64_t MostApart = 1000;

}  // namespace

RedUnwrapper::RedUnwrapper(ReceivedPacketSource& source, PayloadType red, std::string place,
                           DamageLog& damage)
    : source_(source), red_(red), place_(std::move(place)), damage_(damage), primary_(red) {}

Result<ReceivedPacket*> RedUnwrapper::next() {
  while (ready_at_ == ready_.size()) {
    GREFFE_TRY(ReceivedPacket* const received, source_.next());
    if (received == nullptr || received->from_beside) return received;
    const RtpPacket& packet = received->parsed.packet;
    if (packet.ssrc != ssrc_ || received->recording != recording_) known_count_ = known_next_ = 0;
    ssrc_ = packet.ssrc;
    recording_ = received->recording;
    if (packet.payload_type != red_) {
      remember(packet);
      return received;
    }
    ++wrapped_;
    if (packet.payload.empty() || received->cut) {
      // A probe, or a packet of which only the beginning is there: good for its number and its time.
      remember(packet);
      received->parsed.packet.payload_type = primary_;
      return received;
    }
    if (!unwrap(*received)) continue;
  }
  return &ready_.at(ready_at_++);
}

// Fills ready_ from its end; false when the payload makes no sense.
bool RedUnwrapper::unwrap(const ReceivedPacket& received) {
  const auto red = parse_red(received.parsed.packet.payload);
  if (!red) {
    const RtpPacket& packet = received.parsed.packet;
    damage_.add({.condition = "red-malformed",
                 .place = place_,
                 .unit = "packets",
                 .position = static_cast<std::int64_t>(received.position),
                 .text = fmt::format("packet {} at byte {}: {}: left out", packet.sequence.value,
                                     received.position, red.error().message())});
    return false;
  }
  ready_at_ = ready_.size() - 1;
  ReceivedPacket& own = ready_.back();
  own = received;
  own.parsed.packet.payload_type = primary_ = red->primary.type;
  own.parsed.packet.payload = red->primary.data;
  remember(own.parsed.packet);
  recover(received, *red);
  return true;
}

// Newest copy first, so that each one found bounds the numbers of those before it.
void RedUnwrapper::recover(const ReceivedPacket& received, const RedPayload& red) {
  const RtpPacket& packet = received.parsed.packet;
  for (std::size_t i = red.count; i-- > 0;) {
    const RedBlock& block = red.blocks.at(i);
    if (block.type != red.primary.type || block.data.empty() || block.offset_ticks == 0) continue;
    const RtpTimestamp time{packet.timestamp.value - block.offset_ticks};
    const auto number = find_place(packet, time, static_cast<std::int64_t>(red.count - i));
    if (!number) continue;
    ReceivedPacket& copy = ready_.at(--ready_at_);
    copy = {.parsed = {},
            .arrival = received.arrival,
            .position = received.position,
            .recovered = true,
            .recording = received.recording};
    copy.parsed.packet = {.payload_type = block.type,
                          .sequence = *number,
                          .timestamp = time,
                          .ssrc = packet.ssrc,
                          .payload = block.data};
    remember(copy.parsed.packet);
  }
}

// The number of a copy of RTP time `time`, the `back`th before `packet`; none when that packet is known or
// there is no free number between its neighbours.
std::optional<SequenceNumber> RedUnwrapper::find_place(const RtpPacket& packet, RtpTimestamp time,
                                                       std::int64_t back) const {
  struct Neighbour {
    std::int64_t number;  // as distance from the packet's
    std::int64_t ticks;   // from the copy's time
  };
  std::optional<Neighbour> earlier;
  Neighbour later{0, distance(time, packet.timestamp)};
  for (std::size_t i = 0; i < known_count_; ++i) {
    const Known& known = known_.at(i);
    if (!known.holds_sound) continue;
    const std::int64_t ticks = distance(time, known.time);
    if (ticks == 0) return std::nullopt;
    const std::int64_t number = distance(packet.sequence, known.sequence);
    if (number < -MostApart || number > MostApart) continue;
    if (ticks > 0) {
      if (number < later.number) later = {number, ticks};
    } else if (!earlier || number > earlier->number) {
      earlier = {number, ticks};
    }
  }
  // Nothing was lost before the first packet: the recording begins there.
  if (!earlier) return std::nullopt;
  std::int64_t highest = later.number - 1;
  std::int64_t lowest = earlier->number + 1;
  if (lowest > highest) return std::nullopt;
  if (const std::int64_t step = shortest_step(); step > 0) {
    // Time has room for so many packets on either side, and numbers that hold no sound take none of it.
    const auto packets_in = [step](std::int64_t ticks) {
      return std::max<std::int64_t>(1, (ticks + step / 2) / step);
    };
    const std::int64_t silent = taken_between(packet, earlier->number, later.number);
    highest = std::min(highest, earlier->number + packets_in(-earlier->ticks) + silent);
    lowest = std::max(lowest, later.number - packets_in(later.ticks) - silent);
  }
  // Where silence leaves a choice, the copies are of the newest numbers.
  for (std::int64_t number = std::max(lowest, std::min(highest, -back)); number > earlier->number; --number) {
    const SequenceNumber candidate{static_cast<std::uint16_t>(packet.sequence.value + number)};
    if (!is_taken(candidate)) return candidate;
  }
  return std::nullopt;
}

// From one number to the next where packets are shortest; 0 when nothing tells.
std::int64_t RedUnwrapper::shortest_step() const {
  std::int64_t shortest = 0;
  for (std::size_t i = 1; i < known_count_; ++i) {
    const Known& before = known_.at((known_next_ + i - 1) % known_count_);
    const Known& after = known_.at((known_next_ + i) % known_count_);
    const std::int64_t numbers = distance(before.sequence, after.sequence);
    if (!before.holds_sound || !after.holds_sound || numbers == 0) continue;
    const std::int64_t step = distance(before.time, after.time) / numbers;
    if (step > 0 && (shortest == 0 || step < shortest)) shortest = step;
  }
  return shortest;
}

// How many of the numbers between are known; both as distances from the packet's.
std::int64_t RedUnwrapper::taken_between(const RtpPacket& packet, std::int64_t first,
                                         std::int64_t last) const {
  return std::count_if(known_.begin(), known_.begin() + static_cast<std::ptrdiff_t>(known_count_),
                       [&](const Known& known) {
                         const std::int64_t number = distance(packet.sequence, known.sequence);
                         return number > first && number < last;
                       });
}

bool RedUnwrapper::is_taken(SequenceNumber sequence) const {
  return std::any_of(known_.begin(), known_.begin() + static_cast<std::ptrdiff_t>(known_count_),
                     [&](const Known& known) { return known.sequence == sequence; });
}

void RedUnwrapper::remember(const RtpPacket& packet) {
  const bool holds_sound =
      !packet.payload.empty() && (packet.payload_type == primary_ || packet.payload_type == red_);
  known_.at(known_next_) = {packet.sequence, packet.timestamp, holds_sound};
  known_next_ = (known_next_ + 1) % known_.size();
  known_count_ = std::min(known_count_ + 1, known_.size());
}

}  // namespace greffe::rtp
