// What greffe reads of H.265 itself (ITU-T H.265 §7.3), as media/h264_headers.h does of H.264.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "base/byte_reader.h"
#include "base/result.h"
#include "media/coded_frame.h"

namespace greffe::media {

// nal_unit_type, Table 7-1: those that are looked at. 0 … 31 are slices.
enum class H265UnitType : std::uint8_t {
  RaslN = 8,  // leading pictures that refer to what lies before their random access point
  RaslR = 9,
  FirstIrap = 16,  // intra random access points: BLA 16 … 18, IDR 19 and 20, CRA 21, 22 and 23 reserved
  Cra = 21,
  LastIrap = 23,
  LastSlice = 31,
  Vps = 32,
  Sps = 33,
  Pps = 34,
  Delimiter = 35,
  PrefixSei = 39,  // that stands ahead of a picture
};

constexpr std::size_t H265HeaderBytes = 2;
// Of a unit that has its header.
inline std::uint8_t h265_unit_type(Bytes unit) { return (unit.front() >> 1) & 0x3F; }
inline bool is_h265_random_access(std::uint8_t unit_type) {
  return unit_type >= static_cast<std::uint8_t>(H265UnitType::FirstIrap) &&
         unit_type <= static_cast<std::uint8_t>(H265UnitType::LastIrap);
}
inline int h265_layer_of(Bytes unit) { return (unit[0] & 1) << 5 | unit[1] >> 3; }

struct H265Sps {
  std::array<std::uint8_t, 12> profile_tier_level{};  // the general part, level last
  int vps_id = 0;                                     // 0 … 15
  int id = 0;                                         // 0 … 15
  int temporal_layers = 1;
  bool temporal_nesting = false;
  int chroma_format = 1;
  int luma_bits = 8;
  int chroma_bits = 8;
  bool reorders = false;  // pictures may be shown in another order than they are coded
  PictureSize size;       // as shown: the conformance window applied. Impossible sides are given as 0.
};
struct H265Pps {
  int id = 0;      // 0 … 63
  int sps_id = 0;  // 0 … 15
};
struct H265SliceHeader {
  bool first_of_picture = false;
  int pps_id = 0;
};

// All take a whole unit with its header, still escaped. They fail where it is cut or a number is out of
// range.
Result<int> parse_h265_vps_id(Bytes unit);
Result<H265Sps> parse_h265_sps(Bytes unit);
Result<H265Pps> parse_h265_pps(Bytes unit);
Result<H265SliceHeader> parse_h265_slice_header(Bytes unit);

// The HEVCDecoderConfigurationRecord of a track (ISO/IEC 14496-15 §8.3.3.1): whole units of at most 65535
// bytes, which need not be all that come (array_completeness 0). Lengths in frames are 4 bytes.
std::vector<std::uint8_t> hvcc_of(const H265Sps& first, const std::vector<Bytes>& vps,
                                  const std::vector<Bytes>& sps, const std::vector<Bytes>& pps);
// The SPS units in such a record; fails where it is cut.
Result<std::vector<Bytes>> sps_of_hvcc(Bytes record);
// All parameter sets in it, in its order.
Result<std::vector<Bytes>> sets_of_hvcc(Bytes record);

}  // namespace greffe::media
