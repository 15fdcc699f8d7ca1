#include "rtp/fec_sums.h"

namespace greffe::rtp {

void FecSums::see(const RtpPacket& packet, bool wrapped) {
  if (wrapped && packet.payload.empty()) return;
  const std::size_t extension = packet.extension_profile == 0 ? 0 : 4 + packet.extension.size();
  const std::size_t rest =
      std::size_t{4} * packet.csrc_count + extension + packet.payload.size() + packet.padding_bytes;
  const unsigned type = wrapped ? packet.payload.front() & 0x7Fu : packet.payload_type.value;
  latest_ = packet.sequence;
  known_[packet.sequence.value % MostKnown] = {
      .seen = true,
      .sequence = packet.sequence,
      .second_octet = static_cast<std::uint8_t>(type | (packet.marker ? 0x80u : 0u)),
      .timestamp = packet.timestamp.value,
      .length = static_cast<std::uint16_t>(wrapped ? rest - 1 : rest)};
}

FecSums::Verdict FecSums::judge(const FecPacket& fec) const {
  Known sum{.second_octet = fec.second_octet, .timestamp = fec.timestamp, .length = fec.length};
  for (const std::uint16_t offset : fec.protected_offsets()) {
    const SequenceNumber number{static_cast<std::uint16_t>(fec.base.value + offset)};
    const Known& known = known_[number.value % MostKnown];
    if (!known.seen || known.sequence != number) return Verdict::Unknown;
    sum.second_octet ^= known.second_octet;
    sum.timestamp ^= known.timestamp;
    sum.length ^= known.length;
  }
  return sum.second_octet == 0 && sum.timestamp == 0 && sum.length == 0 ? Verdict::Fits
                                                                        : Verdict::Contradicts;
}

bool FecSums::is_near(const FecPacket& fec) const {
  return std::abs(distance(fec.base, latest_)) < static_cast<std::int64_t>(MostKnown);
}

}  // namespace greffe::rtp
