#include "intake/payload_sketch.h"

#include <algorithm>
#include <cstring>
#include <map>

namespace greffe::intake {
namespace {

constexpr std::size_t LeastPayload = 16;
constexpr std::size_t LeastAgreement = 8;
constexpr std::size_t LongestLook = 64;  // coded media that is the same so far is the same

// Mixes as SplitMix64 does (Steele, Lea, Flood 2014): good enough to sample by, not for trust.
std::uint64_t mix(std::uint64_t value) {
  value ^= value >> 30;
  value *= 0xBF58'476D'1CE4'E5B9u;
  value ^= value >> 27;
  value *= 0x94D0'49BB'1331'11EBu;
  return value ^ value >> 31;
}

}  // namespace

std::uint64_t payload_hash(Bytes bytes) {
  std::uint64_t hash = bytes.size();
  bytes = bytes.first(std::min(bytes.size(), LongestLook));
  for (; bytes.size() >= 8; bytes = bytes.subspan(8)) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data(), 8);
    hash = mix(hash ^ word);
  }
  for (const std::uint8_t byte : bytes) hash = mix(hash ^ byte);
  return hash;
}

void PayloadSketch::add(const rtp::RtpPacket& packet) {
  if (packet.payload.size() < LeastPayload) return;
  const std::uint64_t hash = payload_hash(packet.payload);
  if (hash >= limit_) return;
  samples_.push_back({hash, packet.timestamp, packet.ssrc});
  if (samples_.size() >= 2 * Most) keep_smallest();
}

void PayloadSketch::keep_smallest() {
  const auto by_hash = [](const Sample& a, const Sample& b) { return a.hash < b.hash; };
  std::sort(samples_.begin(), samples_.end(), by_hash);
  if (samples_.size() <= Most) return;
  samples_.resize(Most);
  limit_ = samples_.back().hash + 1;
}

double PayloadSketch::share_in(const PayloadSketch& other) const {
  std::size_t comparable = 0, found = 0;
  for (const Sample& sample : samples_) {
    if (sample.hash >= other.limit_) continue;
    ++comparable;
    found += std::any_of(other.samples_.begin(), other.samples_.end(),
                         [&](const Sample& known) { return known.hash == sample.hash; });
  }
  return comparable == 0 ? 0 : static_cast<double>(found) / static_cast<double>(comparable);
}

std::optional<std::uint32_t> PayloadSketch::shift_to(const PayloadSketch& other) const {
  std::map<std::uint32_t, std::size_t> shifts;
  for (const Sample& sample : samples_)
    for (const Sample& known : other.samples_)
      if (known.hash == sample.hash) ++shifts[known.timestamp.value - sample.timestamp.value];
  const auto best = std::max_element(shifts.begin(), shifts.end(),
                                     [](const auto& a, const auto& b) { return a.second < b.second; });
  if (best == shifts.end() || best->second < LeastAgreement) return std::nullopt;
  return best->first;
}

}  // namespace greffe::intake
