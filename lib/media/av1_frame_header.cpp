#include "media/av1_frame_header.h"

#include "base/bit_reader.h"

namespace greffe::media {
namespace {

constexpr std::size_t References = 7;
constexpr std::uint8_t AllSlots = 0xff;

// What is read once and needed further down.
struct Flags {
  bool size_override = false;
  bool short_references = false;
  std::array<std::uint8_t, References> references{};
};

std::uint8_t slot_bit(std::uint8_t slot) { return static_cast<std::uint8_t>(1u << slot); }

void read_kind(BitReader& reader, const Av1SequenceHeader& sequence, Av1FrameHeader& header) {
  header.type = static_cast<Av1FrameType>(reader.bits(2));
  header.shown = reader.flag();
  if (header.shown && sequence.has_decoder_model && !sequence.equal_interval)
    reader.skip(sequence.presentation_time_bits);
  if (!header.shown) reader.skip(1);  // showable_frame
  const bool always = header.type == Av1FrameType::Switch || header.starts();
  header.error_resilient = always || reader.flag();
}

void skip_tools(BitReader& reader, const Av1SequenceHeader& sequence) {
  reader.skip(1);  // disable_cdf_update
  const bool screen_content =
      sequence.force_screen_content == 2 ? reader.flag() : sequence.force_screen_content != 0;
  if (screen_content && sequence.force_integer_mv == 2) reader.skip(1);
  if (sequence.has_frame_ids) reader.skip(sequence.frame_id_bits);
}

void skip_removal_times(BitReader& reader, const Obu& obu, const Av1SequenceHeader& sequence) {
  if (!sequence.has_decoder_model || !reader.flag()) return;
  for (std::size_t at = 0; at < sequence.operating_points; ++at) {
    const auto& point = sequence.points[at];
    if (!point.has_decoder_model) continue;
    const bool in_temporal = (point.idc >> obu.temporal_layer & 1) != 0;
    const bool in_spatial = (point.idc >> (obu.spatial_layer + 8) & 1) != 0;
    if (point.idc == 0 || (in_temporal && in_spatial)) reader.skip(sequence.removal_time_bits);
  }
}

// frame_size() and superres_params(): the size of the picture when it is shown.
PictureSize read_size(BitReader& reader, const Av1SequenceHeader& sequence, const Flags& flags) {
  PictureSize size = sequence.largest;
  if (flags.size_override) {
    size.width_px = static_cast<int>(reader.bits(sequence.width_bits)) + 1;
    size.height_px = static_cast<int>(reader.bits(sequence.height_bits)) + 1;
  }
  return size;
}

void read_references(BitReader& reader, const Av1SequenceHeader& sequence, Flags& flags,
                     Av1FrameHeader& header) {
  flags.short_references = sequence.order_hint_bits > 0 && reader.flag();
  if (flags.short_references) reader.skip(6);  // the other five follow from order hints
  for (std::uint8_t& slot : flags.references) {
    if (!flags.short_references) slot = static_cast<std::uint8_t>(reader.bits(3));
    if (sequence.has_frame_ids) reader.skip(sequence.frame_id_delta_bits);
    header.named = static_cast<std::uint8_t>(header.named | slot_bit(slot));
  }
  if (flags.short_references) header.named = AllSlots;
}

void read_inter_size(BitReader& reader, const Av1SequenceHeader& sequence, const Flags& flags,
                     Av1FrameHeader& header) {
  if (flags.size_override && !header.error_resilient) {
    for (const std::uint8_t slot : flags.references) {
      if (!reader.flag()) continue;
      header.size_slot = slot;
      // Which slot a short list means is not known here: the size is left to the decoder's own limit.
      if (flags.short_references) header.size = sequence.largest;
      return;
    }
  }
  header.size = read_size(reader, sequence, flags);
}

}  // namespace

Result<Av1FrameHeader> parse_av1_frame_header(const Obu& obu, const Av1SequenceHeader& sequence) {
  BitReader reader(obu.payload);
  Av1FrameHeader header;
  if (sequence.reduced_still) {
    header.error_resilient = true;
  } else {
    if (reader.flag()) {
      header.existing = static_cast<std::uint8_t>(reader.bits(3));
      if (reader.failed()) return fail("ends in its header");
      return header;
    }
    read_kind(reader, sequence, header);
  }
  skip_tools(reader, sequence);
  Flags flags;
  flags.size_override = header.type == Av1FrameType::Switch || (!sequence.reduced_still && reader.flag());
  reader.skip(sequence.order_hint_bits);
  if (!header.intra() && !header.error_resilient) reader.skip(3);  // primary_ref_frame
  skip_removal_times(reader, obu, sequence);
  const bool refreshes_all = header.type == Av1FrameType::Switch || header.starts();
  header.refreshed = refreshes_all ? AllSlots : static_cast<std::uint8_t>(reader.bits(8));
  const bool has_hints = header.error_resilient && sequence.order_hint_bits > 0;
  if ((!header.intra() || header.refreshed != AllSlots) && has_hints)
    reader.skip(std::size_t{8} * sequence.order_hint_bits);
  if (header.intra()) {
    header.size = read_size(reader, sequence, flags);
  } else {
    read_references(reader, sequence, flags, header);
    read_inter_size(reader, sequence, flags, header);
  }
  if (reader.failed()) return fail("ends in its header");
  return header;
}

}  // namespace greffe::media
