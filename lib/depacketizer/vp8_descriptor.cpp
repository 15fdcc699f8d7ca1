#include "depacketizer/vp8_descriptor.h"

namespace greffe::depacketizer {
namespace {

void read_picture_id(ByteReader& reader, Vp8Descriptor& descriptor) {
  const std::uint8_t first = reader.u8();
  descriptor.picture_id_is_long = (first & 0x80) != 0;
  descriptor.picture_id = first & 0x7f;
  if (descriptor.picture_id_is_long) {
    descriptor.picture_id = static_cast<std::uint16_t>((first & 0x7f) << 8 | reader.u8());
  }
}

void read_extensions(ByteReader& reader, Vp8Descriptor& descriptor) {
  const std::uint8_t present = reader.u8();
  const bool has_layer = (present & 0x20) != 0;
  const bool has_key_index = (present & 0x10) != 0;
  if ((present & 0x80) != 0) read_picture_id(reader, descriptor);
  if ((present & 0x40) != 0) descriptor.tl0_index = reader.u8();
  if (!has_layer && !has_key_index) return;
  const std::uint8_t octet = reader.u8();
  if (has_layer) {
    descriptor.temporal_layer = static_cast<std::uint8_t>(octet >> 6);
    descriptor.layer_sync = (octet & 0x20) != 0;
  }
  if (has_key_index) descriptor.key_index = static_cast<std::uint8_t>(octet & 0x1f);
}

}  // namespace

//         0 1 2 3 4 5 6 7
//        +-+-+-+-+-+-+-+-+
//        |X|R|N|S|R| PID |  required
//        +-+-+-+-+-+-+-+-+
//   X:   |I|L|T|K| RSV   |
//        +-+-+-+-+-+-+-+-+
//   I:   |M| PictureID   |  M: another octet follows
//        +-+-+-+-+-+-+-+-+
//   L:   |   TL0PICIDX   |
//        +-+-+-+-+-+-+-+-+
//   T/K: |TID|Y| KEYIDX  |
//        +-+-+-+-+-+-+-+-+
Result<Vp8Descriptor> parse_vp8_descriptor(Bytes payload) {
  ByteReader reader(payload);
  const std::uint8_t first = reader.u8();
  Vp8Descriptor descriptor{.non_reference = (first & 0x20) != 0,
                           .starts_partition = (first & 0x10) != 0,
                           .partition = static_cast<std::uint8_t>(first & 0x07)};
  if ((first & 0x80) != 0) read_extensions(reader, descriptor);
  if (reader.failed()) return fail("VP8 payload descriptor cut after {} byte(s)", payload.size());
  descriptor.payload = reader.rest();
  if (descriptor.payload.empty())
    return fail("VP8 payload descriptor of {} byte(s) with nothing after it", payload.size());
  return descriptor;
}

std::optional<int> picture_distance(const Vp8Descriptor& from, const Vp8Descriptor& to) {
  if (!from.picture_id || !to.picture_id) return std::nullopt;
  return (*to.picture_id - *from.picture_id) & (picture_circle(from, to) - 1);
}

int picture_circle(const Vp8Descriptor& from, const Vp8Descriptor& to) {
  return from.picture_id_is_long && to.picture_id_is_long ? 1 << 15 : 1 << 7;
}

}  // namespace greffe::depacketizer
