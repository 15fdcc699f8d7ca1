// Which AV1 frames can be decoded after a loss.
#pragma once

#include <array>
#include <cstdint>

#include "depacketizer/av1_dependencies.h"
#include "media/av1_frame_header.h"

namespace greffe::depacketizer {

// Follows the frames of one track in decoding order. All that one AV1 frame hands on to others lies in the
// eight slots it may replace (AV1 specification §7.20): pictures, motion, probabilities, filter and segment
// settings. So a frame is decodable when every slot that it names holds what the sender's had.
//
// Encoders name slots they do not read; to be on the safe side these count too. Frames that are lost whole
// may have replaced any slot. Only a dependency descriptor helps further: where all frames that it says a
// frame is predicted from were given, and lie in slots that the frame itself names, the frame is decodable.
// It can also take trust away: a frame of an upper spatial layer whose frames were not given is not
// decodable, whatever its slots (a server left the layer out for a while, R46).
class Av1References {
 public:
  void reset() { *this = Av1References(); }
  // Frames of which nothing is known are lost.
  void lose_unknown();
  // This frame is not given to the decoder.
  void lose(const media::Av1FrameHeader& header);
  // `said`: by the frame's descriptor, if it has one.
  bool is_decodable(const media::Av1FrameHeader& header,
                    const std::optional<Av1Dependencies>& said = {}) const;
  // The frame is given to the decoder; it is decodable.
  void take(const media::Av1FrameHeader& header, media::PictureSize size,
            const std::optional<Av1Dependencies>& said = {});
  // The size of the frame's picture: as in its header, or that of the slot it names.
  media::PictureSize size_of(const media::Av1FrameHeader& header) const;
  // No key frame was given since the start or the last reset.
  bool waits_for_first_key() const { return !any_key_; }

 private:
  struct Slot {
    bool intact = false;
    bool key = false;  // a key frame that was not shown when it came: showing it renews all slots (§7.21)
    media::PictureSize size;
    std::optional<std::uint16_t> number;  // frame_number of what was given; kept when no longer intact
  };
  bool names_all_said(const media::Av1FrameHeader& header, const Av1Dependencies& said) const;

  std::array<Slot, 8> slots_;
  bool any_key_ = false;
};

}  // namespace greffe::depacketizer
