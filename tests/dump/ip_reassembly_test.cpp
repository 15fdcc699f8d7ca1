#include "dump/ip_reassembly.h"

#include "capture_bytes.h"

namespace greffe::dump::test {
namespace {

constexpr std::uint16_t More = 0x2000;

// The fragments of a datagram, cut at multiples of 8.
std::vector<std::string> fragments(const std::string& datagram, std::uint16_t id, std::size_t step) {
  std::vector<std::string> frames;
  for (std::size_t at = 0; at < datagram.size(); at += step) {
    const bool more = at + step < datagram.size();
    const auto place = static_cast<std::uint16_t>(at / 8 | (more ? More : 0));
    frames.push_back(ethernet(ipv4(datagram.substr(at, step), place, id)));
  }
  return frames;
}

// Whole packets 0 to 9 around the frames in question, which hold packet 10.
ReadDump read_with(const std::vector<std::string>& frames) {
  std::vector<std::string> all = rtp_frames(0, 9);
  all.insert(all.end(), frames.begin(), frames.end());
  return read_dump(pcap(all));
}

const std::string Large = udp(rtp_packet(10, 0x11223344, 4000));

TEST(IpReassembly, R59_PutsFragmentsTogetherInAnyOrder) {
  std::vector<std::string> parts = fragments(Large, 77, 1480);
  std::sort(parts.begin(), parts.end());
  do {
    const ReadDump read = read_with(parts);
    EXPECT_EQ(read.sequences(), numbers(0, 10));
    EXPECT_EQ(read.records.back().bytes, rtp_packet(10, 0x11223344, 4000));
    EXPECT_TRUE(read.damage.empty());
  } while (std::next_permutation(parts.begin(), parts.end()));
}

TEST(IpReassembly, R59_CopiesOfFragmentsDoNoHarm) {
  std::vector<std::string> parts = fragments(Large, 77, 1480);
  parts.insert(parts.begin() + 1, parts[0]);
  const ReadDump read = read_with(parts);
  EXPECT_EQ(read.sequences(), numbers(0, 10));
  EXPECT_TRUE(read.damage.empty());
}

TEST(IpReassembly, R59_WhatABridgeCapturesTwiceIsThereOnce) {
  const std::vector<std::string> parts = fragments(Large, 77, 1480);
  std::vector<std::string> each, whole = parts;
  for (const std::string& part : parts) each.insert(each.end(), {part, part});
  whole.insert(whole.end(), parts.begin(), parts.end());
  for (const auto& frames : {each, whole}) {
    const ReadDump read = read_with(frames);
    EXPECT_EQ(read.sequences(), numbers(0, 10));
    EXPECT_TRUE(read.damage.empty());
  }
}

TEST(IpReassembly, R59_ADatagramThatHasTheIdOfOneBeforeIsItsOwn) {
  std::vector<std::string> parts = fragments(Large, 77, 1480);
  for (const std::string& part : fragments(udp(rtp_packet(11, 0x11223344, 4000)), 77, 1480))
    parts.push_back(part);
  const ReadDump read = read_with(parts);
  EXPECT_EQ(read.sequences(), numbers(0, 11));
  EXPECT_EQ(read.records.back().bytes, rtp_packet(11, 0x11223344, 4000));
}

TEST(IpReassembly, R59_DropsADatagramWithAMissingOverlappingOrOverlongFragment) {
  std::vector<std::string> missing = fragments(Large, 77, 1480);
  missing.erase(missing.begin() + 1);
  std::vector<std::string> overlap = fragments(Large, 77, 1480);
  overlap.insert(overlap.begin() + 1, ethernet(ipv4(std::string(64, 'x'), More | 10, 77)));
  std::vector<std::string> overlong = fragments(Large, 77, 1480);
  overlong[1] = ethernet(ipv4(std::string(1480, 'x'), More | 0x1FFF, 77));
  for (const auto& frames : {missing, overlap, overlong}) {
    const ReadDump read = read_with(frames);
    EXPECT_EQ(read.sequences(), numbers(0, 9));
    EXPECT_EQ(read.damage.count("lost-ip-fragments"), 1u);
  }
}

TEST(IpReassembly, R59_KeepsVlansApart) {
  const std::string tag_a = be(0x81000001, 4), tag_b = be(0x81000002, 4);
  std::vector<std::string> frames;
  for (int n = 0; n < 6; ++n) {
    const std::string datagram = udp(rtp_packet(static_cast<std::uint16_t>(n), 1, 100));
    const std::string other = udp(rtp_packet(static_cast<std::uint16_t>(n + 100), 2, 100), 6000, 7000);
    const auto id = static_cast<std::uint16_t>(n);
    for (const auto& [text, tag, first] : {std::tuple(datagram, tag_a, true),
                                           {other, tag_b, true},
                                           {datagram, tag_a, false},
                                           {other, tag_b, false}})
      frames.push_back(
          ethernet(ipv4(first ? text.substr(0, 64) : text.substr(64), first ? More : 8, id), 0x0800, tag));
  }
  const ReadDump read = read_dump(pcap(frames));
  EXPECT_EQ(read.records.size(), 12u);
  EXPECT_TRUE(read.damage.empty());
}

TEST(IpReassembly, R59_MemoryIsBoundedUnderAFlood) {
  std::vector<std::string> frames = rtp_frames(0, 9);
  for (std::uint16_t id = 0; id < 1000; ++id)
    frames.push_back(ethernet(ipv4(std::string(800, 'x'), More | 5000, id)));
  const ReadDump read = read_dump(pcap(frames));
  EXPECT_EQ(read.records.size(), 10u);
  EXPECT_EQ(read.damage.count("lost-ip-fragments"), 1000u);
}

// One id and one sender: only the receivers are others.
TEST(IpReassembly, R59_MemoryIsBoundedWhereOnlyReceiversDiffer) {
  constexpr std::uint32_t Receivers = 65;  // one more than may wait
  std::vector<std::string> begun, ended;
  for (std::uint32_t n = 0; n < Receivers; ++n) {
    const std::string datagram = udp(rtp_packet(static_cast<std::uint16_t>(100 + n), 1, 100));
    begun.push_back(ethernet(ipv4(datagram.substr(0, 64), More, 77, 0, 0x0A000100 + n)));
    ended.push_back(ethernet(ipv4(datagram.substr(64), 8, 77, 0, 0x0A000100 + n)));
  }
  std::rotate(ended.begin(), ended.begin() + 1, ended.end());
  begun.insert(begun.end(), ended.begin(), ended.end());
  const ReadDump read = read_with(begun);
  EXPECT_EQ(read.damage.count("lost-ip-fragments"), 2u);  // the one that was dropped, and its rest
}

}  // namespace
}  // namespace greffe::dump::test
