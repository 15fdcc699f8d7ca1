// What a session description says of RTP (RFC 8866): which formats and header extensions go to which address.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "dump/internet.h"
#include "dump/record.h"

namespace greffe::dump {

// One m= line with its attributes.
struct SdpMedia {
  std::optional<Endpoint> endpoint;  // where it is received; none for 0.0.0.0, names and port 0
  FlowDescription description;
};

// Reads what it knows and passes over the rest; never fails. At most 64 media lines.
std::vector<SdpMedia> parse_sdp(std::string_view text);

// The SDP body of a SIP message in a datagram; empty when there is none.
std::string_view find_sdp_in_sip(Bytes payload);

}  // namespace greffe::dump
