extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/dict.h>
#include <libavutil/error.h>
#include <libavutil/frame.h>
#include <libavutil/log.h>
}

#include <algorithm>
#include <array>
#include <cstdlib>
#include <mutex>

#include "codec/av_owner.h"
#include "codec/picture_coder.h"
#include "media/av1_sequence_header.h"
#include "media/h264_headers.h"
#include "media/nal_unit.h"

namespace greffe::codec {
namespace {

// SVT-AV1 writes to standard error by itself. Told ahead of main(): beside other threads, which may read the
// environment, it must not be changed.
[[maybe_unused]] const int SvtIsSilent = ::setenv("SVT_LOG", "0", 0);

using media::CodecId;
using Octets = std::vector<std::uint8_t>;

struct Option {
  const char* name;
  const char* value;
};

// One thread where the number of them, or where slices end, has a say in the bytes.
struct Encoder {
  CodecId codec;
  const char* name;  // of libavcodec, asked for by name, since it has several of H.264
  int threads;
  std::vector<Option> options;
};

// x264 on one thread, without B frames: coding order is that of time, and a film needs no edit list to begin
// at 0. Without functions that give other numbers on other processors: that of AVX-512 for MB-tree also adds
// up what memory happens to hold behind a row of macroblocks, where their number is no multiple of 8.
// SVT-AV1 gives the same bytes for any number of threads, which tests/codec shows; three levels keep its
// look-ahead, and with it the memory, small. FFV1 version 3 with a checksum for each slice, each picture by
// itself: what archives ask for (RFC 9043 §4.2).
const std::vector<Encoder>& encoders() {
  static const std::vector<Encoder> all{
      {CodecId::H264,
       "libx264",
       1,
       {{"preset", "veryfast"}, {"crf", "23"}, {"profile", "high"}, {"x264-params", "cpu-independent=1"}}},
      {CodecId::Av1, "libsvtav1", 0, {{"preset", "12"}, {"crf", "35"}}},
      {CodecId::Ffv1,
       "ffv1",
       1,
       {{"level", "3"}, {"coder", "range_tab"}, {"slices", "4"}, {"slicecrc", "1"}}}};
  return all;
}

const Encoder* find_encoder(CodecId codec) {
  const auto found = std::find_if(encoders().begin(), encoders().end(),
                                  [&](const Encoder& known) { return known.codec == codec; });
  return found == encoders().end() ? nullptr : &*found;
}

std::string reason(int code) {
  std::array<char, AV_ERROR_MAX_STRING_SIZE> text{};
  av_strerror(code, text.data(), text.size());
  return text.data();
}

// The same for each chunk of a film, which all have one codec_private(): x264 writes another SPS when every
// picture is a key frame.
constexpr int ShortestKeyInterval = 2;

void set_context(AVCodecContext& context, const VideoEncoderOptions& options, const Encoder& encoder) {
  context.width = options.size.width_px;
  context.height = options.size.height_px;
  context.pix_fmt = AV_PIX_FMT_YUV420P;
  context.time_base = {options.rate.denominator, options.rate.numerator};
  context.framerate = {options.rate.numerator, options.rate.denominator};
  context.gop_size = options.codec == CodecId::Ffv1 ? 1 : std::max(options.key_interval, ShortestKeyInterval);
  context.max_b_frames = 0;
  context.bit_rate = 0;  // the options say how good it is to be
  context.thread_count = encoder.threads;
  context.colorspace = AVCOL_SPC_SMPTE170M;
  context.color_range = AVCOL_RANGE_MPEG;
  context.flags |= AV_CODEC_FLAG_GLOBAL_HEADER | AV_CODEC_FLAG_CLOSED_GOP | AV_CODEC_FLAG_BITEXACT;
}

// A byte stream with start codes → avcC.
Result<Octets> avcc_of_stream(Bytes stream) {
  std::vector<Bytes> sps, pps;
  for (const Bytes unit : media::annex_b_units(stream)) {
    if (unit.empty()) continue;
    const auto type = static_cast<media::H264UnitType>(media::h264_unit_type(unit));
    if (type == media::H264UnitType::Sps) sps.push_back(unit);
    if (type == media::H264UnitType::Pps) pps.push_back(unit);
  }
  if (sps.empty() || pps.empty()) return fail("H.264 encoder: no parameter sets");
  GREFFE_TRY(const media::H264Sps facts, media::parse_h264_sps(sps.front()));
  return media::avcc_of(facts, sps, pps);
}

// A sequence header OBU → av1C.
Result<Octets> av1c_of_stream(Bytes stream) {
  ByteReader reader(stream);
  while (reader.remaining() > 0) {
    GREFFE_TRY(const media::Obu obu, media::take_obu(reader));
    if (obu.type != media::ObuType::SequenceHeader) continue;
    GREFFE_TRY(const media::Av1SequenceHeader header, media::parse_av1_sequence_header(obu.payload));
    return media::av1_codec_private(header, obu);
  }
  return fail("AV1 encoder: no sequence header");
}

Result<Octets> private_of(CodecId codec, Bytes stream) {
  if (codec == CodecId::H264) return avcc_of_stream(stream);
  if (codec == CodecId::Av1) return av1c_of_stream(stream);
  return Octets(stream.begin(), stream.end());
}

Octets with_lengths(Bytes stream) {
  Octets frame;
  frame.reserve(stream.size());
  for (const Bytes unit : media::annex_b_units(stream)) media::append_unit(frame, unit);
  return frame;
}

// Files have no temporal delimiters (AV1 in ISOBMFF §2.4, and Matroska likewise).
Result<Octets> without_delimiters(Bytes stream) {
  Octets frame;
  frame.reserve(stream.size());
  ByteReader reader(stream);
  while (reader.remaining() > 0) {
    GREFFE_TRY(const media::Obu obu, media::take_obu(reader));
    if (obu.type != media::ObuType::TemporalDelimiter) media::append_obu(obu, frame);
  }
  return frame;
}

void set_plane(AVFrame& frame, int index, const media::PlaneView& plane) {
  // libavcodec takes a pointer to non-const but only reads; what it keeps it copies, since nothing counts the
  // references to this memory.
  frame.data[index] = const_cast<std::uint8_t*>(plane.pixels);
  frame.linesize[index] = static_cast<int>(plane.stride);
}

// SVT-AV1 1.4 counts its encoders, and lays out its tables, without asking who else does at that moment.
std::mutex& opening() {
  static std::mutex mutex;
  return mutex;
}

class AvCoder final : public PictureCoder {
 public:
  explicit AvCoder(const VideoEncoderOptions& options) : options_(options) {}
  ~AvCoder() override {
    end_svt();
    const std::lock_guard lock(opening());
    context_.reset();
  }
  AvCoder(const AvCoder&) = delete;
  AvCoder& operator=(const AvCoder&) = delete;

