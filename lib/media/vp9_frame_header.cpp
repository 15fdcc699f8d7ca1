#include "media/vp9_frame_header.h"

#include "base/bit_reader.h"

namespace greffe::media {
namespace {

constexpr std::uint32_t SyncCode = 0x498342;
constexpr std::uint32_t ColourSpaceRgb = 7;

// color_config(), VP9 specification §6.2.2: only its length matters here.
void skip_colour(BitReader& reader, std::uint8_t profile) {
  if (profile >= 2) reader.skip(1);  // ten_or_twelve_bit
  const bool odd = profile == 1 || profile == 3;
  if (reader.bits(3) != ColourSpaceRgb) {
    reader.skip(1);           // color_range
    if (odd) reader.skip(3);  // subsampling_x, subsampling_y, reserved
  } else if (odd) {
    reader.skip(1);  // reserved
  }
}

PictureSize read_size(BitReader& reader) {
  const int width = static_cast<int>(reader.bits(16)) + 1;
  const int height = static_cast<int>(reader.bits(16)) + 1;
  return {width, height};
}

void skip_render_size(BitReader& reader) {
  if (reader.flag()) reader.skip(32);
}

void read_key(BitReader& reader, Vp9FrameHeader& header) {
  skip_colour(reader, header.profile);
  header.refreshed = 0xff;
  header.size = read_size(reader);
  skip_render_size(reader);
}

void read_intra_only(BitReader& reader, Vp9FrameHeader& header) {
  if (header.profile > 0) skip_colour(reader, header.profile);
  header.refreshed = static_cast<std::uint8_t>(reader.bits(8));
  header.size = read_size(reader);
  skip_render_size(reader);
}

void read_inter(BitReader& reader, Vp9FrameHeader& header) {
  header.refreshed = static_cast<std::uint8_t>(reader.bits(8));
  for (std::uint8_t& slot : header.references) {
    slot = static_cast<std::uint8_t>(reader.bits(3));
    reader.skip(1);  // ref_frame_sign_bias
  }
  bool found = false;
  for (std::uint8_t at = 0; at < header.references.size() && !found; ++at) {
    found = reader.flag();
    if (found) header.size_reference = at;
  }
  if (!found) header.size = read_size(reader);
  skip_render_size(reader);
  reader.skip(1);                      // allow_high_precision_mv
  if (!reader.flag()) reader.skip(2);  // interpolation filter
}

}  // namespace

Result<Vp9FrameHeader> parse_vp9_frame_header(Bytes frame) {
  BitReader reader(frame);
  if (reader.bits(2) != 2) return fail("is no VP9 frame");
  Vp9FrameHeader header;
  header.profile = static_cast<std::uint8_t>(reader.bits(1));
  header.profile = static_cast<std::uint8_t>(header.profile | reader.bits(1) << 1);
  if (header.profile == 3) reader.skip(1);
  if (reader.flag()) {
    header.existing = static_cast<std::uint8_t>(reader.bits(3));
    if (reader.failed()) return fail("ends in its header");
    return header;
  }
  header.key = !reader.flag();
  header.shown = reader.flag();
  header.error_resilient = reader.flag();
  if (!header.key) {
    header.intra_only = !header.shown && reader.flag();
    if (!header.error_resilient) header.reset_context = static_cast<std::uint8_t>(reader.bits(2));
  }
  if (header.intra() && reader.bits(24) != SyncCode) return fail("is no VP9 frame");
  if (header.key) {
    read_key(reader, header);
  } else if (header.intra_only) {
    read_intra_only(reader, header);
  } else {
    read_inter(reader, header);
  }
  if (!header.error_resilient) {
    header.keeps_context = reader.flag();
    reader.skip(1);  // frame_parallel_decoding_mode
  }
  header.context = static_cast<std::uint8_t>(reader.bits(2));
  if (reader.failed()) return fail("ends in its header");
  return header;
}

}  // namespace greffe::media
