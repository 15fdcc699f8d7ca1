// Packets on their way to a track: of a sender that changed codecs, those that this track takes.
#pragma once

#include <set>

#include "intake/track_coding.h"
#include "rtp/jitter_buffer.h"

namespace greffe::intake {

// Passes over what has a track of its own (TrackCoding::elsewhere), so that it neither tells of this track's
// clock nor counts as missing in it. What is lost where codecs change is of the one that comes after.
class OwnPackets final : public rtp::PacketSource {
 public:
  // `source` must outlive this object.
  OwnPackets(rtp::PacketSource& source, const TrackCoding& coding) : source_(source) {
    for (const auto& [type, codec] : coding.payload_types)
      if (coding.elsewhere.contains(codec)) others_.insert(type);
  }

  Result<rtp::OrderedPacket*> next() override;
  // The counts of all packets, without those passed over.
  rtp::PacketCounts own(rtp::PacketCounts all) const;

 private:
  rtp::PacketSource& source_;
  std::set<PayloadType> others_;
  bool starts_segment_ = false;
  std::uint64_t passed_over_ = 0, lost_of_others_ = 0;
};

}  // namespace greffe::intake
