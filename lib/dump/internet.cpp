#include "dump/internet.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace greffe::dump {

namespace {

constexpr std::uint8_t ProtocolUdp = 17;
constexpr std::size_t Ipv4HeaderBytes = 20;
constexpr std::size_t UdpHeaderBytes = 8;
constexpr int MostExtensionHeaders = 16;

Address address_of(Bytes bytes) {
  Address address{.is_ipv6 = bytes.size() == 16};
  std::copy(bytes.begin(), bytes.end(), address.bytes.begin());
  return address;
}

// RFC 791 §3.1:
//   |Version| IHL |Type of Service|     Total Length      |
//   |       Identification        |Flags| Fragment Offset |
//   | TTL   |  Protocol           |   Header Checksum     |
//   |  Source Address  |  Destination Address  | Options  |
std::optional<IpPayload> udp_in_ipv4(Bytes bytes) {
  ByteReader reader(bytes);
  const std::size_t header_bytes = (reader.u8() & 0x0Fu) * 4u;
  reader.skip(1);
  std::size_t total = reader.u16();
  const std::uint16_t id = reader.u16();
  const std::uint16_t place = reader.u16();
  reader.skip(1);
  const std::uint8_t protocol = reader.u8();
  reader.skip(2);
  IpPayload payload{.from = address_of(reader.take(4)), .to = address_of(reader.take(4))};
  // Total length 0: the network card was to fill it in; the capture has the whole packet.
  if (total == 0) total = bytes.size();
  if (reader.failed() || protocol != ProtocolUdp || header_bytes < Ipv4HeaderBytes ||
      header_bytes > bytes.size() || total < header_bytes)
    return std::nullopt;
  payload.cut = total > bytes.size();
  payload.bytes = bytes.first(std::min(total, bytes.size())).subspan(header_bytes);
  const bool more = (place & 0x2000) != 0;
  const std::uint32_t offset = (place & 0x1FFFu) * 8u;
  if (more || offset != 0) payload.fragment = Fragment{.id = id, .offset = offset, .more = more};
  return payload;
}

// RFC 8200 §4: walks the extension headers to UDP; a fragment header (§4.5) on the way is kept.
std::optional<IpPayload> udp_behind_extensions(std::uint8_t next, ByteReader reader, IpPayload payload) {
  for (int count = 0; count < MostExtensionHeaders && !reader.failed(); ++count) {
    if (next == ProtocolUdp) {
      payload.bytes = reader.rest();
      return payload;
    }
    const std::uint8_t behind = reader.u8();
    const std::uint8_t length = reader.u8();
    if (next == 0 || next == 43 || next == 60) {  // hop-by-hop, routing, destination options: 8-byte units
      reader.skip(6 + 8u * length);
    } else if (next == 51) {  // authentication, RFC 4302 §2.2: 4-byte units less 2
      reader.skip(4u * (length + 2u) - 2);
    } else if (next == 44) {  // fragment
      const std::uint16_t place = reader.u16();
      const std::uint32_t id = reader.u32();
      const Fragment fragment{.id = id, .offset = place & 0xFFF8u, .more = (place & 1) != 0};
      // A fragment that is the whole packet ("atomic", RFC 6946) is none.
      if (fragment.more || fragment.offset != 0) payload.fragment = fragment;
      if (fragment.offset != 0) {
        payload.bytes = reader.rest();
        return behind == ProtocolUdp ? std::optional(payload) : std::nullopt;
      }
    } else {
      return std::nullopt;
    }
    next = behind;
  }
  return std::nullopt;
}

std::optional<IpPayload> udp_in_ipv6(Bytes bytes) {
  ByteReader reader(bytes);
  reader.skip(4);
  std::size_t length = reader.u16();
  const std::uint8_t next = reader.u8();
  reader.skip(1);
  IpPayload payload{.from = address_of(reader.take(16)), .to = address_of(reader.take(16))};
  if (reader.failed()) return std::nullopt;
  const std::size_t captured = reader.remaining();
  if (length == 0) length = captured;
  payload.cut = length > captured;
  return udp_behind_extensions(next, ByteReader(reader.take(std::min(length, captured))), payload);
}

}  // namespace

std::optional<IpPayload> find_udp_in(Bytes ip_packet) {
  if (ip_packet.empty()) return std::nullopt;
  return ip_packet[0] >> 4 == 6 ? udp_in_ipv6(ip_packet) : udp_in_ipv4(ip_packet);
}

std::optional<UdpDatagram> parse_udp(Bytes bytes, bool cut) {
  ByteReader reader(bytes);
  UdpDatagram datagram{.from_port = reader.u16(), .to_port = reader.u16(), .cut = cut};
  const std::uint16_t length = reader.u16();
  reader.skip(2);
  if (reader.failed()) return std::nullopt;
  const bool believed = length >= UdpHeaderBytes && length <= bytes.size();
  datagram.payload = believed ? reader.take(length - UdpHeaderBytes) : reader.rest();
  if (believed) datagram.cut = false;
  return datagram;
}

std::string text_of(const Endpoint& endpoint) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const Address& address = endpoint.address;
  ::inet_ntop(address.is_ipv6 ? AF_INET6 : AF_INET, address.bytes.data(), text.data(), text.size());
  if (address.is_ipv6) return fmt::format("[{}]:{}", text.data(), endpoint.port);
  return fmt::format("{}:{}", text.data(), endpoint.port);
}

std::optional<Address> find_address(std::string_view text) {
  const std::string terminated(text);
  Address address{.is_ipv6 = text.find(':') != std::string_view::npos};
  const int family = address.is_ipv6 ? AF_INET6 : AF_INET;
  if (::inet_pton(family, terminated.c_str(), address.bytes.data()) != 1) return std::nullopt;
  return address;
}

std::optional<Endpoint> find_endpoint(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  std::string_view host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  Endpoint endpoint;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data() + colon + 1, end, endpoint.port);
  const auto address = find_address(host);
  if (error != std::errc{} || stop != end || !address) return std::nullopt;
  endpoint.address = *address;
  return endpoint;
}

}  // namespace greffe::dump
