// Which flows of a capture are RTP: told from DNS, DTLS, STUN, SIP and the rest by what several packets have
// in common (RFC 7983, RFC 5761).
#pragma once

#include <map>
#include <utility>
#include <vector>

#include "dump/datagram_reader.h"
#include "dump/sdp.h"

namespace greffe::dump {

// True when the RTP header, its CSRC list, extension block and padding lie inside the packet (RFC 3550 §5.1).
bool is_rtp_well_formed(Bytes packet);
// True when the packets of an RTCP compound fill it exactly.
bool is_rtcp_chain(Bytes packet);
// True for one that begins with a report besides, as RFC 3550 §A.2 asks. Senders of reduced size (RFC 5506)
// and baresip's first and last packets do not.
bool is_rtcp_compound(Bytes packet);

// Sees every datagram of a capture once, then answers. Memory is bounded, however many flows there are.
//
// A flow is RTP when four packets of one SSRC and payload type follow each other in number, with RTP times
// that do not contradict it: a DNS id may look like a packet, but not four times in a row. A thousand SSRCs
// may take turns on one flow. Where SDP names an address, one well-formed packet is enough.
class FlowFinder {
 public:
  void see(const Datagram& datagram);
  void see_sdp(std::string_view text);

  bool is_rtp(const FlowKey& flow) const;
  // True for the flow from and to the ports next to those of an RTP flow (RFC 3550 §11).
  bool is_beside_rtp(const FlowKey& flow) const;
  // What SDP says of a flow: by where it goes, by where it comes from (symmetric RTP), else what all
  // descriptions agree on.
  FlowDescription description(const FlowKey& flow) const;
  std::uint64_t datagrams() const { return datagrams_; }

 private:
  using StreamKey = std::pair<Ssrc, PayloadType>;
  // The packet of a stream that came last.
  struct Candidate {
    SequenceNumber sequence;
    RtpTimestamp timestamp;
    int in_a_row = 1;
  };
  using Candidates = std::map<StreamKey, Candidate>;
  // When the newer are many, they become the older, and those are forgotten.
  struct FlowState {
    bool is_rtp = false;  // has no candidates then
    Candidates newer, older;
  };
  FlowState* find_or_add(const FlowKey& key);
  void see_packet(FlowState& flow, Bytes packet);
  // What is known of the stream; nullptr for a new one, of which `first` is kept.
  Candidate* find_candidate(FlowState& flow, StreamKey stream, const Candidate& first);
  void forget_candidates();

  std::map<FlowKey, FlowState> flows_;
  std::size_t rtp_flows_ = 0;   // of flows_
  std::size_t candidates_ = 0;  // of all of them
  std::vector<SdpMedia> media_;
  std::uint64_t datagrams_ = 0;
};

}  // namespace greffe::dump
