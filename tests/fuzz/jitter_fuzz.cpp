// Any packets in any order: numbers come out rising inside a segment, and every packet is accounted for. What
// looks for encryption reads them too.
#include "depacketizer/encryption.h"
#include "packet_script.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace greffe;
  fuzz::ScriptedPackets source(Bytes(data, size));
  DamageLog damage;
  rtp::JitterBuffer buffer(source, {.place = "track", .window = 8, .clock_rate = ClockRate{90'000}}, damage);
  depacketizer::EncryptionWatch watches[] = {depacketizer::EncryptionWatch(media::CodecId::Opus),
                                             depacketizer::EncryptionWatch(media::CodecId::Pcmu),
                                             depacketizer::EncryptionWatch(media::CodecId::Vp8)};
  std::uint64_t segments = 0;
  const std::uint64_t given = fuzz::read_packets(buffer, [&](const rtp::OrderedPacket& packet) {
    segments += packet.starts_segment ? 1 : 0;
    for (auto& watch : watches) watch.see(packet);
  });
  for (const auto& watch : watches) (void)watch.verdict();
  const rtp::PacketCounts& counts = buffer.counts();
  fuzz::require(counts.packets == source.count());
  fuzz::require(counts.segments == segments);
  fuzz::require(given + counts.duplicates + counts.too_late + counts.stray == counts.packets);
  return 0;
}
