// VP9 frames for tests: true uncompressed headers, invented tiles; and the payload descriptors before them.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "support/packets.h"

namespace greffe::test {

class BitWriter {
 public:
  void bits(std::uint32_t value, int count) {
    for (int shift = count - 1; shift >= 0; --shift) {
      if (used_ % 8 == 0) bytes_.push_back(0);
      if ((std::uint64_t{value} >> shift & 1) != 0)
        bytes_.back() = static_cast<std::uint8_t>(bytes_.back() | 0x80 >> used_ % 8);
      ++used_;
    }
  }
  void flag(bool value) { bits(value ? 1 : 0, 1); }
  Octets bytes() const { return bytes_; }

 private:
  Octets bytes_;
  int used_ = 0;
};

struct Vp9Header {
  bool key = false;
  bool shown = true;
  bool error_resilient = true;
  bool intra_only = false;
  std::uint32_t reset_context = 0;
  std::uint32_t refreshed = 1;
  std::array<std::uint32_t, 3> references{};
  int width_px = 0;  // 0: that of the first reference
  int height_px = 0;
  bool keeps_context = false;
  std::uint32_t context = 0;
  int existing = -1;
  std::uint32_t profile = 0;
};

inline Octets vp9_frame(const Vp9Header& header, std::size_t tiles = 40) {
  BitWriter writer;
  const auto size = [&] {
    writer.bits(static_cast<std::uint32_t>(header.width_px - 1), 16);
    writer.bits(static_cast<std::uint32_t>(header.height_px - 1), 16);
  };
  writer.bits(2, 2);
  writer.bits(header.profile & 1, 1);
  writer.bits(header.profile >> 1, 1);
  writer.flag(header.existing >= 0);
  if (header.existing >= 0) {
    writer.bits(static_cast<std::uint32_t>(header.existing), 3);
    return writer.bytes();
  }
  writer.flag(!header.key);
  writer.flag(header.shown);
  writer.flag(header.error_resilient);
  if (!header.key) {
    if (!header.shown) writer.flag(header.intra_only);
    if (!header.error_resilient) writer.bits(header.reset_context, 2);
  }
  if (header.key || header.intra_only) {
    writer.bits(0x498342, 24);
    if (header.key) writer.bits(2, 4);  // colour space, range; profile 0
    if (!header.key) writer.bits(header.refreshed, 8);
    size();
    writer.flag(false);
  } else {
    writer.bits(header.refreshed, 8);
    for (const std::uint32_t slot : header.references) writer.bits(slot << 1, 4);
    writer.flag(header.width_px == 0);
    if (header.width_px != 0) {
      writer.bits(0, 2);
      size();
    }
    writer.flag(false);  // render size
    writer.flag(false);
    writer.flag(true);  // switchable filter
  }
  if (!header.error_resilient) {
    writer.flag(header.keeps_context);
    writer.flag(false);
  }
  writer.bits(header.context, 2);
  Octets frame = writer.bytes();
  frame.insert(frame.end(), tiles, 0x55);
  return frame;
}

// What the payload descriptor of RFC 9628 §4.2 may say; B and E are of the packet.
struct Vp9Label {
  int picture_id = -1;  // 15 bits; -1: none
  bool inter_picture = false;
  bool flexible = true;
  std::vector<int> distances = {};  // P_DIFF
  int spatial = -1;                 // -1: no layers
  int temporal = 0;
  bool switching_point = false;
  bool inter_layer = false;
  int tl0_index = 0;
  Octets structure = {};
  bool short_id = false;  // 7 bits
};

inline Octets vp9_descriptor(const Vp9Label& label, bool start, bool end) {
  const auto flag = [](bool set, unsigned bit) { return set ? bit : 0u; };
  Octets bytes = {static_cast<std::uint8_t>(flag(label.picture_id >= 0, 0x80) |
                                            flag(label.inter_picture, 0x40) | flag(label.spatial >= 0, 0x20) |
                                            flag(label.flexible, 0x10) | flag(start, 0x08) | flag(end, 0x04) |
                                            flag(!label.structure.empty(), 0x02))};
  if (label.picture_id >= 0 && label.short_id) {
    bytes.push_back(static_cast<std::uint8_t>(label.picture_id & 0x7f));
  } else if (label.picture_id >= 0) {
    bytes.push_back(static_cast<std::uint8_t>(0x80 | (label.picture_id >> 8 & 0x7f)));
    bytes.push_back(static_cast<std::uint8_t>(label.picture_id));
  }
  if (label.spatial >= 0) {
    bytes.push_back(static_cast<std::uint8_t>(label.temporal << 5 | (label.switching_point ? 0x10 : 0) |
                                              label.spatial << 1 | (label.inter_layer ? 1 : 0)));
    if (!label.flexible) bytes.push_back(static_cast<std::uint8_t>(label.tl0_index));
  }
  if (label.flexible && label.inter_picture)
    for (std::size_t at = 0; at < label.distances.size(); ++at)
      bytes.push_back(
          static_cast<std::uint8_t>(label.distances[at] << 1 | (at + 1 < label.distances.size() ? 1 : 0)));
  bytes.insert(bytes.end(), label.structure.begin(), label.structure.end());
  return bytes;
}

}  // namespace greffe::test
