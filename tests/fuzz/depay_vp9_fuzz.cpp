// Any packets as VP9: no frame comes out empty, the first is a key frame, key frames have an allowed size,
// and no piece has more frames than an index can list.
#include <cstdlib>

#include "depacketizer/depacketizer.h"
#include "depacketizer/video_packet.h"
#include "media/vp9_frame_header.h"
#include "media/vp9_superframe.h"
#include "packet_script.h"
#include "rtp/jitter_buffer.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace greffe;
  const Bytes bytes(data, size);
  if (const auto header = media::parse_vp9_frame_header(bytes)) require(size > 0);
  require(depacketizer::without_frame_trailer(bytes).size() <= size);
  fuzz::ScriptedPackets source(bytes);
  DamageLog damage;
  rtp::JitterBuffer buffer(source, {.place = "track", .window = 8, .clock_rate = ClockRate{90'000}}, damage);
  const auto depacketizer = depacketizer::make_depacketizer(
      media::CodecId::Vp9, buffer,
      {.place = "track", .extensions = {}, .payload_types = {{PayloadType{96}, media::CodecId::Vp9}}},
      damage);
  require(depacketizer.has_value());
  std::optional<std::uint32_t> segment;
  for (;;) {
    const auto given = (*depacketizer)->next();
    require(given.has_value());
    if (!*given) return 0;
    const media::CodedFrame& frame = (*given)->frame;
    require(!frame.bytes.empty() && frame.bytes.size() <= size + 34);
    const auto coded = media::split_superframe(frame.bytes);
    require(coded.size() <= media::MostFramesOfSuperframe);
    require(media::parse_vp9_frame_header(coded.front()).has_value());
    require(frame.key || segment == (*given)->segment);
    require(frame.key == frame.size.has_value());
    if (frame.size) require(depacketizer::is_allowed(*frame.size));
    segment = (*given)->segment;
  }
}
