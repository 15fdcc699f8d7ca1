// Any packets as telephone events: at most one event a block, none shorter than nothing.
#include <cstdlib>

#include "packet_script.h"
#include "rtp/telephone_event.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace greffe;
  fuzz::ScriptedPackets source(Bytes(data, size));
  DamageLog damage;
  rtp::TelephoneEventLog events("track", damage);
  std::uint64_t blocks = 0;
  for (std::uint64_t number = 0;; ++number) {
    const auto received = source.next();
    if (!received || !*received) break;
    rtp::OrderedPacket packet{.ticks = (*received)->parsed.packet.timestamp.value, .cut = (*received)->cut};
    packet.packet = (*received)->parsed.packet;
    blocks += packet.packet.payload.size() / 4;
    events.see(packet, number);
  }
  bool sound = events.events().size() <= blocks;
  for (const rtp::TelephoneEvent& event : events.events()) sound = sound && event.duration_ticks >= 0;
  if (!sound) std::abort();
  return 0;
}
