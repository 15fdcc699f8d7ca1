#include "codec/video_decoder.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/frame.h>
#include <libavutil/log.h>
#include <libavutil/pixdesc.h>
}

#include <algorithm>
#include <utility>

#include "codec/av_owner.h"
#include "codec/decoded_picture.h"
#include "media/h265_headers.h"
#include "media/nal_unit.h"
#include "media/recovery_point.h"

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

constexpr std::size_t LargestFrame = 64u << 20;  // coded
constexpr int MostReordered = 16;                // of H.264 and H.265

// Pictures that are not whole yet after a decoder began with this frame. libavcodec holds back those of H.264
// itself; of H.265 it shows grey where it has nothing.
std::uint32_t pictures_to_hide(media::CodecId codec, Bytes frame, std::size_t unit_length_bytes) {
  if (codec != media::CodecId::H265) return 0;
  std::uint32_t pictures = 0;
  media::NalUnits units(frame, unit_length_bytes);
  while (const auto unit = units.next()) {
    if (unit->size() < media::H265HeaderBytes) continue;
    if (media::is_h265_random_access(media::h265_unit_type(*unit))) return 0;
    if (const auto point = media::find_h265_recovery_point(*unit)) pictures = point->frames;
  }
  return pictures;
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
  std::uint32_t hidden = 0;  // pictures to come that are not shown
  std::uint64_t failed = 0;
  std::uint64_t refused = 0;
  std::uint64_t skipped = 0;

  std::string converted_from;
  bool drained = false;  // nothing goes in until it is reset

  bool send(Bytes frame, std::int64_t number);
  void receive(std::int64_t number, std::vector<NumberedPicture>& pictures);
  void take(std::shared_ptr<AVFrame> frame, std::int64_t number, std::vector<NumberedPicture>& pictures);
  // What comes next depends on what is lost.
  void lose(std::uint64_t& count) {
    ++count;
    wait_for_key = true;
  }
};

bool VideoDecoder::Parts::send(Bytes frame, std::int64_t number) {
  padded.assign(frame.begin(), frame.end());
  padded.resize(frame.size() + AV_INPUT_BUFFER_PADDING_SIZE, 0);
  packet->data = padded.data();
  packet->size = static_cast<int>(frame.size());
  packet->pts = packet->dts = number;
  return avcodec_send_packet(context.get(), packet.get()) >= 0;
}

// A frame with several spatial layers (VP9 SVC) gives a picture for each, the best last: that one counts.
void VideoDecoder::Parts::take(std::shared_ptr<AVFrame> frame, std::int64_t number,
                               std::vector<NumberedPicture>& pictures) {
  const std::int64_t of = frame->pts == AV_NOPTS_VALUE ? number : frame->pts;
  if (!pictures.empty() && pictures.back().number == of) pictures.pop_back();
  if (!limits.allow({frame->width, frame->height})) return lose(refused);
  if (hidden > 0) {
    --hidden;
    return;
  }
  const bool broken = frame->decode_error_flags != 0, plain = is_plain(*frame);
  const auto format = static_cast<AVPixelFormat>(frame->format);
  auto picture = broken ? std::nullopt : picture_of(std::move(frame));
  if (!picture) return lose(failed);
  if (!plain) converted_from = av_get_pix_fmt_name(format);  // known: picture_of() found it described
  pictures.push_back({of, std::move(*picture)});
}

void VideoDecoder::Parts::receive(std::int64_t number, std::vector<NumberedPicture>& pictures) {
  for (;;) {
    std::shared_ptr<AVFrame> frame(av_frame_alloc(), FreeAv());
    if (!frame) return;
    const int code = avcodec_receive_frame(context.get(), frame.get());
    if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) return;
    if (code < 0) return lose(failed);
    take(std::move(frame), number, pictures);
  }
}

VideoDecoder::VideoDecoder(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
VideoDecoder::VideoDecoder(VideoDecoder&&) noexcept = default;
VideoDecoder& VideoDecoder::operator=(VideoDecoder&&) noexcept = default;
VideoDecoder::~VideoDecoder() = default;

Result<VideoDecoder> VideoDecoder::open(media::CodecId codec, Bytes codec_private, PictureLimits limits,
                                        int reorder_frames) {
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
  parts->context->has_b_frames = std::clamp(reorder_frames, 0, MostReordered);
  parts->context->err_recognition = AV_EF_CRCCHECK | AV_EF_BITSTREAM;
  if (avcodec_open2(parts->context.get(), decoder, nullptr) < 0)
    return fail(ErrorKind::Damaged, "{} decoder: libavcodec does not open it", decoder->name);
  return VideoDecoder(std::move(parts));
}

std::vector<NumberedPicture> VideoDecoder::push(Bytes frame, bool key, std::int64_t number) {
  Parts& parts = *parts_;
  std::vector<NumberedPicture> pictures;
  if (parts.wait_for_key && !key) {
    ++parts.skipped;
    return pictures;
  }
  if (frame.empty() && !key) {  // later frames miss nothing of it
    ++parts.failed;
    return pictures;
  }
  if (frame.empty() || frame.size() > LargestFrame) {
    parts.lose(parts.failed);
    return pictures;
  }
  if (parts.drained) begin_anew();
  const auto size = declared_size(parts.codec, frame, key, parts.unit_length_bytes);
  if (!size || (*size && !parts.limits.allow(**size))) {
    parts.lose(size ? parts.refused : parts.failed);
    return pictures;
  }
  if (!parts.send(frame, number)) {
    parts.lose(parts.failed);
    return pictures;
  }
  if (std::exchange(parts.wait_for_key, false))
    parts.hidden = pictures_to_hide(parts.codec, frame, parts.unit_length_bytes);
  parts.receive(number, pictures);
  return pictures;
}

std::vector<NumberedPicture> VideoDecoder::finish() {
  std::vector<NumberedPicture> pictures;
  if (!parts_->drained && avcodec_send_packet(parts_->context.get(), nullptr) >= 0)
    parts_->receive(0, pictures);
  parts_->drained = true;
  return pictures;
}

void VideoDecoder::begin_anew() {
  avcodec_flush_buffers(parts_->context.get());
  parts_->wait_for_key = true;
  parts_->drained = false;
}

std::optional<media::Picture> VideoDecoder::decode(Bytes frame, bool key) {
  std::vector<NumberedPicture> pictures = push(frame, key, 0);
  if (pictures.empty()) return std::nullopt;
  return std::move(pictures.back().picture);
}

bool VideoDecoder::holds_back() const { return !parts_->drained && parts_->context->has_b_frames > 0; }
const std::string& VideoDecoder::converted_from() const { return parts_->converted_from; }
std::uint64_t VideoDecoder::failed_frames() const { return parts_->failed; }
std::uint64_t VideoDecoder::refused_sizes() const { return parts_->refused; }
std::uint64_t VideoDecoder::skipped_frames() const { return parts_->skipped; }

}  // namespace greffe::codec
