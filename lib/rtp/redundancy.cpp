#include "rtp/redundancy.h"

namespace greffe::rtp {

// RFC 2198 §3, one header a redundant block, one octet for the primary, which is what is left:
//
//    |1|   type (7)  |  timestamp offset (14)    | length (10)       |
//    |0|   type (7)  |
Result<RedPayload> parse_red(Bytes payload) {
  RedPayload red;
  ByteReader reader(payload);
  std::array<std::size_t, RedPayload::MostRedundant> lengths{};
  for (;;) {
    const std::uint8_t first = reader.u8();
    const PayloadType type{static_cast<std::uint8_t>(first & 0x7f)};
    if ((first & 0x80) == 0) {
      red.primary.type = type;
      break;
    }
    const std::uint32_t rest = reader.u24();
    if (reader.failed()) break;
    if (red.count == red.blocks.size()) return fail("more than {} redundant blocks", red.blocks.size());
    lengths.at(red.count) = rest & 0x3ff;
    red.blocks.at(red.count++) = {.type = type, .offset_ticks = rest >> 10, .data = {}};
  }
  if (reader.failed()) return fail("block headers without a primary block");
  for (std::size_t i = 0; i < red.count; ++i) red.blocks.at(i).data = reader.take(lengths.at(i));
  if (reader.failed()) return fail("redundant blocks longer than their packet");
  red.primary.data = reader.rest();
  return red;
}

}  // namespace greffe::rtp
