// AV1 for tests: true sequence and frame headers, invented tiles; and RTP payloads of them.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "support/vp9_writer.h"

namespace greffe::test {

// An OBU as RTP carries it: without a size of its own. `layers`: the extension octet, when >= 0.
inline Octets av1_obu(std::uint8_t type, const Octets& payload, int layers = -1) {
  const std::size_t header = layers >= 0 ? 2 : 1;
  Octets obu(header + payload.size(), static_cast<std::uint8_t>(layers));
  obu[0] = static_cast<std::uint8_t>(type << 3 | (layers >= 0 ? 4 : 0));
  std::copy(payload.begin(), payload.end(), obu.begin() + static_cast<std::ptrdiff_t>(header));
  return obu;
}

struct Av1Sequence {
  int width_px = 320;
  int height_px = 240;
  bool frame_ids = false;
  bool decoder_model = false;
  int order_hint_bits = 7;
};

inline Octets av1_sequence_header(const Av1Sequence& sequence = {}) {
  BitWriter writer;
  writer.bits(0, 5);  // profile 0, no still picture, no reduced header
  writer.flag(sequence.decoder_model);
  if (sequence.decoder_model) {
    writer.bits(1, 32);
    writer.bits(30, 32);
    writer.flag(false);  // equal_picture_interval
    writer.flag(true);   // decoder model
    writer.bits(9, 5);
    writer.bits(1, 32);
    writer.bits(15, 5);
    writer.bits(11, 5);
  }
  writer.flag(false);
  writer.bits(0, 5);
  writer.bits(0, 12);
  writer.bits(8, 5);  // level 4.0
  writer.flag(true);  // tier
  if (sequence.decoder_model) {
    writer.flag(true);
    writer.bits(0, 10);
    writer.bits(0, 10);
    writer.flag(false);
  }
  writer.bits(15, 4);
  writer.bits(15, 4);
  writer.bits(static_cast<std::uint32_t>(sequence.width_px - 1), 16);
  writer.bits(static_cast<std::uint32_t>(sequence.height_px - 1), 16);
  writer.flag(sequence.frame_ids);
  if (sequence.frame_ids) writer.bits(5 << 3 | 2, 7);  // differences of 7 bits, ids of 10
  writer.bits(0, 3);
  writer.bits(0, 4);
  writer.flag(sequence.order_hint_bits > 0);
  if (sequence.order_hint_bits > 0) writer.bits(0, 2);
  writer.flag(true);  // seq_choose_screen_content_tools
  writer.flag(true);  // seq_choose_integer_mv
  if (sequence.order_hint_bits > 0) writer.bits(static_cast<std::uint32_t>(sequence.order_hint_bits - 1), 3);
  writer.bits(0, 3);  // superres, cdef, restoration
  writer.bits(0, 3);  // 8 bits, colour, no description
  writer.bits(1, 1);  // full range
  writer.bits(2, 2);  // chroma position
  writer.bits(0, 2);  // separate_uv_delta_q, film grain
  writer.bits(1, 1);  // trailing bit
  return av1_obu(1, writer.bytes());
}

struct Av1Frame {
  int type = 1;  // 0 key, 1 inter, 2 intra only, 3 switch
  bool shown = true;
  bool error_resilient = false;
  std::uint32_t refreshed = 1;
  std::array<std::uint32_t, 7> references{};
  bool short_references = false;
  int width_px = 0;  // 0: that of the sequence
  int height_px = 0;
  int size_reference = -1;
  int existing = -1;
  Av1Sequence sequence = {};
};

// The payload of a Frame OBU.
inline Octets av1_frame_payload(const Av1Frame& frame, std::size_t tiles = 40) {
  BitWriter writer;
  const bool intra = frame.type == 0 || frame.type == 2;
  const bool starts = frame.type == 0 && frame.shown;
  const bool resilient = frame.error_resilient || starts || frame.type == 3;
  const bool own_size = frame.width_px > 0 || frame.size_reference >= 0;
  const int hint_bits = frame.sequence.order_hint_bits;
  writer.flag(frame.existing >= 0);
  if (frame.existing >= 0) {
    writer.bits(static_cast<std::uint32_t>(frame.existing), 3);
    return writer.bytes();
  }
  writer.bits(static_cast<std::uint32_t>(frame.type), 2);
  writer.flag(frame.shown);
  if (frame.shown && frame.sequence.decoder_model) writer.bits(0, 12);
  if (!frame.shown) writer.flag(true);
  if (!starts && frame.type != 3) writer.flag(frame.error_resilient);
  writer.flag(false);  // disable_cdf_update
  writer.flag(true);   // allow_screen_content_tools
  writer.flag(false);  // force_integer_mv
  if (frame.sequence.frame_ids) writer.bits(5, 10);
  if (frame.type != 3) writer.flag(own_size);
  writer.bits(0, hint_bits);
  if (!intra && !resilient) writer.bits(0, 3);
  if (frame.sequence.decoder_model) {
    writer.flag(true);
    writer.bits(0, 16);
  }
  if (!starts && frame.type != 3) writer.bits(frame.refreshed, 8);
  if ((!intra || (frame.refreshed != 0xff && !starts)) && resilient) writer.bits(0, 8 * hint_bits);
  const auto size = [&] {
    if (!own_size && frame.type != 3) return;
    writer.bits(static_cast<std::uint32_t>(frame.width_px - 1), 16);
    writer.bits(static_cast<std::uint32_t>(frame.height_px - 1), 16);
  };
  if (!intra) {
    if (hint_bits > 0) writer.flag(frame.short_references);
    if (frame.short_references) writer.bits(0, 6);
    for (const std::uint32_t slot : frame.references) {
      if (!frame.short_references) writer.bits(slot, 3);
      if (frame.sequence.frame_ids) writer.bits(0, 7);
    }
  }
  if (!intra && own_size && !resilient) {
    for (int at = 0; at < 7 && at <= frame.size_reference; ++at) writer.flag(at == frame.size_reference);
    if (frame.size_reference < 0) {
      writer.bits(0, 7);
      size();
    }
  } else {
    size();
  }
  Octets bytes = writer.bytes();
  bytes.insert(bytes.end(), tiles, 0x55);
  return bytes;
}

inline Octets av1_frame(const Av1Frame& frame, int layers = -1) {
  return av1_obu(6, av1_frame_payload(frame), layers);
}

// A dependency descriptor (RTP Payload Format For AV1, Appendix A). Two decode targets, one chain.
struct Av1Descriptor {
  std::uint32_t number = 0;
  bool structure = false;                         // of L2T1: lower key, upper key, lower, upper
  std::uint32_t frame_template = 0;               // of these
  std::vector<std::uint32_t> custom_distances{};  // instead of the template's, at most 16 each
  bool resolutions = false;                       // with the structure
};

inline Octets av1_descriptor(const Av1Descriptor& descriptor) {
  BitWriter writer;
  writer.bits(3, 2);
  writer.bits((descriptor.frame_template + 60) % 64, 6);
  writer.bits(descriptor.number, 16);
  const bool custom = !descriptor.custom_distances.empty();
  if (!descriptor.structure && !custom) return writer.bytes();
  writer.flag(descriptor.structure);
  writer.bits(0, 2);
  writer.flag(custom);
  writer.flag(false);
  if (descriptor.structure) {
    writer.bits(60, 6);  // template_id_offset
    writer.bits(1, 5);
    for (const std::uint32_t next : {0U, 2U, 0U, 3U})
      writer.bits(next, 2);  // templates 0, 1 | 2, 3 of the upper
    for (int template_number = 0; template_number < 4; ++template_number) writer.bits(0b1010, 4);
    writer.flag(false);                // 0: none
    writer.bits(0b1'0001'0, 6);        // 1: the second frame back
    writer.bits(0b1'0000'0, 6);        // 2: the frame before
    writer.bits(0b1'0000'1'0001, 10);  // 3: that and the second back
    writer.flag(false);
    writer.bits(0b10, 2);  // one chain of at most two: ns(3)
    writer.bits(0, 16);    // four templates, one chain
    writer.flag(descriptor.resolutions);
    for (const std::uint32_t less_one : {319U, 179U, 639U, 359U})
      if (descriptor.resolutions) writer.bits(less_one, 16);
  }
  for (const std::uint32_t distance : descriptor.custom_distances) writer.bits(0b01'0000 | (distance - 1), 6);
  if (custom) writer.bits(0, 2);
  return writer.bytes();
}

}  // namespace greffe::test
