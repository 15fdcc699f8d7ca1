// Keys pressed and other telephone events (RFC 4733): what their packets say, each event once.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/damage_log.h"
#include "rtp/packet_source.h"

namespace greffe::rtp {

// One octet each of event and volume, 16 bits of duration.
struct EventBlock {
  std::uint8_t code = 0;
  bool ends = false;           // the E bit: the duration is final
  std::uint8_t volume = 0;     // 0…63: 0…-63 dBm0 of a tone
  std::uint16_t duration = 0;  // so far, in ticks of the RTP clock
};
// Fails below four octets.
Result<EventBlock> parse_event_block(Bytes bytes);

struct TelephoneEvent {
  std::uint64_t packet = 0;  // of its first packet, as the caller counts
  std::int64_t ticks = 0;    // RTP time of its beginning, unwrapped
  std::int64_t duration_ticks = 0;
  std::uint8_t code = 0;
  std::uint8_t volume = 0;
  bool ended = false;  // false: its end never came, the duration is the longest told
};

// "0"…"9", "*", "#", "A"…"D", "flash" (RFC 4733 §3.2); empty for events that are no key.
std::string_view key_of(std::uint8_t event_code);

// Puts the packets of events together (R23): the packets of one event share an RTP time, its last one comes
// three times; an event longer than 65535 ticks goes on in a new one (§2.5.1.3); events that follow without a
// gap may share a packet (§2.5.1.5). What is malformed is damage "event-malformed"; events beyond
// `MostEvents` are damage "too-many-events". `damage` must outlive the log.
class TelephoneEventLog {
 public:
  static constexpr std::size_t MostEvents = 65'536;

  TelephoneEventLog(std::string place, DamageLog& damage) : place_(std::move(place)), damage_(damage) {}
  // An ordered packet that holds events. `number` counts the track's packets.
  void see(const OrderedPacket& packet, std::uint64_t number);
  // In order of their first packet.
  const std::vector<TelephoneEvent>& events() const { return events_; }

 private:
  void take(const EventBlock& block, std::int64_t ticks, std::uint64_t number);
  bool goes_on(const EventBlock& block, std::int64_t ticks);

  std::string place_;
  DamageLog& damage_;
  std::vector<TelephoneEvent> events_;
  std::int64_t latest_ticks_ = 0;  // RTP time of the last event's latest packet
};

}  // namespace greffe::rtp
