// IPv4, IPv6 and UDP: from an IP packet to the datagram in it. Lengths come from the inner header; what
// follows the packet is link padding (R58).
#pragma once

#include <array>
#include <compare>
#include <optional>
#include <string>
#include <string_view>

#include "base/byte_reader.h"

namespace greffe::dump {

// IPv4 addresses lie in the first 4 bytes.
struct Address {
  bool is_ipv6 = false;
  std::array<std::uint8_t, 16> bytes{};
  auto operator<=>(const Address&) const = default;
};

struct Endpoint {
  Address address;
  std::uint16_t port = 0;
  auto operator<=>(const Endpoint&) const = default;
};

// Where datagrams go to and fro: one direction of it.
struct FlowKey {
  Endpoint from, to;
  auto operator<=>(const FlowKey&) const = default;
};

std::string text_of(const Endpoint& endpoint);                 // "10.0.0.1:5004", "[2001:db8::1]:5004"
std::optional<Address> find_address(std::string_view text);    // "10.0.0.1", "2001:db8::1"
std::optional<Endpoint> find_endpoint(std::string_view text);  // as text_of writes it

// Where a fragment belongs.
struct Fragment {
  std::uint32_t id = 0;
  std::uint32_t offset = 0;  // in bytes, of the datagram
  bool more = false;         // more follow
};

// What an IP packet carries of UDP.
struct IpPayload {
  Address from, to;
  Bytes bytes;       // from the UDP header on, or the part of a fragment
  bool cut = false;  // the capture kept less of it
  std::optional<Fragment> fragment;
};

// nullopt when it is no UDP, or its header is not whole.
std::optional<IpPayload> find_udp_in(Bytes ip_packet);

struct UdpDatagram {
  std::uint16_t from_port = 0, to_port = 0;
  Bytes payload;
  bool cut = false;
};
// The length in the header is believed when it lies inside `bytes`; else all of `bytes` is the datagram.
std::optional<UdpDatagram> parse_udp(Bytes bytes, bool cut);

}  // namespace greffe::dump
