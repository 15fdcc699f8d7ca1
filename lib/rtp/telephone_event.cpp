#include "rtp/telephone_event.h"

#include <algorithm>
#include <array>

namespace greffe::rtp {
namespace {

constexpr std::size_t BlockBytes = 4;
constexpr std::size_t MostInPacket = 16;
constexpr std::int64_t LongestSegment = 65'535;  // ticks: what the field of the duration holds
constexpr std::ptrdiff_t MostBack = 2 * MostInPacket;

}  // namespace

//    | event (8) |E|R| volume (6) | duration (16) |      RFC 4733 §2.3
Result<EventBlock> parse_event_block(Bytes bytes) {
  ByteReader reader(bytes);
  EventBlock block{.code = reader.u8()};
  const std::uint8_t second = reader.u8();
  block.ends = (second & 0x80) != 0;
  block.volume = second & 0x3f;
  block.duration = reader.u16();
  if (reader.failed()) return fail("telephone event of {} bytes, 4 expected", bytes.size());
  return block;
}

std::string_view key_of(std::uint8_t event_code) {
  constexpr std::array<std::string_view, 17> Keys{"0", "1", "2", "3", "4", "5", "6", "7",    "8",
                                                  "9", "*", "#", "A", "B", "C", "D", "flash"};
  return event_code < Keys.size() ? Keys.at(event_code) : std::string_view{};
}

void TelephoneEventLog::see(const OrderedPacket& packet, std::uint64_t number) {
  Bytes bytes = packet.packet.payload;
  if (bytes.empty()) return;
  if (packet.cut || bytes.size() % BlockBytes != 0 || bytes.size() > BlockBytes * MostInPacket) {
    damage_.add(
        {.condition = "event-malformed",
         .place = place_,
         .unit = "packets",
         .position = as_sent<std::uint32_t>(packet.ticks),
         .text = fmt::format("packet {}: {} bytes{} are no telephone event", packet.packet.sequence.value,
                             bytes.size(), packet.cut ? " of more" : "")});
    return;
  }
  std::int64_t ticks = packet.ticks;
  for (; !bytes.empty(); bytes = bytes.subspan(BlockBytes)) {
    const auto block = parse_event_block(bytes.first(BlockBytes));
    if (!block) return;
    take(*block, ticks, number);
    ticks += block->duration;
  }
}

// Whether a block tells more of the last event.
bool TelephoneEventLog::goes_on(const EventBlock& block, std::int64_t ticks) {
  if (events_.empty() || events_.back().code != block.code) return false;
  const TelephoneEvent& last = events_.back();
  if (ticks == latest_ticks_) return true;
  return !last.ended && ticks - latest_ticks_ == LongestSegment;
}

void TelephoneEventLog::take(const EventBlock& block, std::int64_t ticks, std::uint64_t number) {
  if (!goes_on(block, ticks)) {
    // An old packet of an event that another one has followed: told already.
    const auto back = std::min(std::ssize(events_), MostBack);
    const bool told = std::any_of(events_.end() - back, events_.end(), [&](const TelephoneEvent& event) {
      return event.ticks == ticks && event.code == block.code;
    });
    if (told) return;
    if (events_.size() == MostEvents) {
      damage_.add(
          {.condition = "too-many-events",
           .place = place_,
           .unit = "packets",
           .position = as_sent<std::uint32_t>(ticks),
           .text = fmt::format("more than {} telephone events: the others are left out", MostEvents)});
      return;
    }
    events_.push_back({.packet = number, .ticks = ticks, .code = block.code, .volume = block.volume});
  }
  latest_ticks_ = ticks;
  TelephoneEvent& event = events_.back();
  event.duration_ticks = std::max<std::int64_t>(event.duration_ticks, ticks - event.ticks + block.duration);
  event.ended = event.ended || block.ends;
}

}  // namespace greffe::rtp
