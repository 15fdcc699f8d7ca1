// Any packets, some of them error correction, whole on the wire: nothing is rebuilt that is no packet of the
// track, and every packet is accounted for. First each input is one payload of either format.
#include "packet_script.h"
#include "rtp/fec_decoder.h"

namespace {

using greffe::fuzz::require;

// Length 8, then that many bytes of a packet; flexible error correction has SSRC 2.
class RawPackets final : public greffe::rtp::ReceivedPacketSource {
 public:
  explicit RawPackets(greffe::Bytes script) : reader_(script) {}

  greffe::Result<greffe::rtp::ReceivedPacket*> next() override {
    while (reader_.remaining() > 0) {
      const std::size_t length = reader_.u8();
      const auto parsed = greffe::rtp::parse_packet(reader_.take(std::min(length, reader_.remaining())));
      if (!parsed) continue;
      if (parsed->packet.ssrc != greffe::Ssrc{2}) ++media_;
      given_ = {.parsed = *parsed};
      return &given_;
    }
    return nullptr;
  }
  std::uint64_t media() const { return media_; }

 private:
  greffe::ByteReader reader_;
  greffe::rtp::ReceivedPacket given_;
  std::uint64_t media_ = 0;
};

void check(const greffe::Result<greffe::rtp::FecPacket>& fec, greffe::Bytes payload) {
  if (!fec) return;
  require(fec->count >= 1 && fec->count <= greffe::rtp::FecPacket::MostProtected);
  require(fec->protected_offsets().back() < greffe::rtp::FecPacket::MostSpan);
  require(!fec->sum.empty() && fec->sum.size() < payload.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace greffe;
  const Bytes input(data, size);
  check(rtp::parse_ulpfec(input), input);
  for (const std::uint8_t csrcs : {std::uint8_t{0}, std::uint8_t{1}, std::uint8_t{2}})
    check(rtp::parse_flexfec({.csrc_count = csrcs, .csrc = Ssrc{1}, .payload = input}), input);
  RawPackets source(input);
  DamageLog damage;
  rtp::FecDecoder decoder(source, {.ulpfec = PayloadType{117}, .flexfec = {Ssrc{2}}}, "track", damage);
  rtp::JitterBuffer buffer(decoder, {.place = "track", .window = 8}, damage);
  const std::uint64_t given = fuzz::read_packets(buffer, [](const rtp::OrderedPacket& packet) {
    require(packet.packet.payload_type != PayloadType{117} || packet.packet.payload.empty());
  });
  const rtp::PacketCounts& counts = buffer.counts();
  require(counts.packets == source.media());
  require(counts.recovered <= decoder.counts().rebuilt);
  require(given - counts.recovered + counts.duplicates + counts.too_late + counts.stray == counts.packets);
  return 0;
}
