#include "rtp/ulpfec_finder.h"

namespace greffe::rtp {

void UlpfecFinder::see(const RtpPacket& packet) {
  const auto vote = [](Votes& votes, const FecSums& sums, Bytes payload) {
    ++votes.packets;
    const auto fec = parse_ulpfec(payload);
    if (fec && sums.judge(*fec) == FecSums::Verdict::Fits) ++votes.fit;
  };
  plain_.see(packet);
  if (packet.payload.empty()) return;
  vote(plain_types_[packet.payload_type], plain_, packet.payload);
  // One block, as browsers send video: a bit that says it is the last, and the type (RFC 2198 §3).
  const std::uint8_t header = packet.payload.front();
  if ((header & 0x80) != 0 || packet.payload_type.value == header) return;
  wrapped_.see(packet, true);
  vote(wrapped_types_[{packet.payload_type, PayloadType{header}}], wrapped_, packet.payload.subspan(1));
}

std::optional<UlpfecFinder::Found> UlpfecFinder::found() const {
  const auto is_sure = [](const Votes& votes) { return votes.fit >= 2 && votes.fit * 10 >= votes.packets; };
  for (const auto& [types, votes] : wrapped_types_)
    if (is_sure(votes)) return Found{.red = types.first, .ulpfec = types.second};
  for (const auto& [type, votes] : plain_types_)
    if (is_sure(votes)) return Found{.red = std::nullopt, .ulpfec = type};
  return std::nullopt;
}

}  // namespace greffe::rtp
