// Pictures → VP8 or VP9, through libvpx directly; H.264, AV1 or FFV1, through libavcodec.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/library_version.h"
#include "base/result.h"
#include "media/coded_frame.h"
#include "media/picture.h"

namespace greffe::codec {

// Pictures per second as a fraction: 25/1, 30000/1001.
struct FrameRate {
  std::int32_t numerator = 25;
  std::int32_t denominator = 1;
  bool operator==(const FrameRate&) const = default;
};

// Part of a picture, in pixels.
struct PixelRect {
  int x = 0, y = 0, width = 0, height = 0;
};

struct VideoEncoderOptions {
  media::CodecId codec = media::CodecId::Vp9;  // is_film_codec()
  media::PictureSize size;                     // even
  FrameRate rate;
  int bitrate_bps = 0;     // of VP8 and VP9; 0: default_bitrate_bps()
  int key_interval = 250;  // in frames, at most
};

// What a film's pictures may be coded with.
bool is_film_codec(media::CodecId codec);

// Whether its encoder keeps several processors busy by itself.
bool codes_on_many_threads(media::CodecId codec);

// What a film of this size needs to look well: grows more slowly than the number of pixels.
int default_bitrate_bps(media::CodecId codec, media::PictureSize size, FrameRate rate);

class PictureCoder;

// Encodes one film from first picture to last. The same pictures and options give the same bytes on each run,
// for which the settings are fixed (DESIGN 6): nothing depends on the clock, on --jobs or on the number of
// cores. Never reconfigured once open. Not thread-safe.
class VideoEncoder {
 public:
  static Result<VideoEncoder> open(const VideoEncoderOptions& options);
  VideoEncoder(VideoEncoder&&) noexcept;
  VideoEncoder& operator=(VideoEncoder&&) noexcept;
  ~VideoEncoder();

  // What a decoder must be told ahead of all frames: avcC, av1C, FFV1's configuration record; empty for VP8
  // and VP9. The same for all chunks of a film: it depends on codec, size and rate alone.
  const std::vector<std::uint8_t>& codec_private() const;

  // The next picture, of the size of the options; its planes are only read during the call. Outside of
  // `changed` its pixels are those of the picture before: VP9 then spends nothing on them, and where nothing
  // changed the frame is one byte that shows the last once more. Gives the frames that became ready; their
  // ticks count pictures from 0.
  Result<std::vector<media::CodedFrame>> encode(const media::Picture& picture,
                                                std::span<const PixelRect> changed);
  // What is left. Call once, last.
  Result<std::vector<media::CodedFrame>> finish();

 private:
  VideoEncoder(const VideoEncoderOptions& options, std::unique_ptr<PictureCoder> coder);

  VideoEncoderOptions options_;
  std::unique_ptr<PictureCoder> coder_;
};

// libvpx and libavcodec, as linked.
LibraryVersions video_library_versions();

}  // namespace greffe::codec
