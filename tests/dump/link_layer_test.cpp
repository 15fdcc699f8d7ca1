#include "dump/link_layer.h"

#include "capture_bytes.h"
#include "dump/internet.h"

namespace greffe::dump::test {
namespace {

// Ten packets, each wrapped by `wrap`, in a pcap of `link_type`.
template <class Wrap>
ReadDump read_wrapped(int link_type, Wrap wrap) {
  std::vector<std::string> frames;
  for (std::uint16_t n = 0; n < 10; ++n) frames.push_back(wrap(rtp_packet(n)));
  return read_dump(pcap(frames, {.link_type = link_type}));
}

void expect_all(const ReadDump& read) {
  EXPECT_EQ(read.error, "");
  EXPECT_TRUE(read.damage.empty());
  EXPECT_EQ(read.sequences(), numbers(0, 9));
  for (const ReadRecord& record : read.records) {
    EXPECT_EQ(record.bytes, rtp_packet(record.sequence()));
    EXPECT_FALSE(record.cut);
  }
}

TEST(LinkLayer, R58_FindsIpInEveryOne) {
  const auto ip = [](const std::string& packet) { return ipv4(udp(packet)); };
  expect_all(read_wrapped(1, [&](auto p) { return ethernet(ip(p)); }));
  expect_all(read_wrapped(101, ip));
  expect_all(read_wrapped(228, ip));
  expect_all(read_wrapped(229, [&](auto p) { return ipv6(udp(p)); }));
  expect_all(read_wrapped(0, [&](auto p) { return le(2, 4) + ip(p); }));
  expect_all(read_wrapped(0, [&](auto p) { return be(30, 4) + ipv6(udp(p)); }));
  expect_all(read_wrapped(108, [&](auto p) { return be(2, 4) + ip(p); }));
  expect_all(read_wrapped(113, [&](auto p) { return be(0, 14) + be(0x0800, 2) + ip(p); }));
  expect_all(read_wrapped(
      113, [&](auto p) { return be(0, 14) + be(0x8100, 2) + be(5, 2) + be(0x86DD, 2) + ipv6(udp(p)); }));
  expect_all(read_wrapped(276, [&](auto p) { return be(0x0800, 2) + be(0, 18) + ip(p); }));
}

TEST(LinkLayer, R58_PassesVlanAndQinQTags) {
  const auto ip = [](const std::string& packet) { return ipv4(udp(packet)); };
  expect_all(read_wrapped(1, [&](auto p) { return ethernet(ip(p), 0x0800, be(0x81000005, 4)); }));
  expect_all(read_wrapped(
      1, [&](auto p) { return ethernet(ip(p), 0x0800, be(0x88A80005, 4) + be(0x81000006, 4)); }));
}

TEST(LinkLayer, R58_IgnoresThePaddingOfShortFrames) {
  expect_all(read_wrapped(1, [](auto p) { return ethernet(ipv4(udp(p))) + std::string(30, 'p'); }));
}

TEST(Internet, R58_PassesIpOptionsAndIpv6ExtensionHeaders) {
  expect_all(read_wrapped(1, [](auto p) { return ethernet(ipv4(udp(p), 0, 7, 40)); }));
  expect_all(read_wrapped(1, [](auto p) {
    const std::string hop = be(60, 1) + be(0, 1) + be(0, 6);
    const std::string destination = be(43, 1) + be(1, 1) + be(0, 14);
    const std::string routing = be(51, 1) + be(0, 1) + be(0, 6);
    const std::string authentication = be(44, 1) + be(4, 1) + be(0, 22);
    const std::string atomic = be(17, 1) + be(0, 7);
    return ethernet(ipv6(hop + destination + routing + authentication + atomic + udp(p), 0), 0x86DD);
  }));
}

TEST(Internet, R58_TotalLengthZeroMeansAllThatWasCaptured) {
  expect_all(read_wrapped(101, [](auto p) {
    std::string packet = ipv4(udp(p));
    return packet.replace(2, 2, be(0, 2)) + std::string(5, 'p');  // the UDP length leaves the padding out
  }));
}

TEST(Internet, R58_AUdpLengthThatLiesIsNotBelieved) {
  for (const std::uint64_t lie : {0u, 7u, 5000u, 65535u})
    expect_all(read_wrapped(101, [&](auto p) { return ipv4(udp(p).replace(4, 2, be(lie, 2))); }));
}

TEST(Internet, R54_MarksPacketsThatTheCaptureCut) {
  std::string bytes = pcap_header();
  for (std::uint16_t n = 0; n < 6; ++n)
    bytes += pcap_record(ethernet(ipv4(udp(rtp_packet(n)))), n, {}, n < 3 ? 60 : 1 << 20);
  const ReadDump read = read_dump(bytes);
  EXPECT_EQ(read.sequences(), numbers(0, 5));
  EXPECT_TRUE(read.records.at(2).cut);
  EXPECT_FALSE(read.records.at(3).cut);
}

TEST(Internet, WritesAndReadsEndpoints) {
  for (const char* text : {"10.0.0.1:5004", "[2001:db8::1]:5004", "[::]:0"})
    EXPECT_EQ(text_of(find_endpoint(text).value()), text);
  EXPECT_EQ(text_of(find_endpoint("[2001:DB8:0::1]:5004").value()), "[2001:db8::1]:5004");
  for (const char* text :
       {"", ":", "10.0.0.1", "10.0.0.1:", "10.0.0.1:99999", "10.0.0:5", "[::1]:5x", "host:5"})
    EXPECT_FALSE(find_endpoint(text)) << text;
}

TEST(LinkLayer, NamesALinkTypeItCannotRead) {
  const ReadDump read = read_dump(pcap(rtp_frames(0, 9), {.link_type = 105}));
  EXPECT_EQ(read.damage.count("unknown-link-layer"), 10u);
  EXPECT_EQ(read.damage.count("no-media"), 1u);
}

TEST(LinkLayer, EveryPrefixOfAFrameIsSurvived) {
  const std::string frame =
      ethernet(ipv6(be(60, 1) + be(0, 7) + udp(rtp_packet(1)), 0), 0x86DD, be(0x81000005, 4));
  for (int link_type : {0, 1, 101, 113, 276})
    for (std::size_t length = 0; length <= frame.size(); ++length) {
      const std::string part = frame.substr(0, length);
      const auto packet =
          find_network_packet(link_type, Bytes(reinterpret_cast<const std::uint8_t*>(part.data()), length));
      const auto ip = packet ? find_udp_in(packet->bytes) : std::nullopt;
      if (ip) parse_udp(ip->bytes, ip->cut);
    }
}

}  // namespace
}  // namespace greffe::dump::test
