// Which VP9 frames can be decoded after a loss: worked out from what is proved, never guessed.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "depacketizer/vp9_descriptor.h"
#include "media/vp9_frame_header.h"

namespace greffe::depacketizer {

// Follows the frames of one track in sending order and keeps, for each thing that lasts from frame to frame
// (eight slots of pictures, four contexts of probabilities, what goes on from the very frame before), whether
// a decoder that was given exactly the frames told by take() has what the sender's encoder had.
//
// What is used as proof:
//  1. A key frame refers to nothing and renews everything (VP9 specification §6.1.2, §7.2).
//  2. A frame says itself which slots it may read and which it replaces. A lost frame whose beginning came
//     spoils the slots it replaces and nothing else.
//  3. A lost frame of which nothing came may have replaced any slot. But no frame of a lower spatial layer
//     depends on it (RFC 9628 §3), so layers below keep their trust in all slots.
//  4. Frames that are intra or error resilient start from fresh probabilities; others go on from the frame
//     before them and from a context, so after any loss they wait for a fresh one.
//  5. In flexible mode the descriptor names the pictures that a frame is predicted from, and D the layer
//     below (RFC 9628 §4.2). Where these were given and lie in slots that the frame itself names, its other
//     slots are not read: encoders fill them in with slots of no meaning.
// The descriptor's claims can also take trust away: a frame of an upper layer whose named pictures were not
// given in that layer (a server left the layer out for a while, R46) is not decodable, whatever its slots.
class Vp9References {
 public:
  // Nothing is known any more: a new sender or numbering. A key frame resumes.
  void reset() { *this = Vp9References(); }

  // The frames told of next are of one picture, not that of the frames before.
  void begin_picture(const Vp9Descriptor& descriptor);

  // Picture ids from here on name other pictures than the same ones before.
  void forget_ids() { history_.fill({}); }

  // Frames are missing of which nothing is known but that they are of this spatial layer or higher ones.
  void lose_unknown(std::uint8_t from_layer);
  // This frame is not given to the decoder.
  void lose(const media::Vp9FrameHeader& header);

  bool is_decodable(const media::Vp9FrameHeader& header, const Vp9Descriptor& descriptor) const;
  // The frame is given to the decoder; it is decodable. `size` is that of its picture.
  void take(const media::Vp9FrameHeader& header, const Vp9Descriptor& descriptor, media::PictureSize size);

  // The size of the frame's picture: as written or that of the slot it names; 0 x 0 when that is empty.
  media::PictureSize size_of(const media::Vp9FrameHeader& header) const;
  // No key frame was given since the start or the last reset.
  bool waits_for_first_key() const { return !any_key_; }

 private:
  static constexpr std::uint8_t AllLayers = 8;
  // A picture kept by the decoder.
  struct Slot {
    std::uint8_t trusted_below = 0;  // spatial layers below this one may read it
    std::uint8_t layer = 0;          // of the frame in it
    std::uint64_t picture = 0;       // its serial; 0: not known, or replaced by a frame that is lost
    media::PictureSize size;
  };
  // Which layers of a picture were given.
  struct Given {
    std::uint16_t picture_id = 0;
    std::uint64_t picture = 0;  // serial, from 1; 0: none
    std::uint8_t layers = 0;    // a bit each
  };

  bool trusts(std::uint8_t slot, std::uint8_t layer) const { return layer < slots_[slot].trusted_below; }
  bool names(const media::Vp9FrameHeader& header, std::uint64_t picture, std::uint8_t layer) const;
  bool has_context(const media::Vp9FrameHeader& header) const;
  bool has_claimed(const Vp9Descriptor& descriptor) const;
  bool names_claimed(const media::Vp9FrameHeader& header, const Vp9Descriptor& descriptor) const;
  std::optional<std::uint64_t> find_given(const Vp9Descriptor& descriptor, std::uint8_t back) const;

  std::array<Slot, 8> slots_;
  std::array<bool, 4> contexts_{};
  bool goes_on_ = false;  // the frame before the next one was given
  bool any_key_ = false;
  std::uint64_t picture_ = 0;         // serial of the picture at hand
  std::uint8_t layers_ = 0;           // of it given so far
  std::uint8_t layers_before_ = 0;    // of the picture before
  std::array<Given, 128> history_{};  // by picture id modulo 128: as far as a P_DIFF reaches
};

}  // namespace greffe::depacketizer
