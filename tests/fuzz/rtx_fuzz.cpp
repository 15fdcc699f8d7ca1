// Any packets, some of them retransmissions: what is put back fits in, and every packet is accounted for.
#include <cstdlib>

#include "packet_script.h"
#include "rtp/jitter_buffer.h"
#include "rtp/rtx_restorer.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace greffe;
  fuzz::ScriptedPackets source(Bytes(data, size));
  DamageLog damage;
  rtp::RtxRestorer restorer(source, {.streams = {Ssrc{2}}, .types = {{PayloadType{97}, PayloadType{98}}}},
                            "track", damage);
  rtp::JitterBuffer buffer(restorer, {.place = "track", .window = 8}, damage);
  std::uint64_t given = 0;
  std::int64_t last = -1;
  for (;;) {
    const auto packet = buffer.next();
    require(packet.has_value());
    if (!*packet) break;
    require((*packet)->starts_segment || (*packet)->sequence == last + 1 + (*packet)->lost_before);
    require((*packet)->packet.ssrc != Ssrc{2});
    last = (*packet)->sequence;
    ++given;
  }
  const rtp::PacketCounts& counts = buffer.counts();
  const rtp::RtxCounts& rtx = restorer.counts();
  require(rtx.restored + rtx.probes + rtx.unusable == rtx.packets);
  require(counts.packets + rtx.packets == source.count());
  require(given - counts.recovered + counts.duplicates + counts.too_late + counts.stray == counts.packets);
  return 0;
}
