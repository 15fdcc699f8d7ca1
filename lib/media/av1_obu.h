// Open bitstream units, the pieces of AV1 (AV1 specification §5.3).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/byte_reader.h"
#include "base/result.h"

namespace greffe::media {

enum class ObuType : std::uint8_t {
  SequenceHeader = 1,
  TemporalDelimiter = 2,
  FrameHeader = 3,
  TileGroup = 4,
  Metadata = 5,
  Frame = 6,
  RedundantFrameHeader = 7,
  TileList = 8,
  Padding = 15,
};

struct Obu {
  ObuType type{};  // reserved numbers, too
  std::uint8_t temporal_layer = 0;
  std::uint8_t spatial_layer = 0;
  Bytes header;   // one octet or two, as they came
  Bytes payload;  // without size; lives as long as the bytes read
};

// A number of 7 bits an octet, the lowest first (§4.10.5); takes nothing and gives nullopt when it is cut,
// longer than 8 octets or above 32 bits.
std::optional<std::uint32_t> read_leb128(ByteReader& reader);

// The one OBU in `element`, with or without its own size. Fails when it is cut or its size lies (R44).
Result<Obu> parse_obu(Bytes element);
// The next OBU of a file's unit, where each has its size; fails and takes nothing when it is cut or has none.
Result<Obu> take_obu(ByteReader& reader);
// Appends the OBU with a size field, its header otherwise as it came.
void append_obu(const Obu& obu, std::vector<std::uint8_t>& bytes);

}  // namespace greffe::media
