// Any bytes as an RTCP compound: never more in it than its length can hold.
#include <cstdlib>

#include "rtp/rtcp.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace greffe;
  const auto compound = rtp::parse_compound(Bytes(data, size));
  if (!compound) return 0;
  const std::size_t found =
      compound->sender_reports.size() + compound->names.size() + compound->goodbyes.size();
  if (found > size) std::abort();
  return 0;
}
