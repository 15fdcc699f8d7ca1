// A track of G.711 with comfort noise of any kind in it: what is said of it stays in order, and the noise
// that is made of it is never louder than full scale.
#include <cmath>

#include "codec/comfort_noise.h"
#include "packet_script.h"

namespace {

using namespace greffe;
using fuzz::require;

// Each packet: flags 8 (1 comfort noise, 2 cut, 4 a number is missing, 8 SSRC 2), ticks since the one before
// 16, payload length 8, payload.
class NoisyPackets final : public rtp::ReceivedPacketSource {
 public:
  explicit NoisyPackets(Bytes script) : reader_(script) {}

  Result<rtp::ReceivedPacket*> next() override {
    const std::uint8_t flags = reader_.u8();
    const std::uint16_t ticks = reader_.u16();
    const std::size_t length = reader_.u8();
    if (reader_.failed()) return nullptr;
    number_ = static_cast<std::uint16_t>(number_ + ((flags & 4) != 0 ? 2 : 1));
    time_ += ticks;
    given_ = {};
    rtp::RtpPacket& packet = given_.parsed.packet;
    packet.sequence.value = number_;
    packet.timestamp.value = time_;
    packet.ssrc.value = (flags & 8) != 0 ? 2 : 1;
    packet.payload_type.value = (flags & 1) != 0 ? 13 : 0;
    packet.payload = reader_.take(std::min(length, reader_.remaining()));
    given_.cut = (flags & 2) != 0;
    given_.arrival = ArrivalTime(std::chrono::microseconds(125 * std::int64_t{time_}));
    return &given_;
  }

 private:
  ByteReader reader_;
  rtp::ReceivedPacket given_;
  std::uint16_t number_ = 0;
  std::uint32_t time_ = 0;
};

void hear(const media::ComfortNoise& noise, codec::NoiseGenerator& generator) {
  require(noise.level <= 127);
  generator.set(noise);
  std::array<float, 80> samples{};
  generator.fill(samples);
  for (const float sample : samples) require(std::isfinite(sample) && std::abs(sample) <= 1);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  NoisyPackets source(Bytes(data, size));
  DamageLog damage;
  rtp::JitterBuffer buffer(source, {.place = "track", .window = 8, .clock_rate = ClockRate{8000}}, damage);
  const auto depacketizer =
      depacketizer::make_depacketizer(media::CodecId::Pcmu, buffer,
                                      {.place = "track",
                                       .extensions = {},
                                       .payload_types = {{PayloadType{0}, media::CodecId::Pcmu},
                                                         {PayloadType{13}, media::CodecId::ComfortNoise}},
                                       .format_parameters = {},
                                       .audio = media::audio_format_of(media::CodecId::Pcmu)},
                                      damage);
  require(depacketizer.has_value());
  codec::NoiseGenerator generator;
  while (true) {
    const auto given = (*depacketizer)->next();
    require(given.has_value());
    if (!*given) return 0;
    for (const auto& noise : (*given)->comfort_noise) hear(noise.noise, generator);
  }
}
