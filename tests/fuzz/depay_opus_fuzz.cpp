// Any bytes as an Opus packet of one to four streams: what is accepted lasts 2.5 to 120 ms.
#include <cstdlib>

#include "depacketizer/opus_packet.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace greffe;
  for (const int streams : {1, 2, 4}) {
    const auto packet = depacketizer::parse_opus_streams(Bytes(data, size), streams);
    if (!packet) continue;
    const bool sound = packet->frames >= 1 && packet->frames <= 48 && packet->duration_ticks >= 120 &&
                       packet->duration_ticks <= 5760 && (packet->channels == 1 || packet->channels == 2);
    if (!sound) std::abort();
  }
  return 0;
}
