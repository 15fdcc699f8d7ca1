#include "intake/video_looks.h"

#include <algorithm>
#include <array>

#include "codec/declared_size.h"
#include "depacketizer/av1_payload.h"
#include "depacketizer/vp9_descriptor.h"
#include "media/av1_obu.h"
#include "media/av1_sequence_header.h"
#include "media/h264_headers.h"
#include "media/h265_headers.h"
#include "media/vp9_frame_header.h"

namespace greffe::intake {
namespace {

constexpr std::array<std::uint8_t, 7> H264Profiles{66, 77, 88, 100, 110, 122, 244};
// Table A-1, with 9 for level 1b.
constexpr std::array<std::uint8_t, 20> H264Levels{9,  10, 11, 12, 13, 20, 21, 22, 30, 31,
                                                  32, 40, 41, 42, 50, 51, 52, 60, 61, 62};
constexpr std::uint8_t H264Aggregate = 24;  // STAP-A, RFC 6184 §5.7.1
constexpr std::uint8_t H265Aggregate = 48;  // AP, RFC 7798 §4.4.2

// The first unit of an aggregate, whose header has `header` bytes; empty when there is none.
Bytes first_of_aggregate(Bytes payload, std::size_t header) {
  ByteReader reader(payload);
  reader.skip(header);
  const std::uint16_t size = reader.u16();
  return reader.take(size);
}

template <class List>
bool holds(const List& list, std::uint8_t value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

bool begins_h264(Bytes payload) {
  if ((payload.front() & 0x80) != 0 || (payload.front() & 0x60) == 0) return false;
  const Bytes unit =
      media::h264_unit_type(payload) == H264Aggregate ? first_of_aggregate(payload, 1) : payload;
  if (unit.empty() || media::h264_unit_type(unit) != static_cast<std::uint8_t>(media::H264UnitType::Sps))
    return false;
  const auto sps = media::parse_h264_sps(unit);
  return sps && codec::PictureLimits().allow(sps->size) && (sps->compatibility & 3) == 0 &&
         holds(H264Profiles, sps->profile) && holds(H264Levels, sps->level);
}

// A VPS says little that can be checked; in an aggregate the SPS stands behind it.
bool begins_h265(Bytes payload) {
  if (payload.size() < media::H265HeaderBytes || (payload[0] & 0x81) != 0 || payload[1] != 1) return false;
  Bytes unit = payload;
  if (media::h265_unit_type(payload) == H265Aggregate) {
    unit = first_of_aggregate(payload, media::H265HeaderBytes);
    if (unit.size() > media::H265HeaderBytes &&
        media::h265_unit_type(unit) == static_cast<std::uint8_t>(media::H265UnitType::Vps))
      unit = first_of_aggregate(payload, media::H265HeaderBytes + 2 + unit.size());
  }
  if (unit.size() < media::H265HeaderBytes || unit[0] != 0x42 || unit[1] != 1) return false;
  const auto sps = media::parse_h265_sps(unit);
  const int profile = sps ? sps->profile_tier_level[0] & 0x1F : 0;
  return sps && codec::PictureLimits().allow(sps->size) && profile >= 1 && profile <= 11;
}

// Of the lowest layer: its key frame has a start code of 24 bits.
bool begins_vp9(Bytes payload) {
  const auto descriptor = depacketizer::parse_vp9_descriptor(payload);
  if (!descriptor || !descriptor->starts_frame || descriptor->inter_picture) return false;
  const auto header = media::parse_vp9_frame_header(descriptor->payload);
  return header && header->key && header->size && codec::PictureLimits().allow(*header->size);
}

// A sequence header, but for a temporal delimiter first, and a frame behind it.
bool begins_av1(Bytes payload) {
  const auto aggregate = depacketizer::parse_av1_payload(payload);
  if (!aggregate || !aggregate->starts_sequence || aggregate->continues) return false;
  bool has_header = false;
  for (const Bytes element : aggregate->elements) {
    const auto obu = media::parse_obu(element);
    if (!obu) return false;
    if (has_header && (obu->type == media::ObuType::Frame || obu->type == media::ObuType::FrameHeader))
      return true;
    if (obu->type != media::ObuType::SequenceHeader) continue;
    const auto header = media::parse_av1_sequence_header(obu->payload);
    if (!header || !codec::PictureLimits().allow(header->largest)) return false;
    has_header = true;
  }
  return false;
}

}  // namespace

std::optional<media::CodecId> codec_of_sequence_start(Bytes payload) {
  if (begins_vp9(payload)) return media::CodecId::Vp9;
  if (begins_av1(payload)) return media::CodecId::Av1;
  return std::nullopt;
}

bool can_be(media::CodecId codec, Bytes payload) {
  if (codec == media::CodecId::Av1) return depacketizer::parse_av1_payload(payload).has_value();
  const auto descriptor = depacketizer::parse_vp9_descriptor(payload);
  return descriptor && (!descriptor->starts_frame || media::parse_vp9_frame_header(descriptor->payload));
}

std::optional<media::CodecId> codec_of_parameter_sets(Bytes payload) {
  if (payload.empty()) return std::nullopt;
  if (begins_h264(payload)) return media::CodecId::H264;
  if (begins_h265(payload)) return media::CodecId::H265;
  return std::nullopt;
}

}  // namespace greffe::intake
