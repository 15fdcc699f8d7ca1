#include "rtp/packet.h"

namespace greffe::rtp {
namespace {

constexpr std::uint8_t Version = 2;

// RFC 3550 §5.3.1: 16 bits of profile, 16 bits of length in 32-bit words, then the words.
// A block that says it is longer than the packet leaves no byte that is surely payload: the packet stays,
// empty.
void take_extension(ByteReader& reader, ParsedPacket& parsed) {
  RtpPacket& packet = parsed.packet;
  packet.extension_profile = reader.u16();
  const std::size_t length = std::size_t{reader.u16()} * 4;
  if (reader.failed() || length > reader.remaining()) {
    packet.extension_profile = 0;
    parsed.extension_overrun = true;
    return;
  }
  packet.extension = reader.take(length);
}

// The last octet of a padded packet counts the padding, itself included.
void strip_padding(ParsedPacket& parsed) {
  RtpPacket& packet = parsed.packet;
  const std::size_t count = packet.payload.empty() ? 0 : packet.payload.back();
  if (count == 0 || count > packet.payload.size()) {
    parsed.padding_wrong = true;
    return;
  }
  packet.padding_bytes = static_cast<std::uint16_t>(count);
  packet.payload = packet.payload.first(packet.payload.size() - count);
}

}  // namespace

//    0                   1                   2                   3
//    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//   |V=2|P|X|  CC   |M|     PT      |       sequence number         |
//   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//   |                           timestamp                           |
//   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//   |                             SSRC                              |
//   +=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+
//   |                         CSRC × CC, then the extension if X    |
//   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
Status parse_packet(Bytes bytes, ParsedPacket& parsed) {
  ByteReader reader(bytes);
  const std::uint8_t first = reader.u8();
  const std::uint8_t second = reader.u8();
  parsed = {};
  RtpPacket& packet = parsed.packet;
  packet.sequence.value = reader.u16();
  packet.timestamp.value = reader.u32();
  packet.ssrc.value = reader.u32();
  if (reader.failed()) return fail("RTP packet of {} bytes: a header has 12", bytes.size());
  if (first >> 6 != Version) return fail("RTP packet of version {}, not 2", first >> 6);
  packet.marker = (second & 0x80) != 0;
  packet.payload_type.value = second & 0x7f;
  packet.csrc_count = first & 0x0f;
  if (packet.csrc_count > 0) {
    packet.csrc.value = reader.u32();
    reader.skip(std::size_t{4} * (packet.csrc_count - 1u));
  }
  if (reader.failed()) {
    return fail("RTP packet of {} bytes: too short for the {} CSRCs it counts", bytes.size(),
                packet.csrc_count);
  }
  if ((first & 0x10) != 0) take_extension(reader, parsed);
  if (parsed.extension_overrun) return {};
  parsed.header = bytes.first(reader.position());
  packet.payload = reader.rest();
  if ((first & 0x20) != 0) strip_padding(parsed);
  return {};
}

Result<ParsedPacket> parse_packet(Bytes bytes) {
  ParsedPacket parsed;
  GREFFE_CHECK(parse_packet(bytes, parsed));
  return parsed;
}

}  // namespace greffe::rtp
