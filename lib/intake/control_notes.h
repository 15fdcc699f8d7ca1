// What the RTCP of a dump says of its senders, not yet matched to tracks.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "dump/record.h"
#include "rtp/rtcp.h"

namespace greffe::intake {

// By which flows media of an SSRC comes: two people may have the same (RFC 3550 §8.2).
using MediaFlows = std::map<Ssrc, std::set<dump::Flow>>;

// A sender report as it came (RFC 3550 §6.4.1).
struct RawReport {
  Ssrc ssrc;
  NtpTime ntp;
  RtpTimestamp timestamp;
  ArrivalTime arrival{};
  std::uint32_t flow = 0;  // see ControlNotes
};

// How surely RTCP that comes by `control` is of the sender whose media comes by `media`.
enum class Kinship : std::uint8_t {
  None,      // other addresses or ports
  NextPort,  // the same addresses, one port higher at one end or both (RFC 3550 §11)
  SameFlow   // RTCP between the media (RFC 5761)
};
Kinship kinship(const dump::Flow& control, const dump::Flow& media);

class ControlNotes {
 public:
  void add(const rtp::RtcpCompound& compound, const dump::Flow& flow, ArrivalTime arrival);

  // What speaks of media that comes by `own`, among all media of the dump. RTCP goes to the flow it is kin
  // to; that which is kin to none, by addresses of its own, to all of its SSRC that have no better.
  std::vector<RawReport> reports_for(const MediaFlows& own, const MediaFlows& all) const;
  // The canonical names (CNAME) of its senders.
  std::set<std::string> names_for(const MediaFlows& own, const MediaFlows& all) const;

 private:
  using Speaker = std::pair<Ssrc, std::uint32_t>;  // and its flow
  std::uint32_t index_of(const dump::Flow& flow);
  std::set<Speaker> speakers_for(const std::set<Speaker>& among, const MediaFlows& own,
                                 const MediaFlows& all) const;

  std::vector<dump::Flow> flows_;
  std::map<dump::Flow, std::uint32_t> indices_;
  std::vector<RawReport> reports_;
  std::map<Speaker, std::set<std::string>> names_;
};

}  // namespace greffe::intake
