#include "media/av1_obu.h"

namespace greffe::media {
namespace {

constexpr std::uint8_t HasExtension = 0x04;
constexpr std::uint8_t HasSize = 0x02;

}  // namespace

std::optional<std::uint32_t> read_leb128(ByteReader& reader) {
  ByteReader ahead = reader;
  std::uint64_t value = 0;
  for (unsigned count = 0; count < 8; ++count) {
    const std::uint8_t octet = ahead.u8();
    value |= std::uint64_t{octet & 0x7fu} << (7 * count);
    if ((octet & 0x80) != 0) continue;
    if (ahead.failed() || value > UINT32_MAX) return std::nullopt;
    reader = ahead;
    return static_cast<std::uint32_t>(value);
  }
  return std::nullopt;
}

// AV1 specification §5.3.2:
//
//      0 1 2 3 4 5 6 7
//     +-+-+-+-+-+-+-+-+
//     |F| type  |X|S|-|   F: forbidden, X: extension, S: size
//     +-+-+-+-+-+-+-+-+
//  X: | TID | SID |-|-|-|
//     +-+-+-+-+-+-+-+-+
//  S: | size (leb128) |
//     +-+-+-+-+-+-+-+-+
Result<Obu> parse_obu(Bytes element) {
  ByteReader reader(element);
  const std::uint8_t first = reader.u8();
  const std::size_t header = (first & HasExtension) != 0 ? 2 : 1;
  const std::uint8_t layers = header == 2 ? reader.u8() : std::uint8_t{0};
  if (reader.failed()) return fail("OBU header is cut");
  if ((first & 0x80) != 0) return fail("OBU header with the forbidden bit");
  Obu obu{.type = static_cast<ObuType>(first >> 3 & 0x0f),
          .temporal_layer = static_cast<std::uint8_t>(layers >> 5),
          .spatial_layer = static_cast<std::uint8_t>(layers >> 3 & 3),
          .header = element.first(header)};
  if ((first & HasSize) != 0) {
    const auto size = read_leb128(reader);
    if (!size || *size > reader.remaining()) return fail("OBU size runs past its element");
    obu.payload = reader.take(*size);
  } else {
    obu.payload = reader.rest();
  }
  return obu;
}

Result<Obu> take_obu(ByteReader& reader) {
  ByteReader ahead = reader;
  const std::size_t begin = ahead.position();
  const std::uint8_t first = ahead.u8();
  if ((first & HasExtension) != 0) ahead.skip(1);
  if ((first & HasSize) == 0) return fail("OBU without a size");
  const auto size = read_leb128(ahead);
  if (size) ahead.skip(*size);
  if (!size || ahead.failed()) return fail("OBU runs past the end");
  return parse_obu(reader.take(ahead.position() - begin));
}

void append_obu(const Obu& obu, std::vector<std::uint8_t>& bytes) {
  bytes.push_back(static_cast<std::uint8_t>(obu.header[0] | HasSize));
  bytes.insert(bytes.end(), obu.header.begin() + 1, obu.header.end());
  std::size_t size = obu.payload.size();
  for (; size > 0x7f; size >>= 7) bytes.push_back(static_cast<std::uint8_t>(size | 0x80));
  bytes.push_back(static_cast<std::uint8_t>(size));
  bytes.insert(bytes.end(), obu.payload.begin(), obu.payload.end());
}

}  // namespace greffe::media
