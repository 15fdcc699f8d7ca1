// Any unit as each header that greffe reads of H.264 and H.265, any record, any frame: sizes are never
// negative.
#include "depacketizer/format_parameters.h"
#include "media/h264_headers.h"
#include "media/h265_headers.h"
#include "media/nal_unit.h"
#include "media/recovery_point.h"
#include "require.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace greffe;
  const Bytes unit(data, size);
  if (const auto sps = media::parse_h264_sps(unit)) {
    fuzz::require(sps->size.width_px >= 0 && sps->size.height_px >= 0 && sps->id >= 0 && sps->id < 32);
    if (size <= 0xFFFF) {
      const auto record = media::avcc_of(*sps, {unit}, {unit});
      const auto back = media::sps_of_avcc(record);
      fuzz::require(back && back->size() == 1 && back->front().size() == size);
    }
  }
  if (const auto sps = media::parse_h265_sps(unit)) {
    fuzz::require(sps->size.width_px >= 0 && sps->size.height_px >= 0 && sps->temporal_layers < 8);
    if (size <= 0xFFFF) {
      const auto back = media::sps_of_hvcc(media::hvcc_of(*sps, {}, {unit}, {unit}));
      fuzz::require(back && back->size() == 1);
    }
  }
  if (const auto pps = media::parse_h264_pps(unit)) fuzz::require(pps->id < 256 && pps->sps_id < 32);
  if (const auto pps = media::parse_h265_pps(unit)) fuzz::require(pps->id < 64 && pps->sps_id < 16);
  for (const auto& point : {media::find_h264_recovery_point(unit), media::find_h265_recovery_point(unit)})
    if (point) fuzz::require(point->frames < 65536);
  (void)media::parse_h264_slice_header(unit);
  if (!unit.empty()) (void)media::parse_h265_slice_header(unit);
  (void)media::parse_h265_vps_id(unit);
  (void)media::sps_of_avcc(unit);
  (void)media::sps_of_hvcc(unit);
  media::NalUnits units(unit);
  while (units.next()) {
  }
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  (void)depacketizer::decode_units(text);
  (void)depacketizer::find_parameter(text, "a");
  return 0;
}
