// Coded pictures → decoded ones, through libavcodec.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/byte_reader.h"
#include "base/result.h"
#include "codec/declared_size.h"
#include "media/codec_id.h"
#include "media/picture.h"

namespace greffe::codec {

// A picture and the frame that it was coded in.
struct NumberedPicture {
  std::int64_t number = 0;
  media::Picture picture;
};

// Decodes one track, frame by frame in file order, on the calling thread. Not thread-safe.
//
// Where a recovery point stands in for a key frame, the pictures that are not whole yet are left out.
//
// Pictures of more than 8 bits, or with more colour than 4:2:0, become ones of 8 bits and 4:2:0.
class VideoDecoder {
 public:
  // `codec_private` is what the track's file says ahead of its frames; copied. `reorder_frames`: how many
  // frames may stand ahead of one that is shown before them, as far as is known (B frames).
  static Result<VideoDecoder> open(media::CodecId codec, Bytes codec_private = {}, PictureLimits limits = {},
                                   int reorder_frames = 0);
  VideoDecoder(VideoDecoder&&) noexcept;
  VideoDecoder& operator=(VideoDecoder&&) noexcept;
  ~VideoDecoder();

  // Takes a frame; gives the pictures that can be shown now, in the order in which they are shown, each with
  // the number of its frame. No picture: the frame shows nothing, is refused, lies between an error and the
  // next key frame (R36), or is held back since others may be shown before it.
  std::vector<NumberedPicture> push(Bytes frame, bool key, std::int64_t number);
  // Those still held back. A key frame goes in next.
  std::vector<NumberedPicture> finish();
  // What is held back is not wanted. A key frame goes in next.
  void begin_anew();
  // Pictures may come later than their frames.
  bool holds_back() const;

  // For tracks that hold nothing back: the picture of one coded frame, or nullopt: the frame shows nothing,
  // is refused, or lies between an error and the next key frame (R36). Whoever shows pictures then keeps the
  // last one.
  std::optional<media::Picture> decode(Bytes frame, bool key);

  // The format of pictures that were not 4:2:0 with 8 bits, as libavutil names it; empty when there were
  // none.
  const std::string& converted_from() const;
  std::uint64_t failed_frames() const;   // that the decoder refused, empty and giant ones included
  std::uint64_t refused_sizes() const;   // frames that declare a size beyond the limits (R33)
  std::uint64_t skipped_frames() const;  // for want of a key frame

 private:
  struct Parts;
  explicit VideoDecoder(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace greffe::codec
