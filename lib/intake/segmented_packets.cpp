#include "intake/segmented_packets.h"

namespace greffe::intake {

Result<rtp::OrderedPacket*> SegmentedPackets::next() {
  GREFFE_TRY(rtp::OrderedPacket* const packet, source_.next());
  if (!packet) return nullptr;
  const std::uint64_t number = number_++;
  const auto& outliers = observation_.outliers;
  if (next_outlier_ < outliers.size() && outliers[next_outlier_] == number) {
    ++next_outlier_;
    lay_aside(*packet);
  }
  const auto& breaks = observation_.breaks;
  if (next_break_ < breaks.size() && breaks[next_break_] == number) {
    ++next_break_;
    packet->breaks_clock = !packet->starts_segment;
    packet->starts_segment = true;
  }
  last_ticks_ = packet->ticks;
  return packet;
}

void SegmentedPackets::lay_aside(rtp::OrderedPacket& packet) {
  damage_.add({.condition = "packet-mistimed",
               .place = place_,
               .unit = "packets",
               .position = as_sent<std::uint32_t>(packet.ticks),
               .text = fmt::format("packet {}: its RTP time {} fits nothing around it: left out",
                                   packet.packet.sequence.value, packet.packet.timestamp.value)});
  packet.cut = true;
  packet.ticks = last_ticks_;
}

}  // namespace greffe::intake
