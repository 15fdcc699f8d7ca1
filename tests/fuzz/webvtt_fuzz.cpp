// Any bytes as WebVTT: what was read is written as a file that reads the same.
#include <cstdlib>

#include "base/text.h"
#include "caption/split.h"
#include "caption/webvtt.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace greffe;
  const std::string text = valid_utf8(std::string_view(reinterpret_cast<const char*>(data), size));
  DamageLog damage;
  const auto cues = caption::read_webvtt(text, "fuzz", damage);
  if (!cues) return 0;
  const std::string once = caption::write_webvtt(*cues);
  const auto again = caption::read_webvtt(once, "fuzz", damage);
  if (!again || again->size() > cues->size() || caption::write_webvtt(*again).size() > once.size())
    std::abort();
  (void)caption::split(*cues);
  return 0;
}
