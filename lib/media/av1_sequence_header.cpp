#include "media/av1_sequence_header.h"

#include "base/bit_reader.h"

namespace greffe::media {
namespace {

constexpr std::uint8_t SelectPerFrame = 2;  // SELECT_SCREEN_CONTENT_TOOLS, SELECT_INTEGER_MV

std::uint8_t small(BitReader& reader, unsigned bits) { return static_cast<std::uint8_t>(reader.bits(bits)); }

// §4.10.3
void skip_uvlc(BitReader& reader) {
  unsigned zeros = 0;
  while (!reader.failed() && zeros < 32 && !reader.flag()) ++zeros;
  if (zeros < 32) reader.skip(zeros);
}

struct DecoderModel {
  unsigned delay_bits = 0;
};

DecoderModel read_timing(BitReader& reader, Av1SequenceHeader& header) {
  DecoderModel model;
  if (!reader.flag()) return model;  // timing_info_present_flag
  reader.skip(64);
  header.equal_interval = reader.flag();
  if (header.equal_interval) skip_uvlc(reader);
  header.has_decoder_model = reader.flag();
  if (!header.has_decoder_model) return model;
  model.delay_bits = reader.bits(5) + 1;
  reader.skip(32);
  header.removal_time_bits = static_cast<std::uint8_t>(reader.bits(5) + 1);
  header.presentation_time_bits = static_cast<std::uint8_t>(reader.bits(5) + 1);
  return model;
}

void read_operating_points(BitReader& reader, const DecoderModel& model, Av1SequenceHeader& header) {
  const bool has_display_delay = reader.flag();
  header.operating_points = static_cast<std::uint8_t>(reader.bits(5) + 1);
  for (std::size_t at = 0; at < header.operating_points; ++at) {
    Av1SequenceHeader::OperatingPoint& point = header.points[at];
    point.idc = static_cast<std::uint16_t>(reader.bits(12));
    const std::uint8_t level = small(reader, 5);
    const std::uint8_t tier = level > 7 ? small(reader, 1) : std::uint8_t{0};
    if (at == 0) header.level = level, header.tier = tier;
    point.has_decoder_model = header.has_decoder_model && reader.flag();
    if (point.has_decoder_model) reader.skip(std::size_t{2} * model.delay_bits + 1);
    if (has_display_delay && reader.flag()) reader.skip(4);
  }
}

void read_sizes(BitReader& reader, Av1SequenceHeader& header) {
  header.width_bits = static_cast<std::uint8_t>(reader.bits(4) + 1);
  header.height_bits = static_cast<std::uint8_t>(reader.bits(4) + 1);
  header.largest.width_px = static_cast<int>(reader.bits(header.width_bits)) + 1;
  header.largest.height_px = static_cast<int>(reader.bits(header.height_bits)) + 1;
  header.has_frame_ids = !header.reduced_still && reader.flag();
  if (!header.has_frame_ids) return;
  header.frame_id_delta_bits = static_cast<std::uint8_t>(reader.bits(4) + 2);
  header.frame_id_bits = static_cast<std::uint8_t>(reader.bits(3) + 1 + header.frame_id_delta_bits);
}

void read_tools(BitReader& reader, Av1SequenceHeader& header) {
  reader.skip(3);  // 128x128 superblocks, filter intra, intra edge filter
  if (!header.reduced_still) {
    reader.skip(4);  // interintra, masked compound, warped motion, dual filter
    const bool has_order_hint = reader.flag();
    if (has_order_hint) reader.skip(2);
    header.force_screen_content = reader.flag() ? SelectPerFrame : small(reader, 1);
    if (header.force_screen_content > 0)
      header.force_integer_mv = reader.flag() ? SelectPerFrame : small(reader, 1);
    if (has_order_hint) header.order_hint_bits = static_cast<std::uint8_t>(reader.bits(3) + 1);
  }
  header.has_superres = reader.flag();
  reader.skip(2);  // cdef, restoration
}

// color_config(), §5.5.2.
void read_colour(BitReader& reader, Av1SequenceHeader& header) {
  header.high_bit_depth = reader.flag();
  header.twelve_bit = header.profile == 2 && header.high_bit_depth && reader.flag();
  header.monochrome = header.profile != 1 && reader.flag();
  std::uint32_t primaries = 2, transfer = 2, matrix = 2;
  if (reader.flag()) {
    primaries = reader.bits(8);
    transfer = reader.bits(8);
    matrix = reader.bits(8);
  }
  if (header.monochrome) {
    reader.skip(1);
    return;
  }
  if (primaries == 1 && transfer == 13 && matrix == 0) {  // sRGB
    header.subsampling_x = header.subsampling_y = false;
    return;
  }
  reader.skip(1);
  if (header.profile == 1) {
    header.subsampling_x = header.subsampling_y = false;
  } else if (header.profile == 2) {
    header.subsampling_x = !header.twelve_bit || reader.flag();
    header.subsampling_y = header.twelve_bit && header.subsampling_x && reader.flag();
  }
  if (header.subsampling_x && header.subsampling_y) header.chroma_position = small(reader, 2);
}

}  // namespace

Result<Av1SequenceHeader> parse_av1_sequence_header(Bytes payload) {
  BitReader reader(payload);
  Av1SequenceHeader header;
  header.profile = small(reader, 3);
  if (header.profile > 2) return fail("AV1 profile {} is unknown", header.profile);
  reader.skip(1);  // still_picture
  header.reduced_still = reader.flag();
  if (header.reduced_still) {
    header.level = small(reader, 5);
  } else {
    const DecoderModel model = read_timing(reader, header);
    read_operating_points(reader, model, header);
  }
  read_sizes(reader, header);
  read_tools(reader, header);
  read_colour(reader, header);
  reader.skip(2);  // separate_uv_delta_q or none, film grain: one of them at least
  if (reader.failed()) return fail("AV1 sequence header is cut");
  return header;
}

std::vector<std::uint8_t> av1_codec_private(const Av1SequenceHeader& header, const Obu& obu) {
  const auto flag = [](bool set, unsigned bit) { return set ? bit : 0u; };
  std::vector<std::uint8_t> record = {
      0x81, static_cast<std::uint8_t>(header.profile << 5 | header.level),
      static_cast<std::uint8_t>(flag(header.tier != 0, 0x80) | flag(header.high_bit_depth, 0x40) |
                                flag(header.twelve_bit, 0x20) | flag(header.monochrome, 0x10) |
                                flag(header.subsampling_x, 0x08) | flag(header.subsampling_y, 0x04) |
                                header.chroma_position),
      0x00};
  append_obu(obu, record);
  return record;
}

}  // namespace greffe::media
