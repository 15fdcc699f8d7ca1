#include <gmock/gmock.h>

#include <fstream>

#include "capture_bytes.h"

namespace greffe::dump::test {
namespace {

using ::testing::HasSubstr;

TEST(Pcap, ReadsBothByteOrdersAndBothPrecisions) {
  for (const bool big : {false, true})
    for (const bool nanoseconds : {false, true}) {
      const ReadDump read = read_dump(pcap(rtp_frames(0, 9), {.big = big, .nanoseconds = nanoseconds}));
      EXPECT_EQ(read.error, "");
      EXPECT_TRUE(read.damage.empty());
      EXPECT_EQ(read.header.format, Format::Pcap);
      EXPECT_EQ(read.header.grain, nanoseconds ? Duration(1) : Duration(1000));
      EXPECT_EQ(read.sequences(), numbers(0, 9));
      EXPECT_EQ(read.records.at(9).arrival_ns,
                static_cast<std::int64_t>(CaptureStart_s) * 1'000'000'000 + 180'000'000);
      EXPECT_EQ(read.records.at(9).flow, (Flow{"10.0.0.1:4000", "10.0.0.2:5000"}));
      EXPECT_EQ(read.records.at(1).position, 24u + 16 + rtp_frames(0, 0)[0].size());
    }
}

TEST(Pcap, SecondsHaveAllOf32Bits) {
  constexpr std::uint64_t In2040_s = 2'208'988'800;
  const ReadDump read = read_dump(pcap(rtp_frames(0, 9), {.start_s = In2040_s}));
  ASSERT_EQ(read.sequences(), numbers(0, 9));
  EXPECT_EQ(read.records.front().arrival_ns, static_cast<std::int64_t>(In2040_s) * 1'000'000'000);
}

TEST(Pcap, EveryPrefixGivesTheWholeRecordsBeforeTheCut) {
  const std::string whole = pcap(rtp_frames(0, 9));
  const std::size_t record = 16 + rtp_frames(0, 0)[0].size();
  for (std::size_t length = 0; length <= whole.size(); ++length) {
    const ReadDump read = read_dump(whole.substr(0, length));
    SCOPED_TRACE(length);
    if (length < 24) {
      EXPECT_NE(read.error, "");
      continue;
    }
    const std::size_t complete = (length - 24) / record;
    EXPECT_EQ(read.error, "");
    EXPECT_EQ(read.records.size(), complete < 4 ? 0 : complete);  // fewer are not told from chance
    EXPECT_EQ(read.damage.count("record-cut"), (length - 24) % record ? 1u : 0u);
    EXPECT_EQ(read.damage.count("noise"), 0u);
    EXPECT_EQ(read.damage.count("no-media"), complete < 4 ? 1u : 0u);
  }
}

TEST(Pcap, R53_ResynchronisesAfterNoise) {
  for (const char filler : {'\0', '\xFF', 'x'}) {
    std::string bytes = pcap(rtp_frames(0, 9)) + std::string(777, filler);
    for (const std::string& frame : rtp_frames(10, 19)) bytes += pcap_record(frame, 300);
    const ReadDump read = read_dump(bytes);
    EXPECT_EQ(read.sequences(), numbers(0, 19)) << int(filler);
    EXPECT_EQ(read.damage.count("noise"), 1u);
  }
}

TEST(Pcap, R56_ALengthNearTheLimitsTakesNoMemoryAndLosesOneRecord) {
  for (const std::uint64_t length : {0x7FFFFFFFu, 0x80000000u, 0xFFFFFFFFu, 0x40001u, 70000u}) {
    std::string bytes = pcap(rtp_frames(0, 19));
    bytes.replace(24 + 10 * (16 + rtp_frames(0, 0)[0].size()) + 8, 4, le(length, 4));
    const ReadDump read = read_dump(bytes);
    EXPECT_EQ(read.records.size(), 19u) << length;
  }
}

// Of which libpcap gives as much as the header says, and passes over the rest.
TEST(Pcap, FramesLongerThanTheFileSaysThatItKeeps) {
  std::string bytes = pcap_header();
  bytes.replace(16, 4, le(60, 4));
  std::uint64_t ms = 0;
  for (std::uint16_t n = 0; n < 40; ++n)
    for (const std::uint32_t ssrc : {0x11u, 0x22u})
      bytes += pcap_record(ethernet(ipv4(udp(rtp_packet(n, ssrc, 400)))), ms += 10);
  for (const std::uint32_t ssrc : {0x11u, 0x22u}) {
    const ReadDump read = read_dump(bytes, {.ssrc = Ssrc{ssrc}});
    EXPECT_EQ(read.sequences(), numbers(0, 39));
    EXPECT_TRUE(read.damage.empty());
  }
}

TEST(Pcap, R61_SaysWhenTheClockWasNeverSet) {
  std::string bytes = pcap_header();
  for (const std::string& frame : rtp_frames(0, 5))
    bytes += le(100, 4) + le(5, 4) + le(frame.size(), 4) + le(frame.size(), 4) + frame;
  const ReadDump read = read_dump(bytes);
  EXPECT_FALSE(read.header.wall_clock);
  EXPECT_EQ(read.records.at(5).arrival_ns, 0);
}

TEST(Pcap, R75_PassesAHoleAboveFourGigabytes) {
  const greffe::test::TemporaryFolder folder;
  const Path path = folder.path() / "sparse.pcap";
  {
    std::ofstream file(path, std::ios::binary);
    file << pcap(rtp_frames(0, 5));
    file.seekp(std::int64_t{5} << 30);
    for (const std::string& frame : rtp_frames(6, 9)) file << pcap_record(frame, 300);
  }
  const ReadDump read = read_dump_file(path);
  EXPECT_EQ(read.sequences(), numbers(0, 9));
  EXPECT_EQ(read.damage.count("noise"), 1u);
}

std::string pcapng(const std::vector<std::string>& frames, bool big = false) {
  std::string bytes = section(big) + interface(1, "", big);
  std::uint64_t us = CaptureStart_s * 1'000'000;
  for (const std::string& frame : frames) bytes += enhanced(frame, us += 20'000, 0, big);
  return bytes;
}

TEST(PcapNg, ReadsBothByteOrders) {
  for (const bool big : {false, true}) {
    const ReadDump read = read_dump(pcapng(rtp_frames(0, 9), big));
    EXPECT_EQ(read.error, "");
    EXPECT_TRUE(read.damage.empty());
    EXPECT_EQ(read.header.format, Format::PcapNg);
    EXPECT_EQ(read.sequences(), numbers(0, 9));
    EXPECT_EQ(read.records.at(0).arrival_ns,
              static_cast<std::int64_t>(CaptureStart_s) * 1'000'000'000 + 20'000'000);
  }
}

TEST(PcapNg, EveryPrefixGivesTheWholeBlocksBeforeTheCut) {
  const std::string whole = pcapng(rtp_frames(0, 9));
  const std::size_t start = (section() + interface()).size();
  const std::size_t one = enhanced(rtp_frames(0, 0)[0], 0).size();
  for (std::size_t length = 0; length <= whole.size(); ++length) {
    const ReadDump read = read_dump(whole.substr(0, length));
    SCOPED_TRACE(length);
    if (length < section().size()) {
      EXPECT_NE(read.error, "");
      continue;
    }
    const std::size_t complete = length < start ? 0 : (length - start) / one;
    EXPECT_EQ(read.error, "");
    EXPECT_EQ(read.records.size(), complete < 4 ? 0 : complete);
    const bool at_edge = length == section().size() || (length >= start && (length - start) % one == 0);
    EXPECT_EQ(read.damage.count("record-cut"), at_edge ? 0u : 1u);
    EXPECT_EQ(read.damage.count("noise"), 0u);
  }
}

TEST(PcapNg, R53_ResynchronisesAfterNoise) {
  std::string bytes = pcapng(rtp_frames(0, 9)) + std::string(777, '\x06');
  for (const std::string& frame : rtp_frames(10, 19)) bytes += enhanced(frame, CaptureStart_s * 1'000'000);
  const ReadDump read = read_dump(bytes);
  EXPECT_EQ(read.sequences(), numbers(0, 19));
  EXPECT_EQ(read.damage.count("noise"), 1u);
}

TEST(PcapNg, R58_EachInterfaceHasItsLinkTypeAndClock) {
  const std::uint64_t s = CaptureStart_s;
  const auto ip = [](int n) { return ipv4(udp(rtp_packet(static_cast<std::uint16_t>(n)))); };
  std::string bytes = section() + interface(1, "", false, 65535) +
                      interface(101, option(9, "\x09"), false, 1000) +
                      interface(113, option(9, std::string(1, '\x94')) + option(14, le(s, 8)));
  bytes += enhanced(ethernet(ip(0)), s * 1'000'000);
  bytes += enhanced(ip(1), (s + 1) * 1'000'000'000, 1);
  bytes += enhanced(be(0, 14) + be(0x0800, 2) + ip(2), std::uint64_t{2} << 20, 2);
  bytes += enhanced(ip(3), (s + 3) * 1'000'000'000, 1);
  const ReadDump read = read_dump(bytes);
  ASSERT_EQ(read.sequences(), numbers(0, 3));
  for (std::size_t n = 0; n < 4; ++n)
    EXPECT_EQ(read.records[n].arrival_ns, static_cast<std::int64_t>(s + n) * 1'000'000'000) << n;
}

TEST(PcapNg, R58_ASectionMayHaveAnotherByteOrder) {
  std::vector<std::string> second = rtp_frames(10, 19);
  const ReadDump read = read_dump(pcapng(rtp_frames(0, 9)) + pcapng(second, true));
  EXPECT_EQ(read.sequences(), numbers(0, 19));
  EXPECT_TRUE(read.damage.empty());
}

TEST(PcapNg, R56_PassesOverBlocksItDoesNotRead) {
  std::string bytes = section() + interface();
  for (const std::string& frame : rtp_frames(0, 9)) {
    bytes += block(10, std::string(200'000, 's')) + block(4, "names") + block(5, std::string(8, 'i')) +
             block(0xBAD, "private");
    bytes += enhanced(frame, CaptureStart_s * 1'000'000);
  }
  const ReadDump read = read_dump(bytes);
  EXPECT_EQ(read.sequences(), numbers(0, 9));
  EXPECT_TRUE(read.damage.empty());
}

std::string simple(const std::string& frame) { return block(3, number(frame.size(), 4, false) + frame); }

TEST(PcapNg, R58_SimplePacketBlocksHaveNoTimes) {
  std::string bytes = section() + interface();
  for (const std::string& frame : rtp_frames(0, 9)) bytes += simple(frame);
  const ReadDump read = read_dump(bytes);
  EXPECT_EQ(read.sequences(), numbers(0, 9));
  EXPECT_FALSE(read.header.has_arrival);
  EXPECT_FALSE(read.header.wall_clock);
}

TEST(PcapNg, R58_OneTimeForAllPacketsIsNone) {
  std::string bytes = section() + interface();
  for (const std::string& frame : rtp_frames(0, 9)) bytes += enhanced(frame, CaptureStart_s * 1'000'000);
  EXPECT_FALSE(read_dump(bytes).header.has_arrival);
  bytes += enhanced(rtp_frames(10, 10)[0], CaptureStart_s * 1'000'000 + 20'000);
  EXPECT_TRUE(read_dump(bytes).header.has_arrival);
}

TEST(PcapNg, SaysWhenABlockContradictsItself) {
  std::string bytes = pcapng(rtp_frames(0, 9));
  bytes += enhanced(rtp_frames(10, 10)[0], 0, 9);  // no such interface
  bytes += block(6, le(0, 4) + le(0, 8) + le(5000, 4) + le(5000, 4) + "short");
  bytes += enhanced(rtp_frames(11, 11)[0], CaptureStart_s * 1'000'000);
  const ReadDump read = read_dump(bytes);
  EXPECT_EQ(read.records.size(), 11u);
  EXPECT_EQ(read.damage.count("bad-packet-block"), 2u);
}

}  // namespace
}  // namespace greffe::dump::test
