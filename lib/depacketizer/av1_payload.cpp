#include "depacketizer/av1_payload.h"

#include "media/av1_obu.h"

namespace greffe::depacketizer {

// RTP Payload Format For AV1 §4.4:
//
//      0 1 2 3 4 5 6 7
//     +-+-+-+-+-+-+-+-+
//     |Z|Y| W |N|-|-|-|   W: elements, the last one without a length; 0: any, each with one
//     +-+-+-+-+-+-+-+-+
Result<Av1Payload> parse_av1_payload(Bytes bytes) {
  ByteReader reader(bytes);
  const std::uint8_t aggregation = reader.u8();
  const std::size_t count = aggregation >> 4 & 3u;
  Av1Payload payload{.continues = (aggregation & 0x80) != 0,
                     .goes_on = (aggregation & 0x40) != 0,
                     .starts_sequence = (aggregation & 0x08) != 0};
  std::size_t elements = 0;
  while (reader.remaining() > 0 && (count == 0 || elements < count)) {
    ++elements;
    std::size_t size = reader.remaining();
    if (elements != count) {
      const auto length = media::read_leb128(reader);
      if (!length) return fail("AV1 payload with a length that is cut");
      size = *length;
    }
    const Bytes element = reader.take(size);
    if (reader.failed()) return fail("AV1 payload with a length of {} past its end", size);
    if (element.empty()) return fail("AV1 payload with an empty OBU");
    payload.elements.push_back(element);
  }
  if (elements < count) return fail("AV1 payload with {} of {} elements", elements, count);
  if (payload.elements.empty()) return fail("AV1 payload without OBUs");
  return payload;
}

}  // namespace greffe::depacketizer
