#include "intake/own_packets.h"

#include <algorithm>
#include <utility>

namespace greffe::intake {

Result<rtp::OrderedPacket*> OwnPackets::next() {
  while (true) {
    GREFFE_TRY(rtp::OrderedPacket* const packet, source_.next());
    if (!packet) return nullptr;
    starts_segment_ = starts_segment_ || packet->starts_segment;
    if (!others_.contains(packet->packet.payload_type)) {
      packet->starts_segment = std::exchange(starts_segment_, false);
      return packet;
    }
    ++passed_over_;
    lost_of_others_ += packet->lost_before;
  }
}

rtp::PacketCounts OwnPackets::own(rtp::PacketCounts all) const {
  all.packets -= std::min(all.packets, passed_over_);
  all.lost -= std::min(all.lost, lost_of_others_);
  return all;
}

}  // namespace greffe::intake
