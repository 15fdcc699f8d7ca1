#include "codec/declared_size.h"

#include <algorithm>
#include <array>

namespace greffe::codec {
namespace {

using Declared = Result<std::optional<media::PictureSize>>;

Declared of_vp8(Bytes frame, bool key) {
  if (!key) return std::nullopt;
  const auto size = vp8_key_frame_size(frame);
  if (!size) return fail(ErrorKind::Damaged, "no VP8 key frame");
  return size;
}

struct Row {
  media::CodecId codec;
  Declared (*of_frame)(Bytes frame, bool key);
  Declared (*of_private)(Bytes codec_private);  // nullptr: it holds no size
};

// The one table. What is not in it is held by the decoder's own limit alone.
constexpr std::array Table{
    Row{media::CodecId::Vp8, of_vp8, nullptr},
};

const Row* find_row(media::CodecId codec) {
  const auto* const found =
      std::find_if(Table.begin(), Table.end(), [&](const Row& row) { return row.codec == codec; });
  return found == Table.end() ? nullptr : found;
}

}  // namespace

bool PictureLimits::allow(media::PictureSize size) const {
  return size.width_px > 0 && size.height_px > 0 && size.width_px <= side_px && size.height_px <= side_px &&
         std::int64_t{size.width_px} * size.height_px <= pixels;
}

Declared declared_size(media::CodecId codec, Bytes frame, bool key) {
  const Row* row = find_row(codec);
  return row ? row->of_frame(frame, key) : Declared(std::nullopt);
}

Declared declared_size_of_private(media::CodecId codec, Bytes codec_private) {
  const Row* row = find_row(codec);
  return row && row->of_private && !codec_private.empty() ? row->of_private(codec_private)
                                                          : Declared(std::nullopt);
}

std::optional<media::PictureSize> vp8_key_frame_size(Bytes frame) {
  // RFC 6386 §9.1: 3 octets of frame tag (bit 0 clear: key frame), start code 9d 01 2a, then 14 bits of width
  // and 2 of scaling, 14 bits of height and 2 of scaling, little-endian.
  ByteReader reader(frame);
  const std::uint8_t tag = reader.u8();
  reader.skip(2);
  const std::uint32_t start_code = reader.u24();
  const int width = reader.u16_le() & 0x3fff;
  const int height = reader.u16_le() & 0x3fff;
  if (reader.failed() || (tag & 1) != 0 || start_code != 0x9d012a) return std::nullopt;
  return media::PictureSize{width, height};
}

}  // namespace greffe::codec
