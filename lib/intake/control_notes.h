// What the RTCP of a dump says of its senders, not yet matched to tracks.
#pragma once

#include <map>
#include <set>
#include <string_view>
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

  // The reports that speak of media that comes by `own`, among all media of the dump. A report goes to the
  // flow it is kin to. One that is kin to none, by addresses of its own, goes to all of its SSRC that have no
  // better.
  std::vector<RawReport> reports_for(const MediaFlows& own, const MediaFlows& all) const;

 private:
  std::uint32_t index_of(const dump::Flow& flow);

  std::vector<dump::Flow> flows_;
  std::map<dump::Flow, std::uint32_t> indices_;
  std::vector<RawReport> reports_;
};

}  // namespace greffe::intake
