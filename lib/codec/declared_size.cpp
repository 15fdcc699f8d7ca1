#include "codec/declared_size.h"

#include <algorithm>
#include <array>
#include <vector>

#include "media/av1_frame_header.h"
#include "media/h264_headers.h"
#include "media/h265_headers.h"
#include "media/nal_unit.h"
#include "media/vp9_frame_header.h"
#include "media/vp9_superframe.h"

namespace greffe::codec {
namespace {

using Declared = Result<std::optional<media::PictureSize>>;

Declared of_vp8(Bytes frame, bool key, std::size_t) {
  if (!key) return std::nullopt;
  const auto size = vp8_key_frame_size(frame);
  if (!size) return fail(ErrorKind::Damaged, "no VP8 key frame");
  return size;
}

// Every spatial layer is a frame of its own in the superframe.
Declared of_vp9(Bytes frame, bool key, std::size_t) {
  std::optional<media::PictureSize> size;
  for (const Bytes coded : media::split_superframe(frame)) {
    GREFFE_TRY(const auto header, media::parse_vp9_frame_header(coded));
    if (key && !size && !header.key) return fail(ErrorKind::Damaged, "no VP9 key frame");
    if (header.size && (!size || header.size->area() > size->area())) size = header.size;
  }
  return size;
}

// Frame headers can be read behind their sequence header only, which stands in the same unit when a picture
// of another size may begin.
Declared of_av1(Bytes unit, bool /*key*/, std::size_t) {
  std::optional<media::Av1SequenceHeader> sequence;
  std::optional<media::PictureSize> size;
  ByteReader reader(unit);
  while (reader.remaining() > 0) {
    GREFFE_TRY(const auto obu, media::take_obu(reader));
    if (obu.type == media::ObuType::SequenceHeader) {
      GREFFE_TRY(sequence, media::parse_av1_sequence_header(obu.payload));
    } else if (sequence && (obu.type == media::ObuType::Frame || obu.type == media::ObuType::FrameHeader)) {
      GREFFE_TRY(const auto header, media::parse_av1_frame_header(obu, *sequence));
      if (header.size && (!size || header.size->area() > size->area())) size = header.size;
    }
  }
  return size;
}

// The largest of the SPS units; nullopt when there are none.
template <class Parse>
Declared largest(const std::vector<Bytes>& units, Parse parse) {
  std::optional<media::PictureSize> size;
  for (const Bytes unit : units) {
    GREFFE_TRY(const auto sps, parse(unit));
    if (sps.size.area() == 0) return sps.size;
    if (!size || sps.size.area() > size->area()) size = sps.size;
  }
  return size;
}

// The units of one type in a frame whose units have their lengths in front; parameter sets may stand in any
// frame.
template <class IsWanted>
Result<std::vector<Bytes>> find_units(Bytes frame, std::size_t length_bytes, IsWanted is_wanted) {
  std::vector<Bytes> found;
  media::NalUnits units(frame, length_bytes);
  while (const auto unit = units.next())
    if (unit->size() >= 2 && is_wanted(*unit)) found.push_back(*unit);
  if (units.failed()) return fail(ErrorKind::Damaged, "a unit runs past the end of its frame");
  return found;
}

Declared of_h264(Bytes frame, bool /*key*/, std::size_t length_bytes) {
  GREFFE_TRY(const auto units, find_units(frame, length_bytes, [](Bytes unit) {
               return media::h264_unit_type(unit) == static_cast<std::uint8_t>(media::H264UnitType::Sps);
             }));
  return largest(units, media::parse_h264_sps);
}

Declared of_avcc(Bytes codec_private) {
  GREFFE_TRY(const auto units, media::sps_of_avcc(codec_private));
  return largest(units, media::parse_h264_sps);
}

Declared of_h265(Bytes frame, bool /*key*/, std::size_t length_bytes) {
  GREFFE_TRY(const auto units, find_units(frame, length_bytes, [](Bytes unit) {
               return media::h265_unit_type(unit) == static_cast<std::uint8_t>(media::H265UnitType::Sps) &&
                      media::h265_layer_of(unit) == 0;
             }));
  return largest(units, media::parse_h265_sps);
}

Declared of_hvcc(Bytes codec_private) {
  GREFFE_TRY(const auto units, media::sps_of_hvcc(codec_private));
  return largest(units, media::parse_h265_sps);
}

struct Row {
  media::CodecId codec;
  Declared (*of_frame)(Bytes frame, bool key, std::size_t unit_length_bytes);
  Declared (*of_private)(Bytes codec_private);  // nullptr: it holds no size
};

// The one table. What is not in it is held by the decoder's own limit alone.
constexpr std::array Table{
    Row{media::CodecId::Vp8, of_vp8, nullptr},   Row{media::CodecId::Vp9, of_vp9, nullptr},
    Row{media::CodecId::Av1, of_av1, nullptr},   Row{media::CodecId::H264, of_h264, of_avcc},
    Row{media::CodecId::H265, of_h265, of_hvcc},
};

const Row* find_row(media::CodecId codec) {
  const auto* const found =
      std::find_if(Table.begin(), Table.end(), [&](const Row& row) { return row.codec == codec; });
  return found == Table.end() ? nullptr : found;
}

}  // namespace

bool PictureLimits::allow(media::PictureSize size) const {
  return size.width_px > 0 && size.height_px > 0 && size.width_px <= side_px && size.height_px <= side_px &&
         size.area() <= pixels;
}

Declared declared_size(media::CodecId codec, Bytes frame, bool key, std::size_t unit_length_bytes) {
  const Row* row = find_row(codec);
  return row ? row->of_frame(frame, key, unit_length_bytes) : Declared(std::nullopt);
}

Declared declared_size_of_private(media::CodecId codec, Bytes codec_private) {
  const Row* row = find_row(codec);
  return row && row->of_private && !codec_private.empty() ? row->of_private(codec_private)
                                                          : Declared(std::nullopt);
}

// lengthSizeMinusOne (ISO/IEC 14496-15 §5.3.3.1, §8.3.3.1).
std::size_t unit_length_bytes_of(media::CodecId codec, Bytes codec_private) {
  const std::size_t at = codec == media::CodecId::H264 ? 4 : 21;
  return at < codec_private.size() ? (codec_private[at] & 3u) + 1 : 4;
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
