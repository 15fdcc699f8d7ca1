#include "depacketizer/vp8_frame_header.h"

#include "depacketizer/bool_decoder.h"

namespace greffe::depacketizer {
namespace {

// RFC 6386 §9.3, §19.2 update_segmentation(). True when something of it outlives the frame.
bool read_segmentation(BoolDecoder& decoder) {
  const bool enabled = decoder.flag();
  if (!enabled) return false;
  const bool updates_map = decoder.flag();
  const bool updates_values = decoder.flag();
  if (updates_values) {
    decoder.flag();                                                                 // absolute or delta
    for (int segment = 0; segment < 4; ++segment) decoder.skip_optional_signed(7);  // quantizer
    for (int segment = 0; segment < 4; ++segment) decoder.skip_optional_signed(6);  // loop filter
  }
  if (updates_map)
    for (int tree = 0; tree < 3; ++tree)
      if (decoder.flag()) decoder.literal(8);
  return updates_map || updates_values;
}

// RFC 6386 §9.6, §19.2 mb_lf_adjustments(). True when deltas change.
bool read_loop_filter(BoolDecoder& decoder) {
  decoder.literal(1 + 6 + 3);  // type, level, sharpness
  const bool enabled = decoder.flag();
  if (!enabled || !decoder.flag()) return false;
  for (int delta = 0; delta < 8; ++delta) decoder.skip_optional_signed(6);
  return true;
}

// RFC 6386 §9.6: the base index and five optional differences; valid for this frame only.
void skip_quantizers(BoolDecoder& decoder) {
  decoder.literal(7);
  for (int difference = 0; difference < 5; ++difference) decoder.skip_optional_signed(4);
}

// RFC 6386 §9.7, §9.11, in the order of §19.2. Key frames refresh everything and say none of this.
void read_refreshes(BoolDecoder& decoder, bool changed, Vp8FrameHeader& header) {
  const bool golden = decoder.flag();
  const bool alternate = decoder.flag();
  const bool golden_copied = !golden && decoder.literal(2) != 0;
  const bool alternate_copied = !alternate && decoder.literal(2) != 0;
  decoder.literal(2);  // sign biases of golden and alternate: of this frame, every one says its own
  const bool keeps_probabilities = decoder.flag();
  header.refreshes_last = decoder.flag();
  header.refreshes_golden = golden || golden_copied;
  header.refreshes_alternate = alternate || alternate_copied;
  header.changes_context = changed || keeps_probabilities;
}

// RFC 6386 §9.1, after the 3-byte frame tag: start code 9d 01 2a, then width and height, little-endian, with
// 2 bits of scaling above 14 bits of size.
bool read_key_frame_start(ByteReader& reader, Vp8FrameHeader& header) {
  const std::uint32_t start_code = reader.u24();
  header.size.width_px = reader.u16_le() & 0x3fff;
  header.size.height_px = reader.u16_le() & 0x3fff;
  return !reader.failed() && start_code == 0x9d012a;
}

}  // namespace

//    Frame tag, little-endian: | key 1 bit, 0 = key | version 3 | show 1 | first partition size 19 |
Result<Vp8FrameHeader> parse_vp8_frame_header(Bytes bytes) {
  ByteReader reader(bytes);
  const std::uint32_t tag = std::uint32_t{reader.u8()} | std::uint32_t{reader.u16_le()} << 8;
  if (reader.failed()) return fail("a VP8 frame of {} byte(s) has no frame tag", bytes.size());
  Vp8FrameHeader header{
      .key = (tag & 1) == 0, .shown = (tag >> 4 & 1) != 0, .first_partition_bytes = tag >> 5};
  if (header.key && !read_key_frame_start(reader, header))
    return fail("a VP8 key frame without its start code");
  header.header_bytes = static_cast<std::uint32_t>(reader.position());
  BoolDecoder decoder(reader.rest());
  if (header.key) decoder.literal(2);  // colour space, clamping
  const bool segmentation_changes = read_segmentation(decoder);
  const bool filter_changes = read_loop_filter(decoder);
  header.token_partitions = 1u << decoder.literal(2);
  skip_quantizers(decoder);
  if (header.key) return header;
  const Vp8FrameHeader unread = header;
  read_refreshes(decoder, segmentation_changes || filter_changes, header);
  return decoder.ran_out() ? unread : header;
}

std::optional<std::size_t> least_size(const Vp8FrameHeader& header, Bytes frame) {
  const std::size_t table = std::size_t{header.header_bytes} + header.first_partition_bytes;
  ByteReader reader(frame);
  reader.skip(table);
  const Bytes sizes = reader.take(std::size_t{3} * (header.token_partitions - 1));
  std::size_t size = reader.position();
  for (std::size_t at = 0; at < sizes.size(); at += 3)
    size += std::size_t{sizes[at]} | std::size_t{sizes[at + 1]} << 8 | std::size_t{sizes[at + 2]} << 16;
  if (reader.failed() || size > frame.size()) return std::nullopt;
  return size;
}

}  // namespace greffe::depacketizer
