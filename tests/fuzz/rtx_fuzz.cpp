// Any packets, some of them retransmissions: what is put back fits in, and every packet is accounted for.
#include "packet_script.h"
#include "rtp/rtx_restorer.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace greffe;
  fuzz::ScriptedPackets source(Bytes(data, size));
  DamageLog damage;
  rtp::RtxRestorer restorer(source, {.streams = {Ssrc{2}}, .types = {{PayloadType{97}, PayloadType{98}}}},
                            "track", damage);
  rtp::JitterBuffer buffer(restorer, {.place = "track", .window = 8}, damage);
  const std::uint64_t given = fuzz::read_packets(
      buffer, [](const rtp::OrderedPacket& packet) { fuzz::require(packet.packet.ssrc != Ssrc{2}); });
  const rtp::PacketCounts& counts = buffer.counts();
  const rtp::RtxCounts& rtx = restorer.counts();
  fuzz::require(rtx.restored + rtx.probes + rtx.unusable == rtx.packets);
  fuzz::require(counts.packets + rtx.packets == source.count());
  fuzz::require(given - counts.recovered + counts.duplicates + counts.too_late + counts.stray ==
                counts.packets);
  return 0;
}
