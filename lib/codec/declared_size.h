// The size of a picture as coded bytes declare it, read before any decoder makes room for it (R33).
#pragma once

#include <cstdint>
#include <optional>

#include "base/byte_reader.h"
#include "base/result.h"
#include "media/codec_id.h"
#include "media/coded_frame.h"

namespace greffe::codec {

// What a decoder may be asked to make room for (DESIGN 7).
struct PictureLimits {
  int side_px = 8192;
  std::int64_t pixels = 36'000'000;
  bool allow(media::PictureSize size) const;
};

// Of a frame: the largest size that it declares, nullopt when it declares none (its decoder knows one
// already, or will not begin with it), a failure when the size is there and cannot be read.
// `unit_length_bytes` is what unit_length_bytes_of() says of the track; other codecs pass over it.
Result<std::optional<media::PictureSize>> declared_size(media::CodecId codec, Bytes frame, bool key,
                                                        std::size_t unit_length_bytes = 4);
// The same of the CodecPrivate of a track.
Result<std::optional<media::PictureSize>> declared_size_of_private(media::CodecId codec, Bytes codec_private);

// How long the length in front of each unit of a H.264 or H.265 frame is: 1 … 4. Tracks made by greffe have
// 4, files of other programs what their CodecPrivate says.
std::size_t unit_length_bytes_of(media::CodecId codec, Bytes codec_private);

// The size that the bytes of a VP8 key frame declare (RFC 6386 §9.1; scaling bits masked). nullopt when they
// are no key frame.
std::optional<media::PictureSize> vp8_key_frame_size(Bytes frame);

}  // namespace greffe::codec
