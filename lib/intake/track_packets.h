// One track's packets in sending order: the dump, what rebuilds lost packets, and the jitter buffer, in line.
#pragma once

#include <optional>

#include "intake/own_packets.h"
#include "intake/packets_beside.h"
#include "intake/track_coding.h"
#include "rtp/fec_decoder.h"
#include "rtp/jitter_buffer.h"
#include "rtp/red_unwrapper.h"
#include "rtp/rtx_restorer.h"

namespace greffe::intake {

// Both readings of a track go through here, so that the second sees the packets that the first counted.
class TrackPackets final : public rtp::PacketSource {
 public:
  // `of_track` must outlive the object.
  static Result<std::unique_ptr<TrackPackets>> open(const TrackSource& source, const TrackCoding& coding,
                                                    DamageLog& of_track);

  Result<rtp::OrderedPacket*> next() override { return own_ ? own_->next() : ordered_->next(); }
  rtp::PacketCounts counts() const { return own_ ? own_->own(ordered_->counts()) : ordered_->counts(); }
  // Packets that came wrapped in redundancy (RFC 2198).
  std::uint64_t wrapped_packets() const { return unwrapper_ ? unwrapper_->wrapped_packets() : 0; }
  // Packets that came only to repair others: retransmissions and error correction.
  std::uint64_t repair_packets() const {
    return (restorer_ ? restorer_->counts().packets : 0) + (corrector_ ? corrector_->counts().packets : 0);
  }
  MediaFlows media_flows() const { return dump_->media_flows(); }
  void on_rtcp(RtcpListener listener) { dump_->on_rtcp(std::move(listener)); }

 private:
  TrackPackets() = default;

  DamageLog told_beside_;
  std::unique_ptr<DumpPackets> dump_;
  std::unique_ptr<PacketsBeside> beside_;
  std::optional<rtp::RtxRestorer> restorer_;
  std::optional<rtp::RedUnwrapper> unwrapper_;
  std::optional<rtp::FecDecoder> corrector_;
  std::optional<rtp::JitterBuffer> ordered_;
  std::optional<OwnPackets> own_;  // where the sender changed codecs
};

}  // namespace greffe::intake
