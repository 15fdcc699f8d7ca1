#include "rtp/rtcp.h"

namespace greffe::rtp {
namespace {

enum BlockType : std::uint8_t { SenderReportType = 200, SourceDescriptionType = 202, GoodbyeType = 203 };

struct Block {
  std::uint8_t count = 0;  // RC or SC: the five low bits of the first octet
  std::uint8_t type = 0;
  Bytes body;  // after the 4-byte header, without padding
};

// Header of every block (RFC 3550 §6.4.1): V P RC | PT | length in 32-bit words minus one.
// nullopt: what is left is no block that ends inside the record.
std::optional<Block> take_block(ByteReader& reader) {
  const std::uint8_t first = reader.u8();
  Block block{.count = static_cast<std::uint8_t>(first & 0x1f), .type = reader.u8()};
  const std::size_t length = std::size_t{reader.u16()} * 4;
  block.body = reader.take(length);
  if (reader.failed() || first >> 6 != 2) return std::nullopt;
  if ((first & 0x20) != 0 && !block.body.empty() && block.body.back() <= block.body.size()) {
    block.body = block.body.first(block.body.size() - block.body.back());
  }
  return block;
}

bool read_sender_report(const Block& block, RtcpCompound& compound) {
  ByteReader reader(block.body);
  SenderReport report;
  report.ssrc.value = reader.u32();
  report.ntp.seconds = reader.u32();
  report.ntp.fraction = reader.u32();
  report.timestamp.value = reader.u32();
  report.packet_count = reader.u32();
  report.octet_count = reader.u32();
  if (reader.failed()) return false;
  compound.sender_reports.push_back(report);
  return true;
}

// One chunk (RFC 3550 §6.5): SSRC, items of type, length and text, ended by a zero octet, filled up to 32
// bits.
bool read_chunk(ByteReader& reader, RtcpCompound& compound) {
  constexpr std::uint8_t End = 0;
  constexpr std::uint8_t Cname = 1;
  const Ssrc ssrc{reader.u32()};
  for (;;) {
    const std::uint8_t item = reader.u8();
    if (reader.failed()) return false;
    if (item == End) break;
    const Bytes text = reader.take(reader.u8());
    if (reader.failed()) return false;
    if (item == Cname)
      compound.names.push_back({.ssrc = ssrc, .cname = std::string(text.begin(), text.end())});
  }
  reader.skip((4 - reader.position() % 4) % 4);
  return !reader.failed();
}

bool read_source_description(const Block& block, RtcpCompound& compound) {
  ByteReader reader(block.body);
  for (int chunk = 0; chunk < block.count; ++chunk)
    if (!read_chunk(reader, compound)) return false;
  return true;
}

bool read_goodbye(const Block& block, RtcpCompound& compound) {
  ByteReader reader(block.body);
  for (int source = 0; source < block.count; ++source) {
    const Ssrc ssrc{reader.u32()};
    if (reader.failed()) return false;
    compound.goodbyes.push_back(ssrc);
  }
  return true;
}

bool read_block(const Block& block, RtcpCompound& compound) {
  switch (block.type) {
    case SenderReportType: return read_sender_report(block, compound);
    case SourceDescriptionType: return read_source_description(block, compound);
    case GoodbyeType: return read_goodbye(block, compound);
    default: return true;
  }
}

}  // namespace

bool is_rtcp(Bytes bytes) {
  return bytes.size() >= 2 && bytes[0] >> 6 == 2 && bytes[1] >= 192 && bytes[1] <= 223;
}

Result<RtcpCompound> parse_compound(Bytes bytes) {
  if (!is_rtcp(bytes)) return fail("{} bytes that are no RTCP packet", bytes.size());
  RtcpCompound compound;
  ByteReader reader(bytes);
  while (reader.remaining() > 0) {
    const auto block = take_block(reader);
    if (!block) {
      ++compound.bad_blocks;
      break;
    }
    if (!read_block(*block, compound)) ++compound.bad_blocks;
  }
  return compound;
}

}  // namespace greffe::rtp
