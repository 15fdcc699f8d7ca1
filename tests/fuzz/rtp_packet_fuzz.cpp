// Any bytes as an RTP packet and its header extensions: what comes out lies inside what went in.
#include "require.h"
#include "rtp/header_extension.h"

namespace {

bool lies_inside(greffe::Bytes inner, greffe::Bytes outer) {
  return inner.empty() ||
         (inner.data() >= outer.data() && inner.data() + inner.size() <= outer.data() + outer.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace greffe;
  const Bytes bytes(data, size);
  const auto parsed = rtp::parse_packet(bytes);
  if (!parsed) return 0;
  fuzz::require(lies_inside(parsed->packet.payload, bytes) && lies_inside(parsed->packet.extension, bytes));
  rtp::HeaderExtensions extensions(parsed->packet);
  std::size_t elements = 0;
  while (const auto extension = extensions.next()) {
    fuzz::require(lies_inside(extension->bytes, parsed->packet.extension));
    fuzz::require(++elements <= parsed->packet.extension.size());
    rtp::audio_level_of(extension->bytes);
    rtp::video_orientation_of(extension->bytes);
    rtp::absolute_capture_time_of(extension->bytes);
    rtp::absolute_send_time_of(extension->bytes);
  }
  return 0;
}
