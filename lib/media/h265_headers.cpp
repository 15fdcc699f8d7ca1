#include "media/h265_headers.h"

#include <limits>

#include "base/bit_reader.h"
#include "media/nal_unit.h"

namespace greffe::media {
namespace {

constexpr std::uint32_t MostSps = 16;
constexpr std::uint32_t MostPps = 64;
constexpr std::size_t SliceHeaderBytes = 32;
constexpr std::size_t RecordHead = 22;  // bytes of the record ahead of the number of arrays

tl::unexpected<Error> fail_cut(std::string_view what) {
  return fail(ErrorKind::Damaged, "its {} is cut or out of range", what);
}

// §7.3.3: 88 bits of profile and 8 of level in general, then what is said of each lower sub-layer.
void read_profile_tier_level(BitReader& bits, H265Sps& sps) {
  for (std::uint8_t& octet : sps.profile_tier_level) octet = static_cast<std::uint8_t>(bits.bits(8));
  const int lower = sps.temporal_layers - 1;
  if (lower == 0) return;
  const std::uint32_t present = bits.bits(16);  // two flags for each of 8 sub-layers
  for (int i = 0; i < lower; ++i) {
    if ((present >> (15 - 2 * i) & 1) != 0) bits.skip(88);
    if ((present >> (14 - 2 * i) & 1) != 0) bits.skip(8);
  }
}

int side(std::uint64_t coded, std::uint64_t cropped) {
  if (cropped >= coded || coded - cropped > std::numeric_limits<int>::max()) return 0;
  return static_cast<int>(coded - cropped);
}

// §7.4.3.2.1: the conformance window counts in chroma samples.
bool read_picture(BitReader& bits, H265Sps& sps) {
  const std::uint32_t format = bits.ue();
  if (format > 3) return false;
  sps.chroma_format = static_cast<int>(format);
  if (format == 3) bits.skip(1);  // separate_colour_plane_flag
  const std::uint64_t width = bits.ue();
  const std::uint64_t height = bits.ue();
  std::uint64_t across = 0, down = 0;
  if (bits.flag()) {
    across = (std::uint64_t{bits.ue()} + bits.ue()) * (format == 1 || format == 2 ? 2 : 1);
    down = (std::uint64_t{bits.ue()} + bits.ue()) * (format == 1 ? 2 : 1);
  }
  sps.size = {side(width, across), side(height, down)};
  const std::uint32_t luma = bits.ue();
  const std::uint32_t chroma = bits.ue();
  if (luma > 8 || chroma > 8) return false;
  sps.luma_bits = 8 + static_cast<int>(luma);
  sps.chroma_bits = 8 + static_cast<int>(chroma);
  return !bits.failed();
}

// sps_max_num_reorder_pics of the sub-layers that it is said of.
void read_ordering(BitReader& bits, H265Sps& sps) {
  const bool all_layers = bits.flag();
  for (int i = all_layers ? 0 : sps.temporal_layers - 1; i < sps.temporal_layers; ++i) {
    bits.ue();  // sps_max_dec_pic_buffering_minus1
    if (bits.ue() > 0) sps.reorders = true;
    bits.ue();  // sps_max_latency_increase_plus1
  }
}

void put_array(std::vector<std::uint8_t>& record, H265UnitType type, const std::vector<Bytes>& units) {
  const auto put_u16 = [&](std::size_t value) {
    record.push_back(static_cast<std::uint8_t>(value >> 8));
    record.push_back(static_cast<std::uint8_t>(value));
  };
  record.push_back(static_cast<std::uint8_t>(type));
  put_u16(units.size());
  for (const Bytes unit : units) {
    put_u16(unit.size());
    record.insert(record.end(), unit.begin(), unit.end());
  }
}

}  // namespace

Result<int> parse_h265_vps_id(Bytes unit) {
  if (unit.size() <= H265HeaderBytes) return fail_cut("VPS");
  return unit[H265HeaderBytes] >> 4;
}

Result<H265Sps> parse_h265_sps(Bytes unit) {
  const auto plain = unescaped(unit);
  BitReader bits(plain);
  bits.skip(8 * H265HeaderBytes);
  H265Sps sps{.vps_id = static_cast<int>(bits.bits(4))};
  sps.temporal_layers = static_cast<int>(bits.bits(3)) + 1;
  sps.temporal_nesting = bits.flag();
  if (sps.temporal_layers > 7) return fail_cut("SPS");
  read_profile_tier_level(bits, sps);
  const std::uint32_t id = bits.ue();
  if (bits.failed() || id >= MostSps) return fail_cut("SPS");
  sps.id = static_cast<int>(id);
  if (!read_picture(bits, sps)) return fail_cut("SPS");
  if (bits.ue() > 12) return fail_cut("SPS");  // log2_max_pic_order_cnt_lsb_minus4
  read_ordering(bits, sps);
  if (bits.failed()) return fail_cut("SPS");
  return sps;
}

Result<H265Pps> parse_h265_pps(Bytes unit) {
  const auto plain = unescaped(unit, SliceHeaderBytes);
  BitReader bits(plain);
  bits.skip(8 * H265HeaderBytes);
  const std::uint32_t id = bits.ue();
  const std::uint32_t sps_id = bits.ue();
  if (bits.failed() || id >= MostPps || sps_id >= MostSps) return fail_cut("PPS");
  return H265Pps{static_cast<int>(id), static_cast<int>(sps_id)};
}

Result<H265SliceHeader> parse_h265_slice_header(Bytes unit) {
  const auto plain = unescaped(unit, SliceHeaderBytes);
  BitReader bits(plain);
  bits.skip(8 * H265HeaderBytes);
  H265SliceHeader header{.first_of_picture = bits.flag()};
  if (bits.failed()) return fail_cut("slice header");
  if (is_h265_random_access(h265_unit_type(unit))) bits.skip(1);  // no_output_of_prior_pics_flag
  const std::uint32_t pps_id = bits.ue();
  if (bits.failed() || pps_id >= MostPps) return fail_cut("slice header");
  header.pps_id = static_cast<int>(pps_id);
  return header;
}

std::vector<std::uint8_t> hvcc_of(const H265Sps& first, const std::vector<Bytes>& vps,
                                  const std::vector<Bytes>& sps, const std::vector<Bytes>& pps) {
  std::vector<std::uint8_t> record;
  record.push_back(1);
  record.insert(record.end(), first.profile_tier_level.begin(), first.profile_tier_level.end());
  const std::uint8_t rest[]{
      0xF0,
      0,     // min_spatial_segmentation_idc 0
      0xFC,  // parallelismType unknown
      static_cast<std::uint8_t>(0xFC | first.chroma_format),
      static_cast<std::uint8_t>(0xF8 | (first.luma_bits - 8)),
      static_cast<std::uint8_t>(0xF8 | (first.chroma_bits - 8)),
      0,
      0,  // avgFrameRate unknown
      static_cast<std::uint8_t>(first.temporal_layers << 3 | (first.temporal_nesting ? 4 : 0) | 3),
      3,  // arrays
  };
  record.insert(record.end(), std::begin(rest), std::end(rest));
  put_array(record, H265UnitType::Vps, vps);
  put_array(record, H265UnitType::Sps, sps);
  put_array(record, H265UnitType::Pps, pps);
  return record;
}

namespace {

template <class Wanted>
Result<std::vector<Bytes>> units_of_hvcc(Bytes record, const Wanted& wanted) {
  ByteReader reader(record);
  const std::uint8_t version = reader.u8();
  reader.skip(RecordHead - 1);
  std::vector<Bytes> units;
  for (int arrays = reader.u8(); arrays > 0 && !reader.failed(); --arrays) {
    const auto type = static_cast<H265UnitType>(reader.u8() & 0x3F);
    for (int left = reader.u16(); left > 0 && !reader.failed(); --left) {
      const std::uint16_t length = reader.u16();
      const Bytes unit = reader.take(length);
      if (wanted(type)) units.push_back(unit);
    }
  }
  if (reader.failed() || version != 1)
    return fail(ErrorKind::Damaged, "its hvcC is cut or of another version");
  return units;
}

}  // namespace

Result<std::vector<Bytes>> sps_of_hvcc(Bytes record) {
  return units_of_hvcc(record, [](H265UnitType type) { return type == H265UnitType::Sps; });
}

Result<std::vector<Bytes>> sets_of_hvcc(Bytes record) {
  return units_of_hvcc(
      record, [](H265UnitType type) { return type >= H265UnitType::Vps && type <= H265UnitType::Pps; });
}

}  // namespace greffe::media
