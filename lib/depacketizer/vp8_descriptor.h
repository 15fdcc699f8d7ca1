// The octets in front of each VP8 payload (RFC 7741 §4.2).
#pragma once

#include <cstdint>
#include <optional>

#include "base/byte_reader.h"
#include "base/result.h"

namespace greffe::depacketizer {

struct Vp8Descriptor {
  bool non_reference = false;     // N: can be discarded without affecting any other frame
  bool starts_partition = false;  // S
  std::uint8_t partition = 0;     // PID
  std::optional<std::uint16_t> picture_id;
  bool picture_id_is_long = false;             // 15 bits, else 7
  std::optional<std::uint8_t> tl0_index;       // TL0PICIDX
  std::optional<std::uint8_t> temporal_layer;  // TID
  bool layer_sync = false;                     // Y
  std::optional<std::uint8_t> key_index;       // KEYIDX, 5 bits
  Bytes payload;                               // VP8 bytes; lives as long as the packet's

  bool starts_frame() const { return starts_partition && partition == 0; }
};

// Fails when the descriptor is cut (R31) or no byte of VP8 follows it.
Result<Vp8Descriptor> parse_vp8_descriptor(Bytes payload);

// How far picture `to` lies after `from`, on the smaller of their circles: 1 for the next picture.
std::optional<int> picture_distance(const Vp8Descriptor& from, const Vp8Descriptor& to);
// How many ids that circle has, 128 or 32,768: after so many pictures they are the same again.
int picture_circle(const Vp8Descriptor& from, const Vp8Descriptor& to);

}  // namespace greffe::depacketizer
