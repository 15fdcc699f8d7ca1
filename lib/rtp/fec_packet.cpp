#include "rtp/fec_packet.h"

namespace greffe::rtp {
namespace {

// Takes `bits` of a mask, its first bit the highest of `mask`'s lowest `bits`.
void take_mask(FecPacket& fec, std::uint64_t mask, unsigned bits, unsigned first_offset) {
  for (unsigned i = 0; i < bits; ++i)
    if ((mask >> (bits - 1 - i) & 1) != 0)
      fec.offsets.at(fec.count++) = static_cast<std::uint8_t>(first_offset + i);
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
Result<FecPacket> parse_flexfec(Bytes payload) {
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

}  // namespace greffe::rtp
