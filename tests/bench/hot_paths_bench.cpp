// What runs once per packet or per byte of a recording.
#include <benchmark/benchmark.h>

#include <vector>

#include "fixity/digest.h"
#include "rtp/packet.h"

namespace greffe {
namespace {

// A VP8 packet as Chromium sends it: one-byte extensions, 1100 bytes of payload.
std::vector<std::uint8_t> video_packet() {
  std::vector<std::uint8_t> bytes{0x90, 0x60, 0x12, 0x34, 0,    1,    2,    3,    0,    0,
                                  0,    1,    0xBE, 0xDE, 0x00, 0x01, 0x31, 0x00, 0x01, 0};
  bytes.resize(bytes.size() + 1100, 0x5A);
  return bytes;
}

void ParsePacket(benchmark::State& state) {
  const std::vector<std::uint8_t> bytes = video_packet();
  for (auto _ : state) benchmark::DoNotOptimize(rtp::parse_packet(bytes));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(ParsePacket);

void Sha256(benchmark::State& state) {
  const std::string text(1 << 20, 'x');
  for (auto _ : state) benchmark::DoNotOptimize(fixity::digest_of(text));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK(Sha256);

}  // namespace
}  // namespace greffe
