// Which VP8 frames can be decoded after a loss: worked out from what is proved, never guessed.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "depacketizer/vp8_descriptor.h"

namespace greffe::depacketizer {

// Follows the frames of one track in sending order. A decoder that is given exactly the frames for which
// decodable() was true has the sender's references and probabilities at each of them.
//
// What is used as proof, and nothing else:
//  1. A key frame refers to nothing and renews everything (RFC 6386 §9.1, §9.7).
//  2. A lost frame changes nothing when its descriptor says N (RFC 7741 §4.2: "can be discarded without
//  affecting any
//     other future or past frames"), or when the part of it that came has the frame header and that refreshes
//     no buffer and keeps no probability, segmentation or filter change (Vp8FrameHeader::leaves_nothing).
//  3. Temporal layers (RFC 7741 §4.2): a frame depends on frames of its own and lower layers only, so the
//  loss of a
//     frame of layer t > 0 leaves the layers below t intact. TL0PICIDX counts the frames of layer 0: it shows
//     whether one is missing, whatever else is. A frame of layer t > 0 with Y depends on layer 0 alone, so it
//     mends layer t; one without Y needs every layer 1…t intact.
//  4. Consecutive picture ids on both sides of a hole: the packets lost held no frame (padding probes, R17).
//     So few packets must be lost that the ids cannot have gone round; the same holds for TL0PICIDX in 3.
//  5. KEYIDX other than that of the last key frame: the frame depends on a key frame that is not here.
//
// Without layers in the descriptors every frame counts as layer 0: which of the three buffers its macroblocks
// use is not in its header, so after a loss that 2 and 4 do not excuse, only a key frame resumes. A jump of
// picture ids without a hole in the packet numbers is no loss by itself: the sender or a forwarding server
// left frames out on purpose (R47), and TL0PICIDX tells if that hurt.
class Vp8References {
 public:
  // Nothing is known any more: a new sender or numbering. A key frame resumes.
  void reset();

  // So many packets are missing before the next frame told of; they may have held whole frames.
  void note_hole(std::uint32_t packets) { hole_ = packets; }

  // The next frame, of which at least one packet came. To be called for each, in order, whole or not; then
  // one of decodable() or lose().
  void see(const Vp8Descriptor& descriptor);

  // The frame seen last is whole: can it be decoded? If so it counts as given to the decoder, else as lost.
  bool take_if_decodable(const Vp8Descriptor& descriptor, bool key);

  // The frame seen last is not given to the decoder. `leaves_nothing`: its header proves it changes nothing.
  void lose(const Vp8Descriptor& descriptor, bool leaves_nothing);

  // No key frame was given since the start or the last reset.
  bool waits_for_first_key() const { return !any_key_; }
  // Frames of which nothing came may be missing before the frame seen last, and how many picture ids say
  // at least (else 0).
  bool frames_missing() const { return frames_missing_; }
  int missing_before() const { return missing_; }

 private:
  static constexpr std::size_t Layers = 4;
  void settle_hole(const Vp8Descriptor& descriptor);
  bool layers_intact(const Vp8Descriptor& descriptor) const;

  bool any_key_ = false;
  bool base_intact_ = false;
  std::array<bool, Layers> layer_intact_{};  // of layers 1…3
  std::optional<std::uint8_t> base_index_;   // TL0PICIDX of the last frame of layer 0 given
  std::optional<std::uint8_t> key_index_;
  std::optional<Vp8Descriptor> last_seen_;  // its payload is not kept
  std::uint32_t hole_ = 0;
  bool frames_missing_ = false;
  int missing_ = 0;
};

}  // namespace greffe::depacketizer
