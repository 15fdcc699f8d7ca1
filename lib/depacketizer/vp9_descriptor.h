// The octets in front of each VP9 payload (RFC 9628 §4.2).
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "base/byte_reader.h"
#include "base/result.h"

namespace greffe::depacketizer {

// Which layer a frame is of. TL0PICIDX comes with it in non-flexible mode only.
struct Vp9Layer {
  std::uint8_t temporal = 0;     // TID
  bool switching_point = false;  // U
  std::uint8_t spatial = 0;      // SID
  bool inter_layer = false;      // D: depends on the layer below of the same picture
  std::optional<std::uint8_t> tl0_index;
};

// What the sender says of its layers: a hint, the frames themselves decide (R40).
struct Vp9Structure {
  std::uint8_t spatial_layers = 1;  // 1…8
  bool has_sizes = false;
  std::array<std::uint16_t, 8> widths_px{}, heights_px{};
  std::uint8_t group_pictures = 0;  // N_G; 0: none given
};

struct Vp9Descriptor {
  std::optional<std::uint16_t> picture_id;
  bool picture_id_is_long = false;  // 15 bits, else 7
  bool inter_picture = false;       // P: predicted from other pictures
  bool flexible = false;            // F
  bool starts_frame = false;        // B: of one layer
  bool ends_frame = false;          // E
  bool not_for_upper = false;       // Z: no frame of a higher spatial layer refers to it
  std::optional<Vp9Layer> layer;
  std::uint8_t references = 0;              // in flexible mode: how many of `distances` there are
  std::array<std::uint8_t, 3> distances{};  // P_DIFF: pictures back
  std::optional<Vp9Structure> structure;
  Bytes payload;  // VP9 bytes; lives as long as the packet's

  std::uint8_t spatial_layer() const { return layer ? layer->spatial : std::uint8_t{0}; }
};

// Fails when the descriptor is cut, names more than three references (R39), or no byte of VP9 follows it.
Result<Vp9Descriptor> parse_vp9_descriptor(Bytes payload);

// How far picture id `to` lies after `from`, on the smaller of their circles: 1 for the next picture.
std::optional<int> picture_distance(const Vp9Descriptor& from, const Vp9Descriptor& to);
// How many ids that circle has, 128 or 32,768: after so many pictures they are the same again.
int picture_circle(const Vp9Descriptor& from, const Vp9Descriptor& to);

}  // namespace greffe::depacketizer
