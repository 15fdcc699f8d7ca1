#include "codec/video_decoder.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/frame.h>
#include <libavutil/log.h>
#include <libavutil/mem.h>
}

#include <algorithm>

#include "codec/av_owner.h"

namespace greffe::codec {
namespace {

// By name, never by probing: what may read hostile bytes is a short list (SAFETY 4).
const AVCodec* find_decoder(media::CodecId codec) {
  switch (codec) {
    case media::CodecId::Vp8: return avcodec_find_decoder_by_name("vp8");
    case media::CodecId::Vp9: return avcodec_find_decoder_by_name("vp9");
    case media::CodecId::H264: return avcodec_find_decoder_by_name("h264");
    case media::CodecId::H265: return avcodec_find_decoder_by_name("hevc");
    case media::CodecId::Av1: return avcodec_find_decoder_by_name("libdav1d");
    default: return nullptr;
  }
}

// In an allocation of libavutil, with the padding it asks for.
bool set_extradata(AVCodecContext& context, Bytes bytes) {
  if (bytes.empty()) return true;
  context.extradata = static_cast<std::uint8_t*>(av_mallocz(bytes.size() + AV_INPUT_BUFFER_PADDING_SIZE));
  if (!context.extradata) return false;
  std::copy(bytes.begin(), bytes.end(), context.extradata);
  context.extradata_size = static_cast<int>(bytes.size());
  return true;
}

media::PlaneView plane(const AVFrame& frame, std::size_t index, int width, int height) {
  return {frame.data[index], frame.linesize[index], width, height};
}

// A picture that shares the decoder's own memory.
media::Picture picture_of(std::shared_ptr<AVFrame> frame) {
  const int width = frame->width;
  const int height = frame->height;
  media::Picture picture;
  picture.y = plane(*frame, 0, width, height);
  picture.u = plane(*frame, 1, (width + 1) / 2, (height + 1) / 2);
  picture.v = plane(*frame, 2, (width + 1) / 2, (height + 1) / 2);
  picture.size = {width, height};
  picture.matrix =
      frame->colorspace == AVCOL_SPC_BT709 ? media::ColourMatrix::Bt709 : media::ColourMatrix::Bt601;
  picture.full_range = frame->color_range == AVCOL_RANGE_JPEG;
  picture.keeper = std::move(frame);
  return picture;
}

}  // namespace

struct VideoDecoder::Parts {
  media::CodecId codec = media::CodecId::Unknown;
  PictureLimits limits;
  AvContext context;
  AvPacket packet;
  std::vector<std::uint8_t> padded;  // the frame and the zeros that libavcodec may read behind it
  std::size_t unit_length_bytes = 4;
  bool wait_for_key = true;
  std::uint64_t failed = 0;
  std::uint64_t refused = 0;
  std::uint64_t skipped = 0;

  bool send(Bytes frame);
  std::optional<media::Picture> receive();
};

bool VideoDecoder::Parts::send(Bytes frame) {
  padded.assign(frame.begin(), frame.end());
  padded.resize(frame.size() + AV_INPUT_BUFFER_PADDING_SIZE, 0);
  packet->data = padded.data();
  packet->size = static_cast<int>(frame.size());
  return avcodec_send_packet(context.get(), packet.get()) >= 0;
}

// The last picture of the frame: one with several spatial layers (VP9 SVC) gives a picture for each, the best
// last.
std::optional<media::Picture> VideoDecoder::Parts::receive() {
  std::optional<media::Picture> last;
  for (;;) {
    std::shared_ptr<AVFrame> frame(av_frame_alloc(), FreeAv());
    if (!frame) return std::nullopt;
    const int code = avcodec_receive_frame(context.get(), frame.get());
    if (code == AVERROR(EAGAIN)) return last;  // none: an invisible frame
    const bool planar =
        code >= 0 && (frame->format == AV_PIX_FMT_YUV420P || frame->format == AV_PIX_FMT_YUVJ420P);
    if (!planar || frame->decode_error_flags != 0) {
      ++failed;
      wait_for_key = true;
      if (code < 0) return std::nullopt;
      last.reset();
      continue;
    }
    last = picture_of(std::move(frame));
  }
}

VideoDecoder::VideoDecoder(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
VideoDecoder::VideoDecoder(VideoDecoder&&) noexcept = default;
VideoDecoder& VideoDecoder::operator=(VideoDecoder&&) noexcept = default;
VideoDecoder::~VideoDecoder() = default;

Result<VideoDecoder> VideoDecoder::open(media::CodecId codec, Bytes codec_private, PictureLimits limits) {
  av_log_set_level(AV_LOG_QUIET);
  const AVCodec* decoder = find_decoder(codec);
  if (!decoder) return fail(ErrorKind::Damaged, "greffe does not decode {}", media::facts_of(codec).name);
  GREFFE_TRY(const auto size, declared_size_of_private(codec, codec_private));
  if (size && !limits.allow(*size))
    return fail(ErrorKind::Damaged, "pictures of {}x{} are not decoded", size->width_px, size->height_px);
  auto parts = std::make_unique<Parts>();
  parts->codec = codec;
  parts->limits = limits;
  parts->unit_length_bytes = unit_length_bytes_of(codec, codec_private);
  parts->context.reset(avcodec_alloc_context3(decoder));
  parts->packet.reset(av_packet_alloc());
  if (!parts->context || !parts->packet) return fail("{} decoder: out of memory", decoder->name);
  if (!set_extradata(*parts->context, codec_private)) return fail("{} decoder: out of memory", decoder->name);
  parts->context->thread_count = 1;
  parts->context->max_pixels = limits.pixels;
  parts->context->err_recognition = AV_EF_CRCCHECK | AV_EF_BITSTREAM;
  if (avcodec_open2(parts->context.get(), decoder, nullptr) < 0)
    return fail("{} decoder: libavcodec does not open it", decoder->name);
  return VideoDecoder(std::move(parts));
}

std::optional<media::Picture> VideoDecoder::decode(Bytes frame, bool key) {
  Parts& parts = *parts_;
  if (frame.empty() || frame.size() > (64u << 20)) return std::nullopt;
  if (parts.wait_for_key && !key) {
    ++parts.skipped;
    return std::nullopt;
  }
  const auto size = declared_size(parts.codec, frame, key, parts.unit_length_bytes);
  if (!size || (*size && !parts.limits.allow(**size))) {
    ++(size ? parts.refused : parts.failed);
    parts.wait_for_key = true;
    return std::nullopt;
  }
  if (!parts.send(frame)) {
    ++parts.failed;
    parts.wait_for_key = true;
    return std::nullopt;
  }
  parts.wait_for_key = false;
  std::optional<media::Picture> picture = parts.receive();
  if (picture && !parts.limits.allow(picture->size)) {
    ++parts.refused;
    parts.wait_for_key = true;
    return std::nullopt;
  }
  return picture;
}

std::uint64_t VideoDecoder::failed_frames() const { return parts_->failed; }
std::uint64_t VideoDecoder::refused_sizes() const { return parts_->refused; }
std::uint64_t VideoDecoder::skipped_frames() const { return parts_->skipped; }

}  // namespace greffe::codec
