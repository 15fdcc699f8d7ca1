// Ordered packets, parted into the segments that the clock's observation found.
#pragma once

#include "rtp/packet_source.h"
#include "timeline/clock_observer.h"

namespace greffe::intake {

// A second reading of a track marks the packets where RTP time broke away from arrival as starts of a
// segment, and leaves out the outliers. `source` gives the same packets as were observed; both must outlive
// this object.
class SegmentedPackets final : public rtp::PacketSource {
 public:
  SegmentedPackets(rtp::PacketSource& source, const timeline::ClockObservation& observation)
      : source_(source), observation_(observation) {}

  Result<rtp::OrderedPacket*> next() override;

 private:
  rtp::PacketSource& source_;
  const timeline::ClockObservation& observation_;
  std::uint64_t number_ = 0;
  std::size_t next_break_ = 0;
  std::size_t next_outlier_ = 0;
};

}  // namespace greffe::intake
