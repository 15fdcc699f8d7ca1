// Any packets, some of them wrapped in redundancy: what is recovered fits in, and every packet is accounted
// for.
#include <cstdlib>

#include "packet_script.h"
#include "rtp/jitter_buffer.h"
#include "rtp/red_unwrapper.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace greffe;
  fuzz::ScriptedPackets source(Bytes(data, size));
  DamageLog damage;
  rtp::RedUnwrapper unwrapper(source, PayloadType{97}, "track", damage);
  rtp::JitterBuffer buffer(unwrapper, {.place = "track", .window = 8, .clock_rate = ClockRate{48'000}},
                           damage);
  std::uint64_t given = 0;
  std::int64_t last = -1;
  for (;;) {
    const auto packet = buffer.next();
    require(packet.has_value());
    if (!*packet) break;
    require((*packet)->starts_segment || (*packet)->sequence == last + 1 + (*packet)->lost_before);
    require(!(*packet)->recovered || !(*packet)->packet.payload.empty());
    last = (*packet)->sequence;
    ++given;
  }
  const rtp::PacketCounts& counts = buffer.counts();
  require(counts.packets + damage.count("red-malformed") == source.count());
  require(given - counts.recovered + counts.duplicates + counts.too_late + counts.stray == counts.packets);
  return 0;
}
