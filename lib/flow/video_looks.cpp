#include "flow/video_looks.h"

#include <algorithm>
#include <array>

#include "codec/declared_size.h"
#include "media/h264_headers.h"
#include "media/h265_headers.h"

namespace greffe::flow {
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

}  // namespace

std::optional<media::CodecId> codec_of_parameter_sets(Bytes payload) {
  if (payload.empty()) return std::nullopt;
  if (begins_h264(payload)) return media::CodecId::H264;
  if (begins_h265(payload)) return media::CodecId::H265;
  return std::nullopt;
}

}  // namespace greffe::flow
