// Any packets as AV1: what packet_script.h asks of all frames, all OBUs have sizes that fit, and there is a
// CodecPrivate as soon as there is a unit.
#include "depacketizer/av1_dependencies.h"
#include "media/av1_frame_header.h"
#include "packet_script.h"

namespace {

using namespace greffe;
using fuzz::require;

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
  fuzz::read_frames(media::CodecId::Av1, Bytes(data, size), [](const auto& frame, const auto& depacketizer) {
    require(!depacketizer.codec_private().empty());
    check_obus(frame.bytes);
  });
  return 0;
}
