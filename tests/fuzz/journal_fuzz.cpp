// Any bytes as a line of the journal: what is accepted is canonical, and says the same when it is written
// again.
#include <cstdlib>

#include "journal/entry.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace greffe;
  const std::string_view line(reinterpret_cast<const char*>(data), size);
  const auto entry = journal::entry_of_line(line);
  if (!entry) return 0;
  if (line.find('\n') != std::string_view::npos) std::abort();
  const auto again = journal::entry_of_line(journal::canonical_line(*entry));
  if (!again || journal::canonical_line(*again) != journal::canonical_line(*entry)) std::abort();
  return 0;
}
