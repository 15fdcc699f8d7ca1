// Any packets, some of them wrapped in redundancy: what is recovered fits in, and every packet is accounted
// for.
#include "packet_script.h"
#include "rtp/red_unwrapper.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace greffe;
  fuzz::ScriptedPackets source(Bytes(data, size));
  DamageLog damage;
  rtp::RedUnwrapper unwrapper(source, PayloadType{97}, "track", damage);
  rtp::JitterBuffer buffer(unwrapper, {.place = "track", .window = 8, .clock_rate = ClockRate{48'000}},
                           damage);
  const std::uint64_t given = fuzz::read_packets(buffer, [](const rtp::OrderedPacket& packet) {
    fuzz::require(!packet.recovered || !packet.packet.payload.empty());
  });
  const rtp::PacketCounts& counts = buffer.counts();
  fuzz::require(counts.packets + damage.count("red-malformed") == source.count());
  fuzz::require(given - counts.recovered + counts.duplicates + counts.too_late + counts.stray ==
                counts.packets);
  return 0;
}
