// Any bytes as a session description, bare and in a SIP message.
#include <cstdlib>

#include "dump/sdp.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace greffe;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (dump::parse_sdp(text).size() > 64) std::abort();
  const std::string_view body = dump::find_sdp_in_sip(Bytes(data, size));
  if (body.size() > size) std::abort();
  static_cast<void>(dump::parse_sdp(body));
  return 0;
}
