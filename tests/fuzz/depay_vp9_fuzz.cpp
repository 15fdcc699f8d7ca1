// Any packets as VP9: what packet_script.h asks of all frames, and no piece has more frames than an index can
// list.
#include "media/vp9_frame_header.h"
#include "media/vp9_superframe.h"
#include "packet_script.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace greffe;
  const Bytes bytes(data, size);
  if (const auto header = media::parse_vp9_frame_header(bytes)) fuzz::require(size > 0);
  fuzz::require(depacketizer::without_frame_trailer(bytes).size() <= size);
  fuzz::read_frames(media::CodecId::Vp9, bytes, [&](const auto& frame, const auto&) {
    fuzz::require(frame.bytes.size() <= size + 34);
    const auto coded = media::split_superframe(frame.bytes);
    fuzz::require(coded.size() <= media::MostFramesOfSuperframe);
    fuzz::require(media::parse_vp9_frame_header(coded.front()).has_value());
  });
  return 0;
}
