// The beginning of an AV1 frame: what it refers to and what it leaves behind for later frames.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "base/result.h"
#include "media/av1_sequence_header.h"

namespace greffe::media {

enum class Av1FrameType : std::uint8_t { Key = 0, Inter = 1, IntraOnly = 2, Switch = 3 };

// Of uncompressed_header() (AV1 specification §5.9.2), up to the frame's size; named as there.
struct Av1FrameHeader {
  std::optional<std::uint8_t> existing;  // show_existing_frame: this slot is shown, nothing else follows
  Av1FrameType type = Av1FrameType::Key;
  bool shown = true;
  bool error_resilient = false;
  std::uint8_t refreshed = 0;       // refresh_frame_flags: one bit per slot it is kept in
  std::uint8_t named = 0;           // slots it may refer to, a bit each; all when only some are written out
  std::optional<PictureSize> size;  // as written or by the sequence header; else
  std::uint8_t size_slot = 0;       // … that of this slot

  bool intra() const { return type == Av1FrameType::Key || type == Av1FrameType::IntraOnly; }
  // Decoding can start here.
  bool starts() const { return !existing && type == Av1FrameType::Key && shown; }
};

// From the payload of an OBU of type Frame or FrameHeader. Fails when it is cut.
Result<Av1FrameHeader> parse_av1_frame_header(const Obu& obu, const Av1SequenceHeader& sequence);

}  // namespace greffe::media
