// pcap and pcapng with all they carry. With the selection that matches everything, each UDP payload is taken
// for a packet; without, the heuristics and SDP are run.
#include "dump_fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace greffe::dump;
  fuzz::read_to_end(fuzz::file_of(bytes, size), {});
  fuzz::read_to_end(fuzz::file_of(bytes, size), {.to = "10.0.0.2:5000"});
  return 0;
}
