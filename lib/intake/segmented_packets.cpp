#include "intake/segmented_packets.h"

namespace greffe::intake {

Result<rtp::OrderedPacket*> SegmentedPackets::next() {
  while (true) {
    GREFFE_TRY(rtp::OrderedPacket* const packet, source_.next());
    if (!packet) return nullptr;
    const std::uint64_t number = number_++;
    const auto& outliers = observation_.outliers;
    if (next_outlier_ < outliers.size() && outliers[next_outlier_] == number) {
      ++next_outlier_;
      continue;
    }
    const auto& breaks = observation_.breaks;
    if (next_break_ < breaks.size() && breaks[next_break_] == number) {
      ++next_break_;
      packet->starts_segment = true;
    }
    return packet;
  }
}

}  // namespace greffe::intake
