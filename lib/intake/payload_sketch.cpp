#include "intake/payload_sketch.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <vector>

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

std::uint64_t packet_hash(const rtp::RtpPacket& packet, std::uint64_t of_payload) {
  const std::uint64_t number = std::uint64_t{packet.payload_type.value} << 16 | packet.sequence.value;
  return mix(mix(of_payload ^ (std::uint64_t{packet.ssrc.value} << 32 | packet.timestamp.value)) ^ number);
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

void PayloadSketch::add(const rtp::RtpPacket& packet, ArrivalTime arrival) {
  if (packet.payload.empty()) return;
  const std::uint64_t hash = payload_hash(packet.payload);
  comes_again_ = first_.has_value();
  if (hash != first_.value_or(hash)) varies_ = true;
  if (!first_) first_ = hash;
  const Sample sample{packet.timestamp, arrival};
  if (packet.payload.size() >= LeastPayload)
    large_.add(hash, sample);
  else
    small_.add(packet_hash(packet, hash), sample);
}

void PayloadSketch::Samples::add(std::uint64_t hash, Sample sample) {
  if (hash >= limit) return;
  const auto [known, is_new] = kept.try_emplace(hash, sample);
  if (!is_new && known->second.timestamp != sample.timestamp) known->second.repeated = true;
  if (kept.size() <= Most) return;
  kept.erase(std::prev(kept.end()));
  limit = kept.rbegin()->first + 1;
}

const PayloadSketch::Sample* PayloadSketch::Samples::find(std::uint64_t hash) const {
  const auto found = kept.find(hash);
  return found == kept.end() || found->second.repeated ? nullptr : &found->second;
}

bool PayloadSketch::is_by_numbers(const PayloadSketch& other) const {
  return large_.kept.size() < LeastAgreement || other.large_.kept.size() < LeastAgreement;
}

double PayloadSketch::share_in(const PayloadSketch& other) const {
  const Samples &own = samples_beside(other), &others = other.samples_beside(*this);
  std::size_t comparable = 0, found = 0;
  for (const auto& [hash, sample] : own.kept) {
    if (sample.repeated || hash >= others.limit) continue;
    const auto known = others.kept.find(hash);
    if (known != others.kept.end() && known->second.repeated) continue;
    ++comparable;
    found += known != others.kept.end() ? 1 : 0;
  }
  return comparable == 0 ? 0 : static_cast<double>(found) / static_cast<double>(comparable);
}

std::optional<std::uint32_t> PayloadSketch::shift_to(const PayloadSketch& other) const {
  const Samples& others = other.samples_beside(*this);
  std::map<std::uint32_t, std::size_t> shifts;
  for (const auto& [hash, sample] : samples_beside(other).kept) {
    const Sample* known = others.find(hash);
    if (!sample.repeated && known != nullptr) ++shifts[known->timestamp.value - sample.timestamp.value];
  }
  const auto best = std::max_element(shifts.begin(), shifts.end(),
                                     [](const auto& a, const auto& b) { return a.second < b.second; });
  if (best == shifts.end() || best->second < LeastAgreement) return std::nullopt;
  return best->first;
}

std::optional<Duration> PayloadSketch::arrival_shift_to(const PayloadSketch& other) const {
  const Samples& others = other.samples_beside(*this);
  std::vector<Duration> shifts;
  for (const auto& [hash, sample] : samples_beside(other).kept)
    if (const Sample* known = others.find(hash); known != nullptr && !sample.repeated)
      shifts.push_back(known->arrival - sample.arrival);
  if (shifts.empty()) return std::nullopt;
  const auto middle = shifts.begin() + static_cast<std::ptrdiff_t>(shifts.size() / 2);
  std::nth_element(shifts.begin(), middle, shifts.end());
  return *middle;
}

}  // namespace greffe::intake
