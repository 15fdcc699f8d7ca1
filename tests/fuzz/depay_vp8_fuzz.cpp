// Any packets as VP8: what packet_script.h asks of all frames, and none is larger than what came.
#include "packet_script.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace greffe;
  fuzz::read_frames(media::CodecId::Vp8, Bytes(data, size),
                    [&](const auto& frame, const auto&) { fuzz::require(frame.bytes.size() <= size); });
  return 0;
}
