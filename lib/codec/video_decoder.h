// Coded pictures → decoded ones, through libavcodec.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "base/byte_reader.h"
#include "base/result.h"
#include "codec/declared_size.h"
#include "media/codec_id.h"
#include "media/picture.h"

namespace greffe::codec {

// Decodes one track, frame by frame in file order, on the calling thread. Not thread-safe.
class VideoDecoder {
 public:
  // `codec_private` is what the track's file says ahead of its frames; copied.
  static Result<VideoDecoder> open(media::CodecId codec, Bytes codec_private = {}, PictureLimits limits = {});
  VideoDecoder(VideoDecoder&&) noexcept;
  VideoDecoder& operator=(VideoDecoder&&) noexcept;
  ~VideoDecoder();

  // The picture of one coded frame, or nullopt: the frame shows nothing, is refused, or lies between an error
  // and the next key frame (R36). Whoever shows pictures then keeps the last one.
  std::optional<media::Picture> decode(Bytes frame, bool key);

  std::uint64_t failed_frames() const;   // that the decoder refused
  std::uint64_t refused_sizes() const;   // frames that declare a size beyond the limits (R33)
  std::uint64_t skipped_frames() const;  // for want of a key frame

 private:
  struct Parts;
  explicit VideoDecoder(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace greffe::codec
