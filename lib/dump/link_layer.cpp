#include "dump/link_layer.h"

#include <algorithm>
#include <array>

namespace greffe::dump {

namespace {

constexpr std::uint16_t EtherTypeIpv4 = 0x0800;
constexpr std::uint16_t EtherTypeIpv6 = 0x86DD;
constexpr int MostTags = 8;

bool is_tag(std::uint16_t ether_type) {
  return ether_type == 0x8100 || ether_type == 0x88A8 ||
         ether_type == 0x9100;  // 802.1Q, 802.1ad, QinQ of old
}

// IP by its version nibble alone: link layers that carry nothing else.
std::optional<NetworkPacket> ip_by_version(Bytes bytes) {
  if (bytes.empty()) return std::nullopt;
  const int version = bytes[0] >> 4;
  if (version != 4 && version != 6) return std::nullopt;
  return NetworkPacket{.bytes = bytes};
}

// What follows an EtherType: IP, or VLAN tags of 4 bytes and then IP.
std::optional<NetworkPacket> ip_by_ether_type(std::uint16_t ether_type, ByteReader reader) {
  std::uint32_t vlan = 0;
  for (int tags = 0; is_tag(ether_type) && tags < MostTags; ++tags) {
    vlan = vlan << 12 | (reader.u16() & 0xFFFu);
    ether_type = reader.u16();
  }
  if (reader.failed() || (ether_type != EtherTypeIpv4 && ether_type != EtherTypeIpv6)) return std::nullopt;
  auto packet = ip_by_version(reader.rest());
  if (packet) packet->vlan = vlan;
  return packet;
}

// 6 bytes to, 6 bytes from, EtherType.
std::optional<NetworkPacket> from_ethernet(Bytes frame) {
  ByteReader reader(frame);
  reader.skip(12);
  const std::uint16_t ether_type = reader.u16();
  return ip_by_ether_type(ether_type, reader);
}

// BSD loopback: the address family in 4 bytes, of the capturing host's order or big-endian; the version
// nibble of what follows says the same.
std::optional<NetworkPacket> from_loopback(Bytes frame) {
  ByteReader reader(frame);
  reader.skip(4);
  return ip_by_version(reader.rest());
}

// Linux cooked v1: packet type, device type, address length, address (8), protocol.
std::optional<NetworkPacket> from_cooked(Bytes frame) {
  ByteReader reader(frame);
  reader.skip(14);
  const std::uint16_t ether_type = reader.u16();
  return ip_by_ether_type(ether_type, reader);
}

// Linux cooked v2: protocol, reserved (2), interface (4), device type (2), packet type, address length,
// address (8).
std::optional<NetworkPacket> from_cooked_v2(Bytes frame) {
  ByteReader reader(frame);
  const std::uint16_t ether_type = reader.u16();
  reader.skip(18);
  return ip_by_ether_type(ether_type, reader);
}

struct LinkLayer {
  int link_type;
  std::optional<NetworkPacket> (*find)(Bytes frame);
};

// Numbers of https://www.tcpdump.org/linktypes.html; 12 and 14 are what some systems write for raw IP.
constexpr std::array LinkLayers{
    LinkLayer{1, from_ethernet},    LinkLayer{0, from_loopback},   LinkLayer{108, from_loopback},
    LinkLayer{12, ip_by_version},   LinkLayer{14, ip_by_version},  LinkLayer{101, ip_by_version},
    LinkLayer{228, ip_by_version},  LinkLayer{229, ip_by_version}, LinkLayer{113, from_cooked},
    LinkLayer{276, from_cooked_v2},
};

const LinkLayer* find_layer(int link_type) {
  const auto* const found = std::find_if(LinkLayers.begin(), LinkLayers.end(), [&](const LinkLayer& layer) {
    return layer.link_type == link_type;
  });
  return found == LinkLayers.end() ? nullptr : found;
}

}  // namespace

bool is_known_link_type(int link_type) { return find_layer(link_type) != nullptr; }

std::optional<NetworkPacket> find_network_packet(int link_type, Bytes frame) {
  const LinkLayer* layer = find_layer(link_type);
  return layer ? layer->find(frame) : std::nullopt;
}

}  // namespace greffe::dump
