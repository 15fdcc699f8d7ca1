// Packets on their way to a depacketizer: where some are missing goes to the sidecar.
#pragma once

#include "rtp/packet_source.h"
#include "timeline/track_sidecar.h"

namespace greffe::intake {

// Give it the packets after all repair: what is missing then stays missing. `source` and `sidecar`, whose
// clock is set, must outlive this object.
class LossRecorder final : public rtp::PacketSource {
 public:
  LossRecorder(rtp::PacketSource& source, timeline::TrackSidecar& sidecar)
      : source_(source), sidecar_(sidecar) {}

  Result<rtp::OrderedPacket*> next() override;

 private:
  void record(const rtp::OrderedPacket& packet);

  rtp::PacketSource& source_;
  timeline::TrackSidecar& sidecar_;
  std::optional<std::uint32_t> segment_;
  // Of the packet before.
  std::uint32_t last_segment_ = 0;
  std::int64_t last_ticks_ = 0;
};

}  // namespace greffe::intake
