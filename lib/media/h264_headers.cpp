#include "media/h264_headers.h"

#include <algorithm>
#include <array>
#include <limits>

#include "base/bit_reader.h"
#include "media/nal_unit.h"

namespace greffe::media {
namespace {

constexpr std::uint32_t MostSps = 32;
constexpr std::uint32_t MostPps = 256;
// first_mb_in_slice, slice_type and pic_parameter_set_id: three codes of at most 63 bits, escapes among them.
constexpr std::size_t SliceHeaderBytes = 48;
constexpr std::array<std::uint8_t, 13> ProfilesWithChroma{100, 110, 122, 244, 44,  83, 86,
                                                          118, 128, 138, 139, 134, 135};

bool has_chroma_fields(std::uint8_t profile) {
  return std::find(ProfilesWithChroma.begin(), ProfilesWithChroma.end(), profile) != ProfilesWithChroma.end();
}

tl::unexpected<Error> fail_cut(std::string_view what) {
  return fail(ErrorKind::Damaged, "its {} is cut or out of range", what);
}

// §7.3.2.1.1.1: a list ends early when a step makes the next scale 0.
void skip_scaling_list(BitReader& bits, int size) {
  std::int64_t last = 8;
  for (int i = 0; i < size && !bits.failed(); ++i) {
    const std::int64_t next = (last + bits.se() + 256) % 256;
    if (next == 0) return;
    last = next;
  }
}

// §7.3.2.1.1: from chroma_format_idc to the scaling lists.
bool read_chroma_fields(BitReader& bits, H264Sps& sps) {
  const std::uint32_t format = bits.ue();
  if (format > 3) return false;
  sps.chroma_format = static_cast<int>(format);
  if (format == 3) bits.skip(1);  // separate_colour_plane_flag
  const std::uint32_t luma = bits.ue();
  const std::uint32_t chroma = bits.ue();
  if (luma > 6 || chroma > 6) return false;
  sps.luma_bits = 8 + static_cast<int>(luma);
  sps.chroma_bits = 8 + static_cast<int>(chroma);
  bits.skip(1);  // qpprime_y_zero_transform_bypass_flag
  if (bits.flag()) {
    const int lists = format == 3 ? 12 : 8;
    for (int i = 0; i < lists && !bits.failed(); ++i)
      if (bits.flag()) skip_scaling_list(bits, i < 6 ? 16 : 64);
  }
  return !bits.failed();
}

bool skip_picture_order(BitReader& bits) {
  const std::uint32_t type = bits.ue();
  if (type > 2) return false;
  if (type == 0) bits.ue();
  if (type == 1) {
    bits.skip(1);
    bits.se();
    bits.se();
    const std::uint32_t cycle = bits.ue();
    if (cycle > 255) return false;
    for (std::uint32_t i = 0; i < cycle && !bits.failed(); ++i) bits.se();
  }
  return !bits.failed();
}

int side(std::uint64_t coded, std::uint64_t cropped) {
  if (cropped >= coded || coded - cropped > std::numeric_limits<int>::max()) return 0;
  return static_cast<int>(coded - cropped);
}

// §7.4.2.1.1: size in macroblocks (map units of two rows where fields are coded), less the cropping
// rectangle, which counts in chroma samples.
bool read_size(BitReader& bits, H264Sps& sps) {
  const std::uint64_t width = (std::uint64_t{bits.ue()} + 1) * 16;
  const std::uint64_t map_units = std::uint64_t{bits.ue()} + 1;
  const bool frames_only = bits.flag();
  const std::uint64_t height = map_units * 16 * (frames_only ? 1 : 2);
  if (!frames_only) bits.skip(1);  // mb_adaptive_frame_field_flag
  bits.skip(1);                    // direct_8x8_inference_flag
  std::uint64_t across = 0, down = 0;
  if (bits.flag()) {
    across = std::uint64_t{bits.ue()} + bits.ue();
    down = std::uint64_t{bits.ue()} + bits.ue();
  }
  across *= sps.chroma_format == 1 || sps.chroma_format == 2 ? 2 : 1;
  down *= (sps.chroma_format == 1 ? 2u : 1u) * (frames_only ? 1u : 2u);
  sps.size = {side(width, across), side(height, down)};
  return !bits.failed();
}

void put_units(std::vector<std::uint8_t>& record, const std::vector<Bytes>& units) {
  for (const Bytes unit : units) {
    record.push_back(static_cast<std::uint8_t>(unit.size() >> 8));
    record.push_back(static_cast<std::uint8_t>(unit.size()));
    record.insert(record.end(), unit.begin(), unit.end());
  }
}

}  // namespace

Result<H264Sps> parse_h264_sps(Bytes unit) {
  if (unit.size() < 5) return fail_cut("SPS");
  H264Sps sps{.profile = unit[1], .compatibility = unit[2], .level = unit[3]};
  const auto plain = unescaped(unit.subspan(4));
  BitReader bits(plain);
  const std::uint32_t id = bits.ue();
  if (bits.failed() || id >= MostSps) return fail_cut("SPS");
  sps.id = static_cast<int>(id);
  if (has_chroma_fields(sps.profile) && !read_chroma_fields(bits, sps)) return fail_cut("SPS");
  bits.ue();  // log2_max_frame_num_minus4
  if (!skip_picture_order(bits)) return fail_cut("SPS");
  bits.ue();     // max_num_ref_frames
  bits.skip(1);  // gaps_in_frame_num_value_allowed_flag
  if (!read_size(bits, sps)) return fail_cut("SPS");
  return sps;
}

Result<H264Pps> parse_h264_pps(Bytes unit) {
  const auto plain = unescaped(unit, SliceHeaderBytes);
  BitReader bits(plain);
  bits.skip(8);
  const std::uint32_t id = bits.ue();
  const std::uint32_t sps_id = bits.ue();
  if (bits.failed() || id >= MostPps || sps_id >= MostSps) return fail_cut("PPS");
  return H264Pps{static_cast<int>(id), static_cast<int>(sps_id)};
}

Result<H264SliceHeader> parse_h264_slice_header(Bytes unit) {
  const auto plain = unescaped(unit, SliceHeaderBytes);
  BitReader bits(plain);
  bits.skip(8);
  H264SliceHeader header{.first_macroblock = bits.ue()};
  bits.ue();  // slice_type
  const std::uint32_t pps_id = bits.ue();
  if (bits.failed() || pps_id >= MostPps) return fail_cut("slice header");
  header.pps_id = static_cast<int>(pps_id);
  return header;
}

std::vector<std::uint8_t> avcc_of(const H264Sps& first, const std::vector<Bytes>& sps,
                                  const std::vector<Bytes>& pps) {
  std::vector<std::uint8_t> record;
  for (const int octet : {1, int{first.profile}, int{first.compatibility}, int{first.level}, 0xFF})
    record.push_back(static_cast<std::uint8_t>(octet));
  record.push_back(static_cast<std::uint8_t>(0xE0 | sps.size()));
  put_units(record, sps);
  record.push_back(static_cast<std::uint8_t>(pps.size()));
  put_units(record, pps);
  if (first.profile == 100 || first.profile == 110 || first.profile == 122 || first.profile == 144) {
    record.push_back(static_cast<std::uint8_t>(0xFC | first.chroma_format));
    record.push_back(static_cast<std::uint8_t>(0xF8 | (first.luma_bits - 8)));
    record.push_back(static_cast<std::uint8_t>(0xF8 | (first.chroma_bits - 8)));
    record.push_back(0);  // no SPS extensions
  }
  return record;
}

namespace {

// As many units as `count` says, each behind its length in 16 bits.
void take_units(ByteReader& reader, int count, std::vector<Bytes>& units) {
  for (; count > 0 && !reader.failed(); --count) {
    const std::uint16_t length = reader.u16();
    units.push_back(reader.take(length));
  }
}

Result<std::vector<Bytes>> units_of_avcc(Bytes record, bool with_pps) {
  ByteReader reader(record);
  const std::uint8_t version = reader.u8();
  reader.skip(4);
  std::vector<Bytes> units;
  take_units(reader, reader.u8() & 0x1F, units);
  if (with_pps) take_units(reader, reader.u8(), units);
  if (reader.failed() || version != 1)
    return fail(ErrorKind::Damaged, "its avcC is cut or of another version");
  return units;
}

}  // namespace

Result<std::vector<Bytes>> sps_of_avcc(Bytes record) { return units_of_avcc(record, false); }
Result<std::vector<Bytes>> sets_of_avcc(Bytes record) { return units_of_avcc(record, true); }

}  // namespace greffe::media
