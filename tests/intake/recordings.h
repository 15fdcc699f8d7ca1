// Small recordings of one talker, as recorders and captures leave them.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "dump/capture_bytes.h"
#include "intake/recorded_files.h"
#include "support/samples.h"

namespace greffe::test {

// RTP packets with the ms when they arrived.
using Packets = std::vector<std::pair<std::uint64_t, std::string>>;

// G.711, 50 packets a second, from number `first` to before `end`; the payloads tell SSRC and number.
inline Packets talk(std::uint32_t first, std::uint32_t end, std::uint32_t ssrc, std::uint8_t type = 0) {
  namespace bytes = dump::test;
  Packets packets;
  for (std::uint32_t n = first; n < end; ++n) {
    std::string payload = bytes::be(std::uint64_t{n} * 2'654'435'761u ^ ssrc, 8) + std::string(152, 'v');
    packets.emplace_back(20 * n, std::string("\x80", 1) + bytes::be(type, 1) + bytes::be(n & 0xFFFF, 2) +
                                     bytes::be(160 * n, 4) + bytes::be(ssrc, 4) + payload);
  }
  return packets;
}

// A Janus recording of them. `more`: keys of its header.
inline std::string recording(const Packets& packets, const std::string& more = "") {
  namespace bytes = dump::test;
  const std::string start = std::to_string(bytes::CaptureStart_s) + "000000";
  const std::string header = R"({"t":"a","c":"pcmu","s":)" + start + R"(,"u":)" + start + more + "}";
  std::string text = "MJR00002" + bytes::be(header.size(), 2) + header;
  for (const auto& [ms, packet] : packets)
    text += "MEET" + bytes::be(ms, 4) + bytes::be(packet.size(), 2) + packet;
  return text;
}

// Packets that went from one port to another.
struct Leg {
  Packets packets;
  std::uint16_t from = 4000;
  std::uint16_t to = 5000;
  std::uint64_t late_ms = 0;
};

inline std::string capture(const std::vector<Leg>& legs) {
  namespace bytes = dump::test;
  std::multimap<std::uint64_t, std::string> frames;
  for (const Leg& leg : legs)
    for (const auto& [ms, packet] : leg.packets)
      frames.emplace(ms + leg.late_ms, bytes::ethernet(bytes::ipv4(bytes::udp(packet, leg.from, leg.to))));
  std::string text = bytes::pcap_header();
  for (const auto& [ms, frame] : frames) text += bytes::pcap_record(frame, ms);
  return text;
}

inline intake::RecordedFiles read_files(const std::map<std::string, std::string>& files) {
  const TemporaryFolder folder;
  std::vector<Path> paths;
  for (const auto& [name, text] : files) {
    write_file(folder.path() / name, text);
    paths.push_back(folder.path() / name);
  }
  auto read = intake::read_recorded_files(paths, 1);
  EXPECT_TRUE(read);
  return read ? *read : intake::RecordedFiles{};
}

}  // namespace greffe::test
