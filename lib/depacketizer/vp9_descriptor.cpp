#include "depacketizer/vp9_descriptor.h"

namespace greffe::depacketizer {
namespace {

// RFC 9628 §4.2.1 (scalability structure):
//
//     +-+-+-+-+-+-+-+-+
//     | N_S |Y|G|-|-|-|   N_S: spatial layers - 1
//     +-+-+-+-+-+-+-+-+
//     | WIDTH  (16)   |   Y = 1: for each spatial layer
//     | HEIGHT (16)   |
//     +-+-+-+-+-+-+-+-+
//     | N_G           |   G = 1: pictures of a group
//     | TID |U| R |-|-|   for each of them
//     | P_DIFF        |   R times
//     +-+-+-+-+-+-+-+-+
Vp9Structure read_structure(ByteReader& reader) {
  const std::uint8_t first = reader.u8();
  Vp9Structure structure{.spatial_layers = static_cast<std::uint8_t>((first >> 5) + 1),
                         .has_sizes = (first & 0x10) != 0};
  for (std::size_t layer = 0; structure.has_sizes && layer < structure.spatial_layers; ++layer) {
    structure.widths_px[layer] = reader.u16();
    structure.heights_px[layer] = reader.u16();
  }
  if ((first & 0x08) != 0) structure.group_pictures = reader.u8();
  for (std::size_t picture = 0; picture < structure.group_pictures && !reader.failed(); ++picture)
    reader.skip(reader.u8() >> 2 & 3u);
  return structure;
}

Vp9Layer read_layer(ByteReader& reader, bool flexible) {
  const std::uint8_t octet = reader.u8();
  Vp9Layer layer{.temporal = static_cast<std::uint8_t>(octet >> 5),
                 .switching_point = (octet & 0x10) != 0,
                 .spatial = static_cast<std::uint8_t>(octet >> 1 & 7),
                 .inter_layer = (octet & 0x01) != 0};
  if (!flexible) layer.tl0_index = reader.u8();
  return layer;
}

// False when a fourth reference is announced.
bool read_references(ByteReader& reader, Vp9Descriptor& descriptor) {
  for (bool more = true; more;) {
    if (descriptor.references == descriptor.distances.size()) return false;
    const std::uint8_t octet = reader.u8();
    descriptor.distances[descriptor.references++] = octet >> 1;
    more = (octet & 1) != 0 && !reader.failed();
  }
  return true;
}

}  // namespace

// RFC 9628 §4.2:
//
//      0 1 2 3 4 5 6 7
//     +-+-+-+-+-+-+-+-+
//     |I|P|L|F|B|E|V|Z|
//     +-+-+-+-+-+-+-+-+
//  I: |M| PICTURE ID  |   M = 1: 15 bits
//     +-+-+-+-+-+-+-+-+
//  M: | EXTENDED PID  |
//     +-+-+-+-+-+-+-+-+
//  L: | TID |U| SID |D|
//     +-+-+-+-+-+-+-+-+
//     |   TL0PICIDX   |   F = 0 only
//     +-+-+-+-+-+-+-+-+
// P,F:| P_DIFF      |N|   F = 1 and P = 1; up to three, N = 1: one more follows
//     +-+-+-+-+-+-+-+-+
//  V: | SS …          |
//     +-+-+-+-+-+-+-+-+
Result<Vp9Descriptor> parse_vp9_descriptor(Bytes payload) {
  ByteReader reader(payload);
  const std::uint8_t flags = reader.u8();
  Vp9Descriptor descriptor{.inter_picture = (flags & 0x40) != 0,
                           .flexible = (flags & 0x10) != 0,
                           .starts_frame = (flags & 0x08) != 0,
                           .ends_frame = (flags & 0x04) != 0,
                           .not_for_upper = (flags & 0x01) != 0};
  if ((flags & 0x80) != 0) {
    std::uint16_t id = reader.u8();
    descriptor.picture_id_is_long = (id & 0x80) != 0;
    if (descriptor.picture_id_is_long) id = static_cast<std::uint16_t>((id & 0x7f) << 8 | reader.u8());
    descriptor.picture_id = id;
  }
  if ((flags & 0x20) != 0) descriptor.layer = read_layer(reader, descriptor.flexible);
  if (descriptor.flexible && descriptor.inter_picture && !read_references(reader, descriptor))
    return fail("VP9 payload descriptor with more than three references");
  if ((flags & 0x02) != 0) descriptor.structure = read_structure(reader);
  if (reader.failed()) return fail("VP9 payload descriptor is cut after {} bytes", payload.size());
  descriptor.payload = reader.rest();
  if (descriptor.payload.empty()) return fail("VP9 payload descriptor without payload");
  return descriptor;
}

std::optional<int> picture_distance(const Vp9Descriptor& from, const Vp9Descriptor& to) {
  if (!from.picture_id || !to.picture_id) return std::nullopt;
  return (*to.picture_id - *from.picture_id) & (picture_circle(from, to) - 1);
}

int picture_circle(const Vp9Descriptor& from, const Vp9Descriptor& to) {
  return from.picture_id_is_long && to.picture_id_is_long ? 1 << 15 : 1 << 7;
}

}  // namespace greffe::depacketizer
