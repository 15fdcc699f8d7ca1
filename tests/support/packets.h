// RTP packets for tests: made by hand or read from a sample.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "rtp/packet_source.h"
#include "rtp/received_packet.h"
#include "support/samples.h"

namespace greffe::test {

using Octets = std::vector<std::uint8_t>;

struct TestPacket {
  std::uint16_t sequence = 0;
  std::uint32_t timestamp = 0;
  Octets payload = {1, 2, 3};
  std::int64_t arrival_ms = 0;
  bool marker = false;
  std::uint32_t ssrc = 0x1234;
  std::uint8_t payload_type = 96;
  std::uint8_t padding = 0;  // octets of it
  bool cut = false;
  Octets extension = {};  // a one-byte block; filled up to 32 bits
  std::uint32_t csrc = 0;
  std::uint32_t recording = 0;
};

// The packet as it is on the wire.
inline Octets wire_bytes(const TestPacket& packet) {
  const auto put = [](Octets& bytes, std::uint32_t value, int count) {
    for (int shift = 8 * (count - 1); shift >= 0; shift -= 8)
      bytes.push_back(static_cast<std::uint8_t>(value >> shift));
  };
  Octets bytes;
  const unsigned flags = (packet.csrc != 0 ? 0x81u : 0x80u) | (packet.padding != 0 ? 0x20u : 0u) |
                         (packet.extension.empty() ? 0u : 0x10u);
  put(bytes, flags, 1);
  put(bytes, (packet.marker ? 0x80u : 0u) | packet.payload_type, 1);
  put(bytes, packet.sequence, 2);
  put(bytes, packet.timestamp, 4);
  put(bytes, packet.ssrc, 4);
  if (packet.csrc != 0) put(bytes, packet.csrc, 4);
  if (!packet.extension.empty()) {
    Octets block = packet.extension;
    block.resize((block.size() + 3) / 4 * 4);
    put(bytes, 0xBEDE, 2);
    put(bytes, static_cast<std::uint32_t>(block.size() / 4), 2);
    bytes.insert(bytes.end(), block.begin(), block.end());
  }
  bytes.insert(bytes.end(), packet.payload.begin(), packet.payload.end());
  if (packet.padding != 0) {
    bytes.insert(bytes.end(), packet.padding - 1u, 0);
    bytes.push_back(packet.padding);
  }
  return bytes;
}

// Gives packets in the order they stand in.
class ListedPackets final : public rtp::ReceivedPacketSource {
 public:
  struct Entry {
    Octets bytes;
    ArrivalTime arrival{};
    bool cut = false;
    std::uint32_t recording = 0;
  };
  ListedPackets() = default;
  explicit ListedPackets(const std::vector<TestPacket>& packets) {
    for (const TestPacket& packet : packets) add(packet);
  }
  void add(const TestPacket& packet) {
    entries_.push_back({wire_bytes(packet), ArrivalTime(std::chrono::milliseconds(packet.arrival_ms)),
                        packet.cut, packet.recording});
  }
  void add(Entry entry) { entries_.push_back(std::move(entry)); }
  std::vector<Entry>& entries() { return entries_; }

  Result<rtp::ReceivedPacket*> next() override {
    if (at_ == entries_.size()) return nullptr;
    const Entry& entry = entries_[at_];
    given_ = {.parsed = {},
              .arrival = entry.arrival,
              .cut = entry.cut,
              .position = at_++,
              .recording = entry.recording};
    GREFFE_CHECK(rtp::parse_packet(entry.bytes, given_.parsed));
    return &given_;
  }

 private:
  std::vector<Entry> entries_;
  std::size_t at_ = 0;
  rtp::ReceivedPacket given_;
};

// All packets of a Janus .mjr of version 2 that is whole.
inline ListedPackets mjr_packets(const std::filesystem::path& path) {
  const std::string text = file_text(path);
  const Octets bytes(text.begin(), text.end());
  ByteReader reader(bytes);
  reader.skip(8);
  reader.skip(reader.u16());
  ListedPackets packets;
  while (reader.remaining() > 0) {
    reader.skip(4);
    const std::chrono::milliseconds arrival(reader.u32());
    const Bytes packet = reader.take(reader.u16());
    packets.add(ListedPackets::Entry{Octets(packet.begin(), packet.end()), ArrivalTime(arrival)});
  }
  return packets;
}

}  // namespace greffe::test
