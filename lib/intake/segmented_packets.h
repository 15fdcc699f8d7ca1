// Ordered packets, parted into the segments that the clock's observation found.
#pragma once

#include <string>

#include "base/damage_log.h"
#include "rtp/packet_source.h"
#include "timeline/clock_observer.h"

namespace greffe::intake {

// A second reading of a track marks the packets where RTP time broke away from arrival as starts of a
// segment. An outlier is damage "packet-mistimed": nobody knows which frame it is of, so it is given as one
// that is cut, at the time of the packet before, and the frame around it has a hole (R32). `source` gives the
// same packets as were observed; it, `observation` and `damage` must outlive this object.
class SegmentedPackets final : public rtp::PacketSource {
 public:
  // `place` names the track in damage.
  SegmentedPackets(rtp::PacketSource& source, const timeline::ClockObservation& observation,
                   std::string place, DamageLog& damage)
      : source_(source), observation_(observation), place_(std::move(place)), damage_(damage) {}

  Result<rtp::OrderedPacket*> next() override;

 private:
  void lay_aside(rtp::OrderedPacket& packet);

  rtp::PacketSource& source_;
  const timeline::ClockObservation& observation_;
  std::string place_;
  DamageLog& damage_;
  std::int64_t last_ticks_ = 0;  // of the packet before
  std::uint64_t number_ = 0;
  std::size_t next_break_ = 0;
  std::size_t next_outlier_ = 0;
};

}  // namespace greffe::intake