  Status open();
  Result<std::vector<media::CodedFrame>> encode(const media::Picture& picture,
                                                std::span<const PixelRect> changed) override;
  Result<std::vector<media::CodedFrame>> finish() override;

 private:
  Status open_context(const Encoder& encoder);
  Result<std::vector<media::CodedFrame>> send(const AVFrame* frame);
  Result<media::CodedFrame> coded_frame() const;
  void end_svt();
  std::string_view name() const { return media::facts_of(options_.codec).name; }

  VideoEncoderOptions options_;
  AvContext context_;
  AvPacket packet_;
  AvFrame frame_;
  std::int64_t next_ = 0;  // index of the next picture
  bool finished_ = false;
};

Status AvCoder::open() {
  const Encoder* const encoder = find_encoder(options_.codec);
  av_log_set_level(AV_LOG_QUIET);
  const AVCodec* const codec = encoder ? avcodec_find_encoder_by_name(encoder->name) : nullptr;
  if (!codec) return fail("libavcodec does not encode {} here", name());
  context_.reset(avcodec_alloc_context3(codec));
  packet_.reset(av_packet_alloc());
  frame_.reset(av_frame_alloc());
  if (!context_ || !packet_ || !frame_) return fail("{} encoder: out of memory", name());
  set_context(*context_, options_, *encoder);
  GREFFE_CHECK(open_context(*encoder));
  const Bytes head(context_->extradata, static_cast<std::size_t>(context_->extradata_size));
  GREFFE_TRY(codec_private_, private_of(options_.codec, head));
  return {};
}

Status AvCoder::open_context(const Encoder& encoder) {
  AVDictionary* settings = nullptr;
  for (const Option& option : encoder.options) av_dict_set(&settings, option.name, option.value, 0);
  const int code = [&] {
    const std::lock_guard lock(opening());
    return avcodec_open2(context_.get(), nullptr, &settings);
  }();
  const AVDictionaryEntry* unknown = av_dict_get(settings, "", nullptr, AV_DICT_IGNORE_SUFFIX);
  const std::string refused = unknown ? unknown->key : "";
  av_dict_free(&settings);
  if (code < 0) return fail("{} encoder: does not open: {}", name(), reason(code));
  if (!refused.empty()) return fail("{} encoder: does not know {}", name(), refused);
  return {};
}

Result<media::CodedFrame> AvCoder::coded_frame() const {
  const Bytes bytes(packet_->data, static_cast<std::size_t>(packet_->size));
  media::CodedFrame frame;
  frame.ticks = packet_->pts;
  frame.duration_ticks = 1;
  frame.key = (packet_->flags & AV_PKT_FLAG_KEY) != 0;
  if (frame.key) frame.size = options_.size;
  if (options_.codec == CodecId::H264) {
    frame.bytes = with_lengths(bytes);
  } else if (options_.codec == CodecId::Av1) {
    GREFFE_TRY(frame.bytes, without_delimiters(bytes));
  } else {
    frame.bytes.assign(bytes.begin(), bytes.end());
  }
  return frame;
}

Result<std::vector<media::CodedFrame>> AvCoder::send(const AVFrame* frame) {
  if (const int code = avcodec_send_frame(context_.get(), frame); code < 0)
    return fail("{} encoder: does not encode: {}", name(), reason(code));
  std::vector<media::CodedFrame> frames;
  while (true) {
    const int code = avcodec_receive_packet(context_.get(), packet_.get());
    if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) return frames;
    if (code < 0) return fail("{} encoder: {}", name(), reason(code));
    auto coded = coded_frame();
    av_packet_unref(packet_.get());
    if (!coded) return fail_within(fmt::format("{} encoder", name()), coded);
    frames.push_back(std::move(*coded));
  }
}

Result<std::vector<media::CodedFrame>> AvCoder::encode(const media::Picture& picture,
                                                       std::span<const PixelRect>) {
  AVFrame& frame = *frame_;
  frame.format = AV_PIX_FMT_YUV420P;
  frame.width = options_.size.width_px;
  frame.height = options_.size.height_px;
  frame.colorspace = context_->colorspace;
  frame.color_range = context_->color_range;
  frame.pts = next_++;
  set_plane(frame, 0, picture.y);
  set_plane(frame, 1, picture.u);
  set_plane(frame, 2, picture.v);
  return send(&frame);
}

Result<std::vector<media::CodedFrame>> AvCoder::finish() {
  finished_ = true;
  return send(nullptr);
}

// SVT-AV1 1.4 waits for ever when it is closed before it has been given a picture and the end.
void AvCoder::end_svt() {
  if (options_.codec != CodecId::Av1 || finished_ || !context_ || !avcodec_is_open(context_.get())) return;
  if (next_ == 0) {
    const auto width = static_cast<std::size_t>(options_.size.width_px);
    const std::vector<std::uint8_t> grey(width * static_cast<std::size_t>(options_.size.height_px), 128);
    const media::PlaneView luma{grey.data(), options_.size.width_px, options_.size.width_px,
                                options_.size.height_px};
    const media::PlaneView chroma{grey.data(), options_.size.width_px / 2, options_.size.width_px / 2,
                                  options_.size.height_px / 2};
    media::Picture picture;
    picture.size = options_.size;
    picture.y = luma;
    picture.u = picture.v = chroma;
    static_cast<void>(encode(picture, {}));
  }
  static_cast<void>(finish());
}

}  // namespace

Result<std::unique_ptr<PictureCoder>> make_av_coder(const VideoEncoderOptions& options) {
  auto coder = std::make_unique<AvCoder>(options);
  GREFFE_CHECK(coder->open());
  return coder;
}

}  // namespace greffe::codec
