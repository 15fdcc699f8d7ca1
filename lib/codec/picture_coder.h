// What all encoders of pictures are to VideoEncoder; for codec's own .cpp files.
#pragma once

#include "codec/video_encoder.h"

namespace greffe::codec {

// As VideoEncoder, which has checked options and pictures.
class PictureCoder {
 public:
  virtual ~PictureCoder() = default;
  virtual Result<std::vector<media::CodedFrame>> encode(const media::Picture& picture,
                                                        std::span<const PixelRect> changed) = 0;
  virtual Result<std::vector<media::CodedFrame>> finish() = 0;
  const std::vector<std::uint8_t>& codec_private() const { return codec_private_; }

 protected:
  std::vector<std::uint8_t> codec_private_;
};

// VP8 and VP9, by libvpx.
Result<std::unique_ptr<PictureCoder>> make_vpx_coder(const VideoEncoderOptions& options);
// H.264, AV1 and FFV1, by libavcodec and the encoders it brings along.
Result<std::unique_ptr<PictureCoder>> make_av_coder(const VideoEncoderOptions& options);

}  // namespace greffe::codec
