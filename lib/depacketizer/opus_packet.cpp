#include "depacketizer/opus_packet.h"

namespace greffe::depacketizer {
namespace {

constexpr std::int64_t MaxTicks = 5760;
constexpr std::size_t MaxFrameBytes = 1275;

// RFC 6716 §3.1, table 2: 12 SILK, 4 hybrid, 16 CELT configurations.
std::int64_t frame_ticks(int config) {
  constexpr std::int64_t Silk[] = {480, 960, 1920, 2880};
  constexpr std::int64_t Hybrid[] = {480, 960};
  constexpr std::int64_t Celt[] = {120, 240, 480, 960};
  if (config < 12) return Silk[config % 4];
  if (config < 16) return Hybrid[config % 2];
  return Celt[config % 4];
}

// RFC 6716 §3.2.1: one octet below 252, else two.
std::size_t frame_length(ByteReader& reader) {
  const std::size_t first = reader.u8();
  return first < 252 ? first : first + std::size_t{4} * reader.u8();
}

// RFC 6716 §3.2.5: each 255 stands for 254 bytes and another octet.
std::size_t padding_length(ByteReader& reader) {
  std::size_t length = 0;
  for (;;) {
    const std::uint8_t octet = reader.u8();
    if (octet < 255) return length + octet;
    length += 254;
  }
}

Status check_vbr(ByteReader& reader, int frames, std::size_t padding) {
  std::size_t told = 0;
  for (int frame = 0; frame + 1 < frames; ++frame) {
    const std::size_t length = frame_length(reader);
    if (length > MaxFrameBytes) return fail("Opus frame of {} bytes, above 1275", length);
    told += length;
  }
  if (reader.failed() || told + padding > reader.remaining())
    return fail("Opus frames longer than their packet");
  if (reader.remaining() - told - padding > MaxFrameBytes) return fail("Opus frame above 1275 bytes");
  return {};
}

//    code 3:  |v|p|     M     |  v: lengths differ, p: padding, M: number of frames
Result<int> read_code_3(ByteReader& reader, std::int64_t ticks) {
  const std::uint8_t octet = reader.u8();
  if (reader.failed()) return fail("Opus packet of code 3 without a frame count");
  const int frames = octet & 0x3f;
  if (frames == 0) return fail("Opus packet of code 3 with 0 frames");
  if (frames * ticks > MaxTicks)
    return fail("Opus packet of {} frames of {} ticks, above 120 ms", frames, ticks);
  const std::size_t padding = (octet & 0x40) != 0 ? padding_length(reader) : 0;
  if (reader.failed() || padding > reader.remaining()) return fail("Opus padding longer than its packet");
  if ((octet & 0x80) != 0) {
    GREFFE_CHECK(check_vbr(reader, frames, padding));
    return frames;
  }
  const std::size_t bytes = reader.remaining() - padding;
  if (bytes % static_cast<std::size_t>(frames) != 0)
    return fail("{} bytes for {} Opus frames of one size", bytes, frames);
  if (bytes / static_cast<std::size_t>(frames) > MaxFrameBytes) return fail("Opus frame above 1275 bytes");
  return frames;
}

Result<int> read_frame_count(ByteReader& reader, int code, std::int64_t ticks) {
  const std::size_t bytes = reader.remaining();
  switch (code) {
    case 0:
      if (bytes > MaxFrameBytes) return fail("Opus frame of {} bytes, above 1275", bytes);
      return 1;
    case 1:
      if (bytes % 2 != 0) return fail("Opus packet of code 1 with {} bytes for two equal frames", bytes);
      if (bytes / 2 > MaxFrameBytes) return fail("Opus frame of {} bytes, above 1275", bytes / 2);
      return 2;
    case 2: GREFFE_CHECK(check_vbr(reader, 2, 0)); return 2;
    default: return read_code_3(reader, ticks);
  }
}

// One stream's packet off the front. Each frame has a length here, the last one too; frames of one size share
// one (appendix B).
Result<OpusPacket> take_delimited(ByteReader& reader) {
  const std::uint8_t toc = reader.u8();
  OpusPacket packet{.frames = (toc & 3) == 0 ? 1 : 2, .channels = (toc & 4) != 0 ? 2 : 1};
  std::size_t bytes = 0;
  bool one_size = (toc & 3) == 1;
  if ((toc & 3) == 3) {
    const std::uint8_t octet = reader.u8();
    packet.frames = octet & 0x3f;
    one_size = (octet & 0x80) == 0;
    if (packet.frames == 0) return fail("Opus packet of code 3 with 0 frames");
    if ((octet & 0x40) != 0) bytes = padding_length(reader);
  }
  packet.duration_ticks = packet.frames * frame_ticks(toc >> 3);
  if (packet.duration_ticks > MaxTicks)
    return fail("Opus packet of {} ticks, above 120 ms", packet.duration_ticks);
  if (one_size)
    bytes += static_cast<std::size_t>(packet.frames) * frame_length(reader);
  else
    for (int frame = 0; frame < packet.frames; ++frame) bytes += frame_length(reader);
  reader.skip(bytes);
  if (reader.failed()) return fail("Opus stream longer than its packet");
  return packet;
}

}  // namespace

Result<OpusPacket> parse_opus_streams(Bytes packet, int streams) {
  ByteReader reader(packet);
  std::optional<OpusPacket> first;
  for (int stream = 0; stream + 1 < streams; ++stream) {
    GREFFE_TRY(const OpusPacket parsed, take_delimited(reader));
    if (!first) first = parsed;
    if (parsed.duration_ticks != first->duration_ticks)
      return fail("Opus streams of {} and {} ticks in one packet", first->duration_ticks,
                  parsed.duration_ticks);
  }
  GREFFE_TRY(const OpusPacket last, parse_opus_packet(reader.rest()));
  if (first && last.duration_ticks != first->duration_ticks)
    return fail("Opus streams of {} and {} ticks in one packet", first->duration_ticks, last.duration_ticks);
  return first.value_or(last);
}

//    TOC:  | config 5 bits | s: stereo | c: code 2 bits |
Result<OpusPacket> parse_opus_packet(Bytes packet) {
  ByteReader reader(packet);
  const std::uint8_t toc = reader.u8();
  if (reader.failed()) return fail("Opus packet without a byte");
  const std::int64_t ticks = frame_ticks(toc >> 3);
  GREFFE_TRY(const int frames, read_frame_count(reader, toc & 3, ticks));
  return OpusPacket{.frames = frames, .duration_ticks = frames * ticks, .channels = (toc & 4) != 0 ? 2 : 1};
}

}  // namespace greffe::depacketizer
