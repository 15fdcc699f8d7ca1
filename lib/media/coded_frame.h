// One access unit, still compressed: what a depacketizer gives and a track holds.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "media/codec_id.h"

namespace greffe::media {

struct PictureSize {
  int width_px = 0;
  int height_px = 0;
  constexpr std::int64_t area() const { return std::int64_t{width_px} * height_px; }
  bool operator==(const PictureSize&) const = default;
};

// Width and height of one pixel as it is shown; most are squares.
struct PixelAspect {
  int width = 1;
  int height = 1;
  bool operator==(const PixelAspect&) const = default;
};

// How to turn a decoded picture for display (3GPP TS 26.114 §7.4.5).
struct Orientation {
  std::uint16_t rotation_deg = 0;  // clockwise: 0, 90, 180, 270
  bool flip = false;               // mirrored left to right before the rotation
  bool operator==(const Orientation&) const = default;
};

struct CodedFrame {
  std::int64_t ticks = 0;                   // RTP time, unwrapped to 64 bits, of the track's segment
  std::int64_t duration_ticks = 0;          // audio: as coded; video: 0, the next frame ends it
  std::vector<std::uint8_t> bytes;          // whole, never empty
  bool key = true;                          // decoding can start here; always so for audio
  std::optional<PictureSize> size;          // of key frames
  std::optional<Orientation> orientation;   // when the packets said so; holds until the next that says
  std::optional<std::uint8_t> audio_level;  // RFC 6464: 0 loudest … 127 silence, in -dBov
};

}  // namespace greffe::media
