// From a captured frame to the IP packet in it, one function per link layer.
#pragma once

#include <cstdint>
#include <optional>

#include "base/byte_reader.h"

namespace greffe::dump {

struct NetworkPacket {
  Bytes bytes;             // from the IP header on; link padding may follow it
  std::uint32_t vlan = 0;  // the tags it came with, so that fragments of two VLANs stay apart (R59)
};

// True for the link layers greffe knows: Ethernet, raw IP, BSD loopback, Linux cooked v1 and v2.
bool is_known_link_type(int link_type);

// The IPv4 or IPv6 packet in a frame; nullopt when it holds something else or is too short.
std::optional<NetworkPacket> find_network_packet(int link_type, Bytes frame);

}  // namespace greffe::dump
