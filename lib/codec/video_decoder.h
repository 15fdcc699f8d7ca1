// Coded pictures → decoded ones, through libavcodec.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "base/byte_reader.h"
#include "base/result.h"
#include "media/codec_id.h"
#include "media/picture.h"

namespace greffe::codec {

// What a decoder may be asked to make room for (DESIGN 7).
struct PictureLimits {
  int side_px = 8192;
  std::int64_t pixels = 36'000'000;
  bool allow(media::PictureSize size) const;
};

// The size that the bytes of a VP8 key frame declare (RFC 6386 §9.1; scaling bits masked), without decoding.
// nullopt when they are no key frame.
std::optional<media::PictureSize> vp8_key_frame_size(Bytes frame);

// Decodes one track, frame by frame in file order, on the calling thread. Not thread-safe.
class VideoDecoder {
 public:
  static Result<VideoDecoder> open(media::CodecId codec, PictureLimits limits = {});
  VideoDecoder(VideoDecoder&&) noexcept;
  VideoDecoder& operator=(VideoDecoder&&) noexcept;
  ~VideoDecoder();

  // The picture of one coded frame, or nullopt: the frame shows nothing, is refused, or lies between an error
  // and the next key frame (R36). Whoever shows pictures then keeps the last one.
  std::optional<media::Picture> decode(Bytes frame, bool key);

  std::uint64_t failed_frames() const;   // that the decoder refused
  std::uint64_t refused_sizes() const;   // key frames beyond the limits (R33)
  std::uint64_t skipped_frames() const;  // for want of a key frame

 private:
  struct Parts;
  explicit VideoDecoder(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace greffe::codec
