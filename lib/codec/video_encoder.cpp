#include "codec/video_encoder.h"

extern "C" {
#include <libavcodec/avcodec.h>
}
#include <vpx/vpx_encoder.h>

#include <algorithm>
#include <cmath>

#include "codec/loaded_library.h"
#include "codec/picture_coder.h"

namespace greffe::codec {
namespace {

using media::CodecId;

Status check_options(const VideoEncoderOptions& options) {
  if (!is_film_codec(options.codec))
    return fail("greffe does not encode {}", media::facts_of(options.codec).name);
  if (options.size.width_px < 2 || options.size.height_px < 2 || options.size.width_px > 8192 ||
      options.size.height_px > 8192 || (options.size.width_px | options.size.height_px) % 2 != 0)
    return fail("cannot encode pictures of {}x{}", options.size.width_px, options.size.height_px);
  if (options.rate.numerator < 1 || options.rate.denominator < 1)
    return fail("cannot encode at that frame rate");
  return {};
}

}  // namespace

bool is_film_codec(CodecId codec) {
  return codec == CodecId::Vp9 || codec == CodecId::Vp8 || codec == CodecId::H264 || codec == CodecId::Av1 ||
         codec == CodecId::Ffv1;
}

bool codes_on_many_threads(CodecId codec) { return codec == CodecId::Av1; }

int default_bitrate_bps(media::CodecId codec, media::PictureSize size, FrameRate rate) {
  // 1500 kbit/s for VP8 at 1280x720 and 25 pictures a second, by pixels to the power of 3/4; VP9 needs two
  // thirds. Square roots are exact by IEEE 754, so the number is the same everywhere.
  const double pixels = static_cast<double>(size.width_px) * size.height_px / (1280.0 * 720.0);
  const int pictures = std::clamp(rate.numerator / rate.denominator, 5, 60);
  const double kbps = 1500 * std::sqrt(pixels) * std::sqrt(std::sqrt(pixels)) * (pictures + 25) / 50;
  return 1000 * std::clamp(static_cast<int>(codec == media::CodecId::Vp9 ? kbps * 2 / 3 : kbps), 100, 40'000);
}

VideoEncoder::VideoEncoder(const VideoEncoderOptions& options, std::unique_ptr<PictureCoder> coder)
    : options_(options), coder_(std::move(coder)) {}
VideoEncoder::VideoEncoder(VideoEncoder&&) noexcept = default;
VideoEncoder& VideoEncoder::operator=(VideoEncoder&&) noexcept = default;
VideoEncoder::~VideoEncoder() = default;

Result<VideoEncoder> VideoEncoder::open(const VideoEncoderOptions& options) {
  GREFFE_CHECK(check_options(options));
  const bool vpx = options.codec == CodecId::Vp8 || options.codec == CodecId::Vp9;
  GREFFE_TRY(auto coder, vpx ? make_vpx_coder(options) : make_av_coder(options));
  return VideoEncoder(options, std::move(coder));
}

const std::vector<std::uint8_t>& VideoEncoder::codec_private() const { return coder_->codec_private(); }

Result<std::vector<media::CodedFrame>> VideoEncoder::encode(const media::Picture& picture,
                                                            std::span<const PixelRect> changed) {
  if (picture.size != options_.size)
    return fail("picture of {}x{} in a film of {}x{}", picture.size.width_px, picture.size.height_px,
                options_.size.width_px, options_.size.height_px);
  return coder_->encode(picture, changed);
}

Result<std::vector<media::CodedFrame>> VideoEncoder::finish() { return coder_->finish(); }

LibraryVersions video_library_versions() {
  const unsigned version = avcodec_version();
  LibraryVersions versions{
      {"libvpx", vpx_codec_version_str()},
      {"libavcodec", fmt::format("{}.{}.{}", version >> 16, version >> 8 & 0xff, version & 0xff)}};
  // What libavcodec codes H.264 and AV1 with.
  for (const char* library : {"libx264", "libSvtAv1Enc"})
    if (std::string loaded = loaded_version(library); !loaded.empty())
      versions.push_back({library, std::move(loaded)});
  return versions;
}

}  // namespace greffe::codec
