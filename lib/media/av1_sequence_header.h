// The AV1 sequence header: what all frames after it are read by.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "base/result.h"
#include "media/av1_obu.h"
#include "media/coded_frame.h"

namespace greffe::media {

// Of sequence_header_obu() (AV1 specification §5.5); named as there.
struct Av1SequenceHeader {
  // One of the ways to decode a stream with layers.
  struct OperatingPoint {
    std::uint16_t idc = 0;
    bool has_decoder_model = false;
  };
  std::uint8_t profile = 0;
  bool reduced_still = false;  // reduced_still_picture_header
  std::uint8_t level = 0;      // seq_level_idx of the first operating point
  std::uint8_t tier = 0;
  bool has_decoder_model = false;
  bool equal_interval = false;              // equal_picture_interval
  std::uint8_t removal_time_bits = 0;       // buffer_removal_time_length
  std::uint8_t presentation_time_bits = 0;  // frame_presentation_time_length
  std::uint8_t operating_points = 1;        // 1…32
  std::array<OperatingPoint, 32> points{};
  std::uint8_t width_bits = 0, height_bits = 0;  // of sizes in frame headers
  PictureSize largest;
  bool has_frame_ids = false;
  std::uint8_t frame_id_delta_bits = 0, frame_id_bits = 0;
  std::uint8_t force_screen_content = 2;  // 2: each frame says
  std::uint8_t force_integer_mv = 2;
  std::uint8_t order_hint_bits = 0;  // 0: no order hints
  bool has_superres = false;
  bool high_bit_depth = false, twelve_bit = false, monochrome = false;
  bool subsampling_x = true, subsampling_y = true;
  std::uint8_t chroma_position = 0;
};

// Fails when the payload of the OBU is cut or of an unknown profile.
Result<Av1SequenceHeader> parse_av1_sequence_header(Bytes payload);

// What Matroska keeps as CodecPrivate of V_AV1: the AV1CodecConfigurationRecord ("av1C", AV1 in ISOBMFF
// §2.3.3) with the sequence header in it. `obu` holds what `header` was read from.
std::vector<std::uint8_t> av1_codec_private(const Av1SequenceHeader& header, const Obu& obu);

}  // namespace greffe::media
