// Dumps written byte by byte for the tests of this room.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "dump/open_dump.h"
#include "support/samples.h"

namespace greffe::dump::test {

inline std::string be(std::uint64_t value, int bytes) {
  std::string text;
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
    text += shift < 64 ? static_cast<char>(value >> shift & 0xFF) : '\0';
  return text;
}
inline std::string le(std::uint64_t value, int bytes) {
  const std::string text = be(value, bytes);
  return {text.rbegin(), text.rend()};
}

// An RTP packet with `payload_bytes` bytes, each the low byte of the sequence number.
inline std::string rtp_packet(std::uint16_t sequence, std::uint32_t ssrc = 0x11223344,
                              std::size_t payload_bytes = 20, std::uint8_t payload_type = 111) {
  return std::string("\x80", 1) + be(payload_type, 1) + be(sequence, 2) + be(sequence * 960u, 4) +
         be(ssrc, 4) + std::string(payload_bytes, static_cast<char>(sequence));
}
// An RTCP compound: one empty receiver report.
inline std::string rtcp_packet(std::uint32_t ssrc = 0x11223344) { return be(0x80C90001, 4) + be(ssrc, 4); }

struct ReadRecord {
  RecordKind kind;
  std::int64_t arrival_ns;
  std::string bytes;
  bool cut;
  bool restarts;
  Flow flow;
  std::uint64_t position;

  std::uint16_t sequence() const {
    return ByteReader(Bytes(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()).subspan(2))
        .u16();
  }
};

struct ReadDump {
  std::string error;  // of opening or reading; empty when all went well
  Header header;
  std::vector<ReadRecord> records;
  DamageLog damage;

  std::vector<int> sequences() const {
    std::vector<int> numbers;
    for (const ReadRecord& record : records)
      if (record.kind == RecordKind::Rtp) numbers.push_back(record.sequence());
    return numbers;
  }
};

inline ReadDump read_dump_file(const Path& path, const Selection& selection = {}) {
  ReadDump read;
  auto source = open_dump(path, "t", read.damage, selection);
  if (!source) {
    read.error = source.error().message();
    return read;
  }
  read.header = (*source)->header();
  while (true) {
    auto record = (*source)->next();
    if (!record) {
      read.error = record.error().message();
      return read;
    }
    if (!*record) return read;
    const Record& r = **record;
    read.records.push_back({.kind = r.kind,
                            .arrival_ns = r.arrival.time_since_epoch().count(),
                            .bytes = std::string(r.bytes.begin(), r.bytes.end()),
                            .cut = r.cut,
                            .restarts = r.restarts,
                            .flow = (*source)->flow(r.flow),
                            .position = r.position});
  }
}

inline ReadDump read_dump(const std::string& bytes, const Selection& selection = {}) {
  const greffe::test::TemporaryFolder folder;
  const Path path = folder.path() / "dump";
  greffe::test::write_file(path, bytes);
  return read_dump_file(path, selection);
}

inline std::vector<int> numbers(int first, int last) {
  std::vector<int> all;
  for (int number = first; number <= last; ++number) all.push_back(number);
  return all;
}

inline const Damage* find_damage(const DamageLog& log, std::string_view condition) {
  for (const Damage& damage : log.entries())
    if (damage.condition == condition) return &damage;
  return nullptr;
}

}  // namespace greffe::dump::test
