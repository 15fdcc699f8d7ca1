// rtpdump.
#include "dump_fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace greffe::dump;
  fuzz::read_to_end(fuzz::file_of(bytes, size), {});
  return 0;
}
