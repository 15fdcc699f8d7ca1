// VP8 frames for tests: true headers, invented macroblocks.
#pragma once

#include <cstdint>
#include <vector>

#include "support/packets.h"

namespace greffe::test {

// RFC 6386 §7.3, the encoder side.
class BoolEncoder {
 public:
  void bit(bool value, std::uint32_t probability = 128) {
    const std::uint32_t split = 1 + (((range_ - 1) * probability) >> 8);
    if (value) {
      bottom_ += split;
      if (bottom_ < split) carry();
      range_ -= split;
    } else {
      range_ = split;
    }
    for (; range_ < 128; range_ <<= 1) shift();
  }
  void literal(std::uint32_t value, int bits) {
    for (int shift = bits - 1; shift >= 0; --shift) bit((value >> shift & 1) != 0);
  }
  Octets finish() {
    for (int count = 0; count < 32; ++count) shift();
    return bytes_;
  }

 private:
  void carry() {
    std::size_t at = bytes_.size();
    while (at > 0 && bytes_[at - 1] == 255) bytes_[--at] = 0;
    if (at > 0) ++bytes_[at - 1];
  }
  // `bottom_` has 24 bits of fraction below the byte that is next to leave; a carry out of 32 bits is seen at
  // once.
  void shift() {
    if ((bottom_ & 0x80000000u) != 0) carry();
    bottom_ <<= 1;
    if (--left_ == 0) {
      bytes_.push_back(static_cast<std::uint8_t>(bottom_ >> 24));
      bottom_ &= 0x00ffffffu;
      left_ = 8;
    }
  }

  Octets bytes_;
  std::uint32_t range_ = 255;
  std::uint32_t bottom_ = 0;
  int left_ = 24;
};

struct Vp8Header {
  bool key = false;
  int width_px = 320;  // with the scaling bits above 14 bits
  int height_px = 240;
  bool update_segment_map = false;
  bool update_filter_deltas = false;
  std::uint32_t log2_partitions = 0;
  bool refresh_golden = false;
  bool refresh_alternate = false;
  std::uint32_t copy_to_golden = 0;
  std::uint32_t copy_to_alternate = 0;
  bool keep_probabilities = true;
  bool refresh_last = true;
};

inline Octets first_partition(const Vp8Header& header) {
  BoolEncoder encoder;
  if (header.key) encoder.literal(0, 2);
  encoder.bit(header.update_segment_map);  // segmentation enabled
  if (header.update_segment_map) {
    encoder.literal(2, 2);  // map, no values
    encoder.literal(0, 3);  // three tree probabilities, none given
  }
  encoder.literal(20, 10);  // loop filter
  encoder.bit(header.update_filter_deltas);
  if (header.update_filter_deltas) {
    encoder.bit(true);
    for (int delta = 0; delta < 8; ++delta) {
      encoder.bit(true);
      encoder.literal(5, 7);
    }
  }
  encoder.literal(header.log2_partitions, 2);
  encoder.literal(40, 7);
  encoder.literal(0, 5);
  if (header.key) {
    encoder.bit(header.keep_probabilities);
    return encoder.finish();
  }
  encoder.bit(header.refresh_golden);
  encoder.bit(header.refresh_alternate);
  if (!header.refresh_golden) encoder.literal(header.copy_to_golden, 2);
  if (!header.refresh_alternate) encoder.literal(header.copy_to_alternate, 2);
  encoder.literal(0, 2);
  encoder.bit(header.keep_probabilities);
  encoder.bit(header.refresh_last);
  return encoder.finish();
}

// A frame with this header and `tokens` bytes in its last token partition; the ones before hold 4 bytes each.
inline Octets vp8_frame(const Vp8Header& header, std::size_t tokens = 20) {
  const Octets partition = first_partition(header);
  const auto tag = static_cast<std::uint32_t>((header.key ? 0u : 1u) | 1u << 4 | partition.size() << 5);
  Octets frame = {static_cast<std::uint8_t>(tag), static_cast<std::uint8_t>(tag >> 8),
                  static_cast<std::uint8_t>(tag >> 16)};
  if (header.key) {
    for (const int value : {0x9d, 0x01, 0x2a, header.width_px & 0xff, header.width_px >> 8,
                            header.height_px & 0xff, header.height_px >> 8})
      frame.push_back(static_cast<std::uint8_t>(value));
  }
  frame.insert(frame.end(), partition.begin(), partition.end());
  const std::size_t others = (std::size_t{1} << header.log2_partitions) - 1;
  for (std::size_t other = 0; other < others; ++other) frame.insert(frame.end(), {4, 0, 0});
  frame.insert(frame.end(), 4 * others + tokens, 0x55);
  return frame;
}

// What the payload descriptor of RFC 7741 §4.2 may say.
struct Vp8Label {
  int picture_id = -1;  // 15 bits; -1: none
  int tl0_index = -1;
  int layer = -1;
  bool layer_sync = false;
  int key_index = -1;
  bool non_reference = false;
  bool short_id = false;  // 7 bits
};

inline Octets vp8_descriptor(const Vp8Label& label, bool start) {
  const bool tid_or_key = label.layer >= 0 || label.key_index >= 0;
  const unsigned extended = label.picture_id >= 0 || label.tl0_index >= 0 || tid_or_key ? 0x80u : 0u;
  Octets bytes = {
      static_cast<std::uint8_t>(extended | (label.non_reference ? 0x20u : 0u) | (start ? 0x10u : 0u))};
  if (extended == 0) return bytes;
  bytes.push_back(
      static_cast<std::uint8_t>((label.picture_id >= 0 ? 0x80u : 0u) | (label.tl0_index >= 0 ? 0x40u : 0u) |
                                (label.layer >= 0 ? 0x20u : 0u) | (label.key_index >= 0 ? 0x10u : 0u)));
  if (label.picture_id >= 0 && label.short_id) {
    bytes.push_back(static_cast<std::uint8_t>(label.picture_id & 0x7f));
  } else if (label.picture_id >= 0) {
    bytes.push_back(static_cast<std::uint8_t>(0x80 | (label.picture_id >> 8 & 0x7f)));
    bytes.push_back(static_cast<std::uint8_t>(label.picture_id));
  }
  if (label.tl0_index >= 0) bytes.push_back(static_cast<std::uint8_t>(label.tl0_index));
  if (tid_or_key) {
    bytes.push_back(static_cast<std::uint8_t>((label.layer >= 0 ? label.layer << 6 : 0) |
                                              (label.layer_sync ? 0x20 : 0) |
                                              (label.key_index >= 0 ? label.key_index : 0)));
  }
  return bytes;
}

}  // namespace greffe::test
