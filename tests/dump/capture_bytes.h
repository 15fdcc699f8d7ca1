// Network captures written byte by byte.
#pragma once

#include "dump_bytes.h"

namespace greffe::dump::test {

constexpr std::uint64_t CaptureStart_s = 1'795'176'013;

inline std::string udp(const std::string& payload, std::uint16_t from = 4000, std::uint16_t to = 5000) {
  return be(from, 2) + be(to, 2) + be(payload.size() + 8, 2) + be(0, 2) + payload;
}
inline std::string ipv4(const std::string& body, std::uint16_t fragment = 0, std::uint16_t id = 7,
                        int options = 0, std::uint32_t to = 0x0A000002) {
  const std::size_t header = 20 + static_cast<std::size_t>(options);
  return be(0x40 + header / 4, 1) + be(0, 1) + be(header + body.size(), 2) + be(id, 2) + be(fragment, 2) +
         be(0x4011, 2) + be(0, 2) + be(0x0A000001, 4) + be(to, 4) +
         std::string(static_cast<std::size_t>(options), '\x01') + body;
}
inline std::string ipv6(const std::string& body, std::uint8_t next = 17) {
  const std::string address = be(0x20010DB8, 4) + be(0, 8);
  return be(0x60000000, 4) + be(body.size(), 2) + be(next, 1) + be(64, 1) + address + be(1, 4) + address +
         be(2, 4) + body;
}
inline std::string ethernet(const std::string& body, std::uint16_t type = 0x0800,
                            const std::string& tags = "") {
  return std::string(12, '\x02') + tags + be(type, 2) + body;
}

struct PcapOptions {
  int link_type = 1;
  bool big = false;
  bool nanoseconds = false;
  std::uint64_t start_s = CaptureStart_s;
};
inline std::string number(std::uint64_t value, int bytes, bool big) {
  return big ? be(value, bytes) : le(value, bytes);
}

inline std::string pcap_header(PcapOptions options = {}) {
  const bool big = options.big;
  return number(options.nanoseconds ? 0xA1B23C4D : 0xA1B2C3D4, 4, big) + number(2, 2, big) +
         number(4, 2, big) + number(0, 8, big) + number(65535, 4, big) +
         number(static_cast<std::uint64_t>(options.link_type), 4, big);
}
// `ms` since the start. `kept`: the capture keeps only so many bytes.
inline std::string pcap_record(const std::string& frame, std::uint64_t ms, PcapOptions options = {},
                               std::size_t kept = 1 << 20) {
  const std::string stored = frame.substr(0, kept);
  const std::uint64_t fraction = ms % 1000 * (options.nanoseconds ? 1'000'000 : 1000);
  return number(options.start_s + ms / 1000, 4, options.big) + number(fraction, 4, options.big) +
         number(stored.size(), 4, options.big) + number(frame.size(), 4, options.big) + stored;
}
// Frames 20 ms apart.
inline std::string pcap(const std::vector<std::string>& frames, PcapOptions options = {}) {
  std::string bytes = pcap_header(options);
  std::uint64_t ms = 0;
  for (const std::string& frame : frames) bytes += pcap_record(frame, 20 * ms++, options);
  return bytes;
}

inline std::string block(std::uint32_t type, const std::string& body, bool big = false) {
  const std::string padded = body + std::string((4 - body.size() % 4) % 4, '\0');
  const std::string length = number(padded.size() + 12, 4, big);
  return number(type, 4, big) + length + padded + length;
}
inline std::string section(bool big = false) {
  return block(0x0A0D0D0A,
               number(0x1A2B3C4D, 4, big) + number(1, 2, big) + number(0, 2, big) + std::string(8, '\xFF'),
               big);
}
inline std::string option(std::uint16_t code, const std::string& value, bool big = false) {
  return number(code, 2, big) + number(value.size(), 2, big) + value +
         std::string((4 - value.size() % 4) % 4, '\0');
}
inline std::string interface(int link_type = 1, const std::string& options = "", bool big = false,
                             std::uint32_t snap = 262144) {
  return block(1,
               number(static_cast<std::uint64_t>(link_type), 2, big) + number(0, 2, big) +
                   number(snap, 4, big) + options + (options.empty() ? "" : number(0, 4, big)),
               big);
}
inline std::string enhanced(const std::string& frame, std::uint64_t ticks, std::uint32_t index = 0,
                            bool big = false) {
  return block(6,
               number(index, 4, big) + number(ticks >> 32, 4, big) + number(ticks & 0xFFFFFFFF, 4, big) +
                   number(frame.size(), 4, big) + number(frame.size(), 4, big) + frame,
               big);
}

inline std::vector<std::string> rtp_frames(int first, int last) {
  std::vector<std::string> frames;
  for (int n = first; n <= last; ++n)
    frames.push_back(ethernet(ipv4(udp(rtp_packet(static_cast<std::uint16_t>(n))))));
  return frames;
}

}  // namespace greffe::dump::test
