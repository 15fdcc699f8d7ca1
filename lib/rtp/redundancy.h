// Redundant audio data (RFC 2198): one payload with the sound of its own time and copies of earlier sound.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "base/byte_reader.h"
#include "base/result.h"
#include "units/rtp.h"

namespace greffe::rtp {

struct RedBlock {
  PayloadType type;
  std::uint32_t offset_ticks = 0;  // how long before the packet's RTP time, 0…16383; 0 for the primary
  Bytes data;                      // may be empty
};

// Views into the payload.
struct RedPayload {
  static constexpr std::size_t MostRedundant = 32;

  std::array<RedBlock, MostRedundant> blocks;
  std::size_t count = 0;  // of redundant blocks, in the order they stand in: oldest first as a rule
  RedBlock primary;

  std::span<const RedBlock> redundant() const { return std::span(blocks).first(count); }
};

// Fails when the headers have no end, the blocks are longer than the payload, or there are more than 32 of
// them (R20).
Result<RedPayload> parse_red(Bytes payload);

}  // namespace greffe::rtp
