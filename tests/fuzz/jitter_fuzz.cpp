// Any packets in any order: numbers come out rising inside a segment, and every packet is accounted for. What
// looks for encryption reads them too.
#include <cstdlib>

#include "depacketizer/encryption.h"
#include "packet_script.h"
#include "rtp/jitter_buffer.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace greffe;
  fuzz::ScriptedPackets source(Bytes(data, size));
  DamageLog damage;
  rtp::JitterBuffer buffer(source, {.place = "track", .window = 8, .clock_rate = ClockRate{90'000}}, damage);
  depacketizer::EncryptionWatch watches[] = {depacketizer::EncryptionWatch(media::CodecId::Opus),
                                             depacketizer::EncryptionWatch(media::CodecId::Pcmu),
                                             depacketizer::EncryptionWatch(media::CodecId::Vp8)};
  std::uint64_t given = 0;
  std::uint64_t segments = 0;
  std::int64_t last = -1;
  for (;;) {
    const auto packet = buffer.next();
    require(packet.has_value());
    if (!*packet) break;
    require((*packet)->starts_segment || (*packet)->sequence == last + 1 + (*packet)->lost_before);
    segments += (*packet)->starts_segment ? 1 : 0;
    last = (*packet)->sequence;
    ++given;
    for (auto& watch : watches) watch.see(**packet);
  }
  for (const auto& watch : watches) (void)watch.verdict();
  const rtp::PacketCounts& counts = buffer.counts();
  require(counts.packets == source.count());
  require(counts.segments == segments);
  require(given + counts.duplicates + counts.too_late + counts.stray == counts.packets);
  return 0;
}
