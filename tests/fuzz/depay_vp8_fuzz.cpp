// Any packets as VP8: no frame comes out empty, the first is a key frame, key frames have an allowed size.
#include <cstdlib>

#include "depacketizer/depacketizer.h"
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
  const auto depacketizer = depacketizer::make_depacketizer(
      media::CodecId::Vp8, buffer,
      {.place = "track", .extensions = {}, .payload_types = {{PayloadType{96}, media::CodecId::Vp8}}},
      damage);
  require(depacketizer.has_value());
  std::optional<std::uint32_t> segment;
  for (;;) {
    const auto given = (*depacketizer)->next();
    require(given.has_value());
    if (!*given) return 0;
    const media::CodedFrame& frame = (*given)->frame;
    require(!frame.bytes.empty() && frame.bytes.size() <= size);
    require(frame.key || segment == (*given)->segment);
    require(frame.key == frame.size.has_value());
    if (frame.size)
      require(frame.size->width_px > 0 && frame.size->width_px <= 8192 && frame.size->height_px <= 8192);
    segment = (*given)->segment;
  }
}
