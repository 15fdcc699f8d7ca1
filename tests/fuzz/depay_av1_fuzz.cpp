// Any packets as AV1: no unit comes out empty, the first is a key frame, key frames have an allowed size, all
// OBUs have sizes that fit, and there is a CodecPrivate as soon as there is a unit.
#include <cstdlib>

#include "depacketizer/av1_dependencies.h"
#include "depacketizer/depacketizer.h"
#include "depacketizer/video_packet.h"
#include "media/av1_frame_header.h"
#include "packet_script.h"
#include "rtp/jitter_buffer.h"

namespace {

using namespace greffe;

void require(bool holds) {
  if (!holds) std::abort();
}

void check_obus(Bytes unit) {
  ByteReader reader(unit);
  while (reader.remaining() > 0) {
    const std::uint8_t first = reader.u8();
    require((first & 0x82) == 0x02);
    if ((first & 4) != 0) reader.u8();
    const auto size = media::read_leb128(reader);
    require(size.has_value());
    reader.skip(*size);
    require(!reader.failed());
  }
}

// The headers alone: the first octet says how long a sequence header is taken to be.
void read_headers(Bytes bytes) {
  if (bytes.empty()) return;
  const std::size_t length = std::min<std::size_t>(bytes[0], bytes.size() - 1);
  const auto sequence = media::parse_av1_sequence_header(bytes.subspan(1, length));
  const auto obu = media::parse_obu(bytes.subspan(1 + length));
  if (!sequence || !obu) return;
  if (const auto header = media::parse_av1_frame_header(*obu, *sequence))
    require(header->existing || header->size || header->size_slot < 8);
}

// Descriptors of 24 octets, one after the other.
void read_descriptors(Bytes bytes) {
  depacketizer::Av1DependencyReader reader;
  for (; !bytes.empty(); bytes = bytes.subspan(std::min<std::size_t>(24, bytes.size())))
    if (const auto said = reader.read(bytes.first(std::min<std::size_t>(24, bytes.size()))))
      require(said->references <= said->distances.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  read_headers(Bytes(data, size));
  read_descriptors(Bytes(data, size));
  fuzz::ScriptedPackets source(Bytes(data, size));
  DamageLog damage;
  rtp::JitterBuffer buffer(source, {.place = "track", .window = 8, .clock_rate = ClockRate{90'000}}, damage);
  const auto depacketizer = depacketizer::make_depacketizer(
      media::CodecId::Av1, buffer,
      {.place = "track", .extensions = {}, .payload_types = {{PayloadType{96}, media::CodecId::Av1}}},
      damage);
  require(depacketizer.has_value());
  std::optional<std::uint32_t> segment;
  for (;;) {
    const auto given = (*depacketizer)->next();
    require(given.has_value());
    if (!*given) return 0;
    const media::CodedFrame& frame = (*given)->frame;
    require(!frame.bytes.empty() && !(*depacketizer)->codec_private().empty());
    check_obus(frame.bytes);
    require(frame.key || segment == (*given)->segment);
    require(frame.key == frame.size.has_value());
    if (frame.size) require(depacketizer::is_allowed(*frame.size));
    segment = (*given)->segment;
  }
}
