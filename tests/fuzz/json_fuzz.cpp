// Any bytes as JSON: what is accepted is written so that it reads and writes the same again, in every style.
#include <cstdlib>

#include "json/value.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace greffe;
  const auto value = json::parse(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!value) return 0;
  for (const json::Style style : {json::Style::Compact, json::Style::Indented, json::Style::Canonical}) {
    const std::string text = json::write(*value, style);
    const auto again = json::parse(text);
    if (!again || json::write(*again, style) != text) std::abort();
  }
  return 0;
}
