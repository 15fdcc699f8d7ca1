#include "rtp/fec_packet.h"

namespace greffe::rtp {
namespace {

// Takes `bits` of a mask, its first bit the highest of `mask`'s lowest `bits`.
void take_mask(FecPacket& fec, std::uint64_t mask, unsigned bits, unsigned first_offset) {
  for (unsigned i = 0; i < bits; ++i)
    if ((mask >> (bits - 1 - i) & 1) != 0)
      fec.offsets.at(fec.count++) = static_cast<std::uint16_t>(first_offset + i);
}

Result<FecPacket> checked(const FecPacket& fec, const ByteReader& reader, std::string_view name,
                          Bytes payload) {
  if (reader.failed()) return fail("{} packet of {} bytes: too short for its header", name, payload.size());
  if (fec.count == 0) return fail("{} packet that protects nothing", name);
  if (fec.sum.empty()) return fail("{} packet that ends with its header", name);
  return fec;
}

}  // namespace

//    0                   1                   2                   3
//    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//   |E|L|P|X|  CC   |M| PT recovery |            SN base            |
//   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//   |                          TS recovery                          |
//   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//   |        length recovery        |       protection length       |  level 0 from here on
//   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//   |             mask              | mask, 32 bits more if L is set |
//   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
Result<FecPacket> parse_ulpfec(Bytes payload) {
  ByteReader reader(payload);
  FecPacket fec;
  fec.first_octet = reader.u8();
  fec.second_octet = reader.u8();
  fec.base.value = reader.u16();
  fec.timestamp = reader.u32();
  fec.length = reader.u16();
  const std::size_t protection = reader.u16();
  take_mask(fec, reader.u16(), 16, 0);
  if ((fec.first_octet & 0x40) != 0) take_mask(fec, reader.u32(), 32, 16);
  if (!reader.failed() && (fec.first_octet & 0x80) != 0) return fail("ULPFEC packet of an extended kind");
  fec.sum = reader.take(protection);
  return checked(fec, reader, "ULPFEC", payload);
}

namespace {

//    0                   1                   2                   3
//    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//   |R|F|P|X|  CC   |M| PT recovery |         length recovery       |
//   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//   |                          TS recovery                          |
//   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//   |   SSRC count  |                    reserved                   |
//   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//   |                             SSRC                              |
//   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//   |            SN base            |k|        mask [0-14]          |
//   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//   |k|                  mask [15-45], if the k before is 0         |
//   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//   |k|        mask [46-108] (64 bits), if both before are 0        |
//   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
Result<FecPacket> parse_draft_flexfec(Bytes payload) {
  ByteReader reader(payload);
  FecPacket fec;
  fec.first_octet = reader.u8();
  fec.second_octet = reader.u8();
  fec.length = reader.u16();
  fec.timestamp = reader.u32();
  const std::uint8_t streams = reader.u8();
  reader.skip(3);
  fec.ssrc = Ssrc{reader.u32()};
  fec.base.value = reader.u16();
  const std::uint16_t first = reader.u16();
  take_mask(fec, first & 0x7fffu, 15, 0);
  if ((first & 0x8000) == 0) {
    const std::uint32_t second = reader.u32();
    take_mask(fec, second & 0x7fff'ffffu, 31, 15);
    if ((second & 0x8000'0000u) == 0) take_mask(fec, reader.u64() & INT64_MAX, 63, 46);
  }
  if (!reader.failed() && (fec.first_octet & 0xc0) != 0)
    return fail("FlexFEC packet without a flexible mask");
  if (!reader.failed() && streams != 1) return fail("FlexFEC packet that protects {} streams", streams);
  fec.sum = reader.rest();
  return checked(fec, reader, "FlexFEC", payload);
}

// R: the packet itself, but for its version (RFC 8627 §4.2.2.3).
Result<FecPacket> parse_flexfec_copy(Bytes payload) {
  ByteReader reader(payload);
  FecPacket fec;
  fec.first_octet = reader.u8() & 0x3Fu;
  fec.second_octet = reader.u8();
  fec.base.value = reader.u16();
  fec.timestamp = reader.u32();
  fec.ssrc = Ssrc{reader.u32()};
  fec.sum = reader.rest();
  fec.length = static_cast<std::uint16_t>(fec.sum.size());
  fec.count = 1;
  return checked(fec, reader, "FlexFEC", payload);
}

// F: L numbers in a row when D is 0 or 1, else D numbers that are L apart.
Status take_fixed(FecPacket& fec, ByteReader& reader) {
  const std::size_t columns = reader.u8();
  const std::size_t rows = reader.u8();
  const std::size_t count = rows > 1 ? rows : columns;
  const std::size_t step = rows > 1 ? columns : 1;
  if (columns == 0) return {};
  if ((count - 1) * step >= FecPacket::MostSpan)
    return fail("FlexFEC packet that protects {} columns of {} rows", columns, rows);
  for (std::size_t i = 0; i < count; ++i) fec.offsets.at(fec.count++) = static_cast<std::uint16_t>(i * step);
  return {};
}

//    0                   1                   2                   3
//    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//   |0|F|P|X|  CC   |M| PT recovery |         length recovery       |
//   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//   |                          TS recovery                          |
//   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//   |            SN base            |k|  mask [0-14], or L and D    |
//   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//   |k|                  mask [15-45], if the k before is 1         |  unlike the draft
//   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//   |          mask [46-109] (64 bits), if both before are 1        |
//   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
Result<FecPacket> parse_final_flexfec(Bytes payload, Ssrc stream) {
  if (!payload.empty() && (payload.front() & 0x80) != 0) return parse_flexfec_copy(payload);
  ByteReader reader(payload);
  FecPacket fec;
  fec.first_octet = reader.u8();
  fec.second_octet = reader.u8();
  fec.length = reader.u16();
  fec.timestamp = reader.u32();
  fec.ssrc = stream;
  fec.base.value = reader.u16();
  if ((fec.first_octet & 0x40) != 0) {
    GREFFE_CHECK(take_fixed(fec, reader));
  } else {
    const std::uint16_t first = reader.u16();
    take_mask(fec, first & 0x7fffu, 15, 0);
    const std::uint32_t second = (first & 0x8000) != 0 ? reader.u32() : 0;
    take_mask(fec, second & 0x7fff'ffffu, 31, 15);
    if ((second & 0x8000'0000u) != 0) take_mask(fec, reader.u64(), 64, 46);
  }
  fec.sum = reader.rest();
  return checked(fec, reader, "FlexFEC", payload);
}

}  // namespace

Result<FecPacket> parse_flexfec(const RtpPacket& packet) {
  if (packet.csrc_count == 0) return parse_draft_flexfec(packet.payload);
  if (packet.csrc_count > 1) return fail("FlexFEC packet that protects {} streams", packet.csrc_count);
  return parse_final_flexfec(packet.payload, packet.csrc);
}

}  // namespace greffe::rtp
