// The packets of a track and, between them, those that dumps of their own have to repair it.
#pragma once

#include <memory>
#include <vector>

#include "intake/dump_packets.h"

namespace greffe::intake {

// In the order of arrival; of two that came at once the track's is first. What is of another dump is marked
// as such (ReceivedPacket::from_beside).
class PacketsBeside final : public rtp::ReceivedPacketSource {
 public:
  // `track` must outlive the object, and `damage`, to which that of the other dumps goes.
  static Result<std::unique_ptr<PacketsBeside>> open(DumpPackets& track, const std::vector<RepairDump>& dumps,
                                                     DamageLog& damage);

  Result<rtp::ReceivedPacket*> next() override;

 private:
  struct Source {
    DumpPackets* packets = nullptr;
    rtp::ReceivedPacket* front = nullptr;
    bool ended = false;
  };

  std::vector<std::unique_ptr<DumpPackets>> dumps_;
  std::vector<Source> sources_;  // the track first
  std::uint32_t recording_ = 0;  // of the track
};

}  // namespace greffe::intake
