// The RTP packets of one track out of a dump: dump records → rtp::ReceivedPacket.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "dump/open_dump.h"
#include "intake/control_notes.h"
#include "rtp/received_packet.h"
#include "rtp/rtcp.h"
#include "rtp/sender_lines.h"

namespace greffe::intake {

// One of several senders that use one SSRC (R12).
struct SenderPart {
  Ssrc ssrc;
  std::set<rtp::SenderLines::Line> lines;  // those of this sender; packets of other SSRCs are not touched
};

// A dump that has nothing but what repairs a track of another dump.
struct RepairDump {
  Path file;
  std::string place;
  dump::Selection selection;
};

// Where one track's packets are.
struct TrackSource {
  Path file;
  std::string place;  // names the dump for people: its file name
  dump::Selection selection;
  std::optional<SenderPart> sender = {};
  std::optional<std::uint64_t> packets = {};  // how many the file has of it, where they were counted
  std::vector<RepairDump> beside = {};        // see PacketsBeside; DumpPackets reads `file` alone
};

// Told of each RTCP compound on the way, and by which flow it came.
using RtcpListener = std::function<void(const rtp::RtcpCompound&, const dump::Flow&, ArrivalTime)>;

// What is no RTP packet is damage "not-rtp" and left out (R14). Fails with ErrorKind::Interrupted soon after
// the program is asked to stop.
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
  // By which flows the track's packets returned so far came; of the first 64 pairs of SSRC and flow.
  MediaFlows media_flows() const;

 private:
  DumpPackets(std::unique_ptr<dump::RecordSource> records, const TrackSource& source, DamageLog& damage)
      : records_(std::move(records)),
        place_(source.place),
        selection_(source.selection),
        sender_(source.sender),
        damage_(damage) {}

  bool is_of_sender(const rtp::RtpPacket& packet) {
    return !sender_ || packet.ssrc != sender_->ssrc || sender_->lines.contains(lines_.line_of(packet));
  }

  void note_flow();
  bool is_from_beside(std::uint32_t flow, Ssrc ssrc);

  std::unique_ptr<dump::RecordSource> records_;
  std::uint64_t records_read_ = 0;
  std::string place_;
  dump::Selection selection_;
  std::optional<SenderPart> sender_;
  rtp::SenderLines lines_;
  DamageLog& damage_;
  RtcpListener listener_;
  std::uint32_t flow_ = 0;
  std::vector<std::set<Ssrc>> beside_;  // by flow, as far as flows were met: see Selection::beside
  std::vector<std::pair<Ssrc, std::uint32_t>> seen_;  // SSRC and flow, the latest last
  rtp::ReceivedPacket packet_;
};

}  // namespace greffe::intake
