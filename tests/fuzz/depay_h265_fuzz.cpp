// Any packets as H.265, and SDP's parameter sets: see nal_fuzz.h.
#include "nal_fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  greffe::fuzz::depacketize(greffe::media::CodecId::H265, greffe::Bytes(data, size));
  return 0;
}
