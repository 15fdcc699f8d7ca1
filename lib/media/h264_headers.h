// What greffe reads of H.264 itself (ITU-T H.264 §7.3): which picture a unit belongs to and how large it is,
// before any decoder sees it. Two rooms that may not meet need it, depacketizer and codec.
#pragma once

#include <cstdint>
#include <vector>

#include "base/byte_reader.h"
#include "base/result.h"
#include "media/coded_frame.h"

namespace greffe::media {

// nal_unit_type, Table 7-1: those that are looked at.
enum class H264UnitType : std::uint8_t {
  Slice = 1,
  PartitionA = 2,
  PartitionC = 4,
  IdrSlice = 5,
  Sei = 6,
  Sps = 7,
  Pps = 8,
  Delimiter = 9,
};

// Of a unit that is not empty.
inline std::uint8_t h264_unit_type(Bytes unit) { return unit.front() & 0x1F; }

struct H264Sps {
  std::uint8_t profile = 0;
  std::uint8_t compatibility = 0;  // the constraint_set flags and two reserved bits
  std::uint8_t level = 0;
  int id = 0;  // 0 … 31
  int chroma_format = 1;
  int luma_bits = 8;
  int chroma_bits = 8;
  // As shown: cropping applied. Sides of nothing or beyond INT_MAX are given as 0.
  PictureSize size;

  // Slices may come in any order, so that the first one proves no beginning (Baseline and Extended profile).
  bool any_slice_order() const { return profile == 88 || (profile == 66 && (compatibility & 0x40) == 0); }
};
struct H264Pps {
  int id = 0;      // 0 … 255
  int sps_id = 0;  // 0 … 31
};
struct H264SliceHeader {
  std::uint32_t first_macroblock = 0;
  int pps_id = 0;
};

// All take a whole unit with its header, still escaped. They fail where it is cut or a number is out of
// range.
Result<H264Sps> parse_h264_sps(Bytes unit);
Result<H264Pps> parse_h264_pps(Bytes unit);
Result<H264SliceHeader> parse_h264_slice_header(Bytes unit);

// The AVCDecoderConfigurationRecord of a track (ISO/IEC 14496-15 §5.3.3.1): whole units, at most 31 SPS and
// 255 PPS of at most 65535 bytes; the first SPS gives profile and level. Lengths in frames are 4 bytes.
std::vector<std::uint8_t> avcc_of(const H264Sps& first, const std::vector<Bytes>& sps,
                                  const std::vector<Bytes>& pps);
// The SPS units in such a record; fails where it is cut.
Result<std::vector<Bytes>> sps_of_avcc(Bytes record);
// All parameter sets in it, SPS first.
Result<std::vector<Bytes>> sets_of_avcc(Bytes record);

}  // namespace greffe::media
