// Where a decoder of H.264 or H.265 may begin without a key frame (ITU-T H.264 §D.2.8, H.265 §D.3.8).
#pragma once

#include <cstdint>
#include <optional>

#include "base/byte_reader.h"

namespace greffe::media {

// As many frames later its pictures are whole.
struct RecoveryPoint {
  std::uint32_t frames = 0;  // below 65536
  bool exact = false;        // and then equal to those of a decoder that began earlier; else nearly
};

// The recovery point among the messages of a whole unit with its header, still escaped; nullopt when it is no
// SEI unit that stands ahead of a picture, or has none that can be read.
std::optional<RecoveryPoint> find_h264_recovery_point(Bytes unit);
// H.265 counts in picture order: a point that lies earlier than the picture itself is given as 0 frames.
std::optional<RecoveryPoint> find_h265_recovery_point(Bytes unit);

}  // namespace greffe::media
