// The RTP packets of one track out of a dump: dump records → rtp::ReceivedPacket.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "dump/open_dump.h"
#include "rtp/received_packet.h"
#include "rtp/rtcp.h"

namespace greffe::flow {

// Where one track's packets are.
struct TrackSource {
  Path file;
  std::string place;  // names the dump for people: its file name
  dump::Selection selection;
};

// Told of each RTCP compound on the way.
using RtcpListener = std::function<void(const rtp::RtcpCompound&, ArrivalTime)>;

// What is no RTP packet is damage "not-rtp" and left out (R14).
class DumpPackets final : public rtp::ReceivedPacketSource {
 public:
  // `damage` must outlive the object.
  static Result<std::unique_ptr<DumpPackets>> open(const TrackSource& source, DamageLog& damage);

  Result<rtp::ReceivedPacket*> next() override;
  void on_rtcp(RtcpListener listener) { listener_ = std::move(listener); }

  const dump::RecordSource& records() const { return *records_; }
  // Of the flow that the packet last returned came by.
  const dump::FlowDescription& description() const { return records_->description(flow_); }
  const dump::Flow& flow() const { return records_->flow(flow_); }

 private:
  DumpPackets(std::unique_ptr<dump::RecordSource> records, const TrackSource& source, DamageLog& damage)
      : records_(std::move(records)), place_(source.place), selection_(source.selection), damage_(damage) {}

  std::unique_ptr<dump::RecordSource> records_;
  std::string place_;
  dump::Selection selection_;
  DamageLog& damage_;
  RtcpListener listener_;
  std::uint32_t flow_ = 0;
  rtp::ReceivedPacket packet_;
};

}  // namespace greffe::flow
