// Which AV1 frames can be decoded after a loss.
#pragma once

#include <array>
#include <cstdint>

#include "media/av1_frame_header.h"

namespace greffe::depacketizer {

// Follows the frames of one track in decoding order. All that one AV1 frame hands on to others lies in the
// eight slots it may replace (AV1 specification §7.20): pictures, motion, probabilities, filter and segment
// settings. So a frame is decodable when every slot that it names holds what the sender's had.
//
// Encoders name slots they do not read; to be on the safe side these count too. Frames that are lost whole
// may have replaced any slot.
class Av1References {
 public:
  void reset() { *this = Av1References(); }
  // Frames of which nothing is known are lost.
  void lose_unknown();
  // This frame is not given to the decoder.
  void lose(const media::Av1FrameHeader& header);
  bool is_decodable(const media::Av1FrameHeader& header) const;
  // The frame is given to the decoder; it is decodable.
  void take(const media::Av1FrameHeader& header, media::PictureSize size);
  // The size of the frame's picture: as in its header, or that of the slot it names.
  media::PictureSize size_of(const media::Av1FrameHeader& header) const;
  // No key frame was given since the start or the last reset.
  bool waits_for_first_key() const { return !any_key_; }

 private:
  struct Slot {
    bool intact = false;
    bool key = false;  // a key frame that was not shown when it came: showing it renews all slots (§7.21)
    media::PictureSize size;
  };
  std::array<Slot, 8> slots_;
  bool any_key_ = false;
};

}  // namespace greffe::depacketizer
