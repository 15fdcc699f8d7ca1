// H.264 and H.265 units for tests: real headers, made-up insides.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <vector>

namespace greffe::test {

using Octets = std::vector<std::uint8_t>;

class NalWriter {
 public:
  NalWriter& u(std::uint64_t value, unsigned count) {
    while (count-- > 0) bit((value >> count & 1) != 0);
    return *this;
  }
  NalWriter& ue(std::uint64_t value) {
    unsigned length = 0;
    for (std::uint64_t rest = value + 1; rest > 1; rest >>= 1) ++length;
    return u(0, length).u(value + 1, length + 1);
  }
  // The bits closed by a stop bit and escaped, behind `header`.
  Octets unit(std::initializer_list<std::uint8_t> header) {
    bit(true);
    Octets all(header);
    int zeros = 0;
    for (const std::uint8_t byte : bytes_) {
      if (zeros >= 2 && byte <= 3) all.push_back(3), zeros = 0;
      zeros = byte == 0 ? zeros + 1 : 0;
      all.push_back(byte);
    }
    return all;
  }

 private:
  void bit(bool value) {
    if (count_ % 8 == 0) bytes_.push_back(0);
    if (value) bytes_.back() = static_cast<std::uint8_t>(bytes_.back() | 0x80 >> count_ % 8);
    ++count_;
  }
  std::vector<std::uint8_t> bytes_;
  unsigned count_ = 0;
};

struct H264SpsFields {
  std::uint8_t profile = 66;
  std::uint8_t compatibility = 0xC0;  // constrained baseline
  unsigned id = 0;
  std::uint64_t width_mbs = 20;
  std::uint64_t height_mbs = 15;
  unsigned crop_bottom = 0;    // in units of two rows
  unsigned scaling_lists = 0;  // that are said, of 8; for profile 100
};

inline Octets h264_sps(const H264SpsFields& fields = {}) {
  NalWriter bits;
  bits.u(fields.profile, 8).u(fields.compatibility, 8).u(31, 8).ue(fields.id);
  if (fields.profile == 100) {
    bits.ue(1).ue(0).ue(0).u(0, 1).u(fields.scaling_lists > 0, 1);
    for (unsigned i = 0; fields.scaling_lists > 0 && i < 8; ++i) {
      bits.u(i < fields.scaling_lists, 1);
      // Each scale one more than the one before: se(1) is ue(1).
      for (unsigned k = 0; i < fields.scaling_lists && k < (i < 6 ? 16u : 64u); ++k) bits.ue(1);
    }
  }
  bits.ue(0).ue(2).ue(1).u(0, 1).ue(fields.width_mbs - 1).ue(fields.height_mbs - 1).u(1, 1).u(1, 1);
  bits.u(fields.crop_bottom > 0, 1);
  if (fields.crop_bottom > 0) bits.ue(0).ue(0).ue(0).ue(fields.crop_bottom);
  return bits.u(0, 1).unit({0x67});
}

inline Octets h264_pps(unsigned id = 0, unsigned sps_id = 0, unsigned variant = 0) {
  return NalWriter().ue(id).ue(sps_id).u(0, 1).u(0, 1).ue(0).ue(variant).unit({0x68});
}

struct H264SliceFields {
  bool key = false;
  unsigned first_mb = 0;
  unsigned pps_id = 0;
  bool droppable = false;
  unsigned mark = 0;  // told apart by it
  unsigned bytes = 40;
};

inline Octets h264_slice(const H264SliceFields& fields) {
  NalWriter bits;
  bits.ue(fields.first_mb).ue(fields.key ? 7 : 5).ue(fields.pps_id).u(fields.mark, 16);
  for (unsigned i = 0; i < fields.bytes; ++i) bits.u(i * 37 % 256, 8);
  const int reference = fields.droppable ? 0 : 0x60;
  return bits.unit({static_cast<std::uint8_t>(reference | (fields.key ? 5 : 1))});
}

struct H265SpsFields {
  unsigned id = 0;
  std::uint64_t width = 320;
  std::uint64_t height = 184;
  unsigned crop_bottom = 2;  // in units of two rows
  unsigned sub_layers = 1;
  unsigned reordered = 0;  // pictures
};

inline Octets h265_vps(unsigned id = 0) { return NalWriter().u(id, 4).u(0x3FFFF, 28).unit({0x40, 0x01}); }

inline Octets h265_sps(const H265SpsFields& fields = {}) {
  NalWriter bits;
  bits.u(0, 4).u(fields.sub_layers - 1, 3).u(1, 1);
  bits.u(1, 8).u(0x60000000, 32).u(0x9000, 16).u(0, 32).u(60, 8);
  if (fields.sub_layers > 1) {
    bits.u((1u << 2 * (fields.sub_layers - 1)) - 1, 2 * (fields.sub_layers - 1));  // all present
    bits.u(0, 2 * (9 - fields.sub_layers));
    for (unsigned i = 1; i < fields.sub_layers; ++i) bits.u(0x0101010101010101, 64).u(0x01010101, 32);
  }
  bits.ue(fields.id).ue(1).ue(fields.width).ue(fields.height).u(fields.crop_bottom > 0, 1);
  if (fields.crop_bottom > 0) bits.ue(0).ue(0).ue(0).ue(fields.crop_bottom);
  bits.ue(0).ue(0).ue(4).u(0, 1).ue(fields.reordered + 1).ue(fields.reordered).ue(0);
  return bits.u(0, 8).unit({0x42, 0x01});
}

inline Octets h265_pps(unsigned id = 0, unsigned sps_id = 0) {
  return NalWriter().ue(id).ue(sps_id).u(0, 7).unit({0x44, 0x01});
}

struct H265SliceFields {
  std::uint8_t type = 1;  // 1 trailing, 8 leading (RASL), 19 IDR, 21 CRA
  bool first = true;
  unsigned pps_id = 0;
  unsigned mark = 0;
  unsigned bytes = 40;
};

inline Octets h265_slice(const H265SliceFields& fields) {
  NalWriter bits;
  bits.u(fields.first, 1);
  if (fields.type >= 16 && fields.type <= 23) bits.u(0, 1);
  bits.ue(fields.pps_id).u(fields.mark, 16);
  for (unsigned i = 0; i < fields.bytes; ++i) bits.u(i * 37 % 256, 8);
  return bits.unit({static_cast<std::uint8_t>(fields.type << 1), 0x01});
}

// The units behind their lengths in 32 bits, as greffe's tracks hold them.
inline Octets length_prefixed(const std::vector<Octets>& units) {
  Octets all;
  for (const Octets& unit : units) {
    for (int shift = 24; shift >= 0; shift -= 8)
      all.push_back(static_cast<std::uint8_t>(unit.size() >> shift));
    all.insert(all.end(), unit.begin(), unit.end());
  }
  return all;
}

}  // namespace greffe::test
