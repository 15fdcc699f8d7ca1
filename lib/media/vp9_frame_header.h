// The beginning of a VP9 frame: what it refers to and what it leaves behind for later frames.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "base/byte_reader.h"
#include "base/result.h"
#include "media/coded_frame.h"

namespace greffe::media {

// Of the uncompressed header (VP9 bitstream specification §6.2), up to the frame context; named as there.
struct Vp9FrameHeader {
  std::uint8_t profile = 0;
  std::optional<std::uint8_t> existing;  // show_existing_frame: only this slot is shown, nothing else follows
  bool key = false;
  bool shown = true;
  bool error_resilient = false;
  bool intra_only = false;
  std::uint8_t reset_context = 0;            // reset_frame_context, 0…3
  std::uint8_t refreshed = 0;                // refresh_frame_flags: one bit per slot it is kept in
  std::array<std::uint8_t, 3> references{};  // ref_frame_idx: slots; of frames that are not intra
  std::optional<PictureSize> size;           // as written; else
  std::uint8_t size_reference = 0;           // … that of references[size_reference]
  bool keeps_context = false;                // refresh_frame_context
  std::uint8_t context = 0;                  // frame_context_idx as written

  bool intra() const { return key || intra_only; }
};

// Fails when the bytes are no VP9 frame or too few to tell. It needs no more than the first 24 bytes.
Result<Vp9FrameHeader> parse_vp9_frame_header(Bytes frame);

}  // namespace greffe::media
