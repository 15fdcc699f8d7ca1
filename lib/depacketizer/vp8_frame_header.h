// What a VP8 frame says about itself before its macroblocks (RFC 6386 §9, §19.2).
#pragma once

#include <cstdint>
#include <optional>

#include "base/byte_reader.h"
#include "base/result.h"
#include "media/coded_frame.h"

namespace greffe::depacketizer {

struct Vp8FrameHeader {
  bool key = false;
  bool shown = true;
  std::uint32_t first_partition_bytes = 0;
  media::PictureSize size;  // key frames: 14-bit values, without the scaling bits (R35)
  std::uint32_t token_partitions = 1;
  std::uint32_t header_bytes = 0;  // before the first partition: 10 in key frames, else 3

  // What the frame leaves behind for later ones. All false: no later frame can tell that it was missing. All
  // true when the bytes end before it is said.
  bool refreshes_last = true;
  bool refreshes_golden = true;     // or copies another buffer into it
  bool refreshes_alternate = true;  // or copies another buffer into it
  bool changes_context = true;  // probabilities, segment map, loop filter deltas or sign biases stay changed
  bool leaves_nothing() const {
    return !refreshes_last && !refreshes_golden && !refreshes_alternate && !changes_context;
  }
};

// `bytes` is the beginning of a frame; all of its first partition need not be there. Fails when it is no VP8
// frame: shorter than its header, or a key frame without its start code.
Result<Vp8FrameHeader> parse_vp8_frame_header(Bytes bytes);

// The least a frame with this header must hold: its first partition, the table of token partition sizes, and
// all token partitions but the last, whose size is not written (RFC 6386 §9.5). nullopt when `frame` ends
// before that: then it is not whole. That it does not is no proof that it is.
std::optional<std::size_t> least_size(const Vp8FrameHeader& header, Bytes frame);

}  // namespace greffe::depacketizer
