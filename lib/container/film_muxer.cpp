#include "container/film_muxer.h"

extern "C" {
#include <libavformat/avformat.h>
#include <libavutil/intreadwrite.h>
}

#include <algorithm>
#include <cstring>

namespace greffe::container {
namespace {

constexpr AVRational Milliseconds{1, 1000};
constexpr std::int64_t SamplesPerMs = 48;

struct FreeFormat {
  void operator()(AVFormatContext* format) const {
    avio_closep(&format->pb);
    avformat_free_context(format);
  }
};
struct FreePacket {
  void operator()(AVPacket* packet) const { av_packet_free(&packet); }
};

std::string reason(int code) {
  char text[AV_ERROR_MAX_STRING_SIZE] = {};
  av_strerror(code, text, sizeof text);
  return text;
}

// An allocation of libavutil with the padding it asks for.
bool set_extradata(AVCodecParameters& parameters, const std::vector<std::uint8_t>& bytes) {
  parameters.extradata = static_cast<std::uint8_t*>(av_mallocz(bytes.size() + AV_INPUT_BUFFER_PADDING_SIZE));
  if (!parameters.extradata) return false;
  std::copy(bytes.begin(), bytes.end(), parameters.extradata);
  parameters.extradata_size = static_cast<int>(bytes.size());
  return true;
}

bool set_video(AVStream& stream, const FilmFormat& format) {
  AVCodecParameters& parameters = *stream.codecpar;
  parameters.codec_type = AVMEDIA_TYPE_VIDEO;
  parameters.codec_id = format.video == media::CodecId::Vp8 ? AV_CODEC_ID_VP8 : AV_CODEC_ID_VP9;
  parameters.width = format.size.width_px;
  parameters.height = format.size.height_px;
  parameters.format = AV_PIX_FMT_YUV420P;
  parameters.color_space = AVCOL_SPC_SMPTE170M;
  parameters.color_range = AVCOL_RANGE_MPEG;
  stream.avg_frame_rate = {format.rate_numerator, format.rate_denominator};
  stream.disposition = AV_DISPOSITION_DEFAULT;
  return true;
}

bool set_audio(AVStream& stream, const FilmFormat& format) {
  AVCodecParameters& parameters = *stream.codecpar;
  parameters.codec_type = AVMEDIA_TYPE_AUDIO;
  parameters.codec_id = AV_CODEC_ID_OPUS;
  parameters.sample_rate = 48'000;
  av_channel_layout_default(&parameters.ch_layout, 2);
  parameters.initial_padding = format.opus_pre_skip;
  parameters.seek_preroll = 3840;  // 80 ms, RFC 7845 §4.6
  stream.disposition = AV_DISPOSITION_DEFAULT;
  return set_extradata(parameters, format.opus_head);
}

bool set_captions(AVStream& stream, const FilmFormat& format) {
  stream.codecpar->codec_type = AVMEDIA_TYPE_SUBTITLE;
  stream.codecpar->codec_id = AV_CODEC_ID_WEBVTT;
  if (!format.caption_language.empty())
    av_dict_set(&stream.metadata, "language", format.caption_language.c_str(), 0);
  return true;
}

}  // namespace

struct FilmMuxer::Parts {
  Path path;
  FilmFormat format;
  std::unique_ptr<AVFormatContext, FreeFormat> context;
  std::unique_ptr<AVPacket, FreePacket> packet;
  int caption_stream = -1;

  AVStream* add_stream() {
    AVStream* stream = avformat_new_stream(context.get(), nullptr);
    if (stream) stream->time_base = Milliseconds;
    return stream;
  }
  Status add_streams();
  Status open();
  std::int64_t picture_ms(std::int64_t index) const;
  Status write(int stream, Bytes bytes, std::int64_t start_ms, std::int64_t end_ms, bool key,
               int discard = 0);
};

Status FilmMuxer::Parts::add_streams() {
  AVStream* video = add_stream();
  AVStream* audio = add_stream();
  if (!video || !audio || !set_video(*video, format) || !set_audio(*audio, format))
    return fail("out of memory");
  if (!format.captions) return {};
  AVStream* captions = add_stream();
  if (!captions || !set_captions(*captions, format)) return fail("out of memory");
  caption_stream = captions->index;
  return {};
}

Status FilmMuxer::Parts::open() {
  AVFormatContext* made = nullptr;
  const char* name = format.container == FilmContainer::WebM ? "webm" : "matroska";
  if (avformat_alloc_output_context2(&made, nullptr, name, nullptr) < 0) return fail("out of memory");
  context.reset(made);
  packet.reset(av_packet_alloc());
  if (!packet) return fail("out of memory");
  context->flags |= AVFMT_FLAG_BITEXACT;
  context->avoid_negative_ts = AVFMT_AVOID_NEG_TS_DISABLED;  // times are as they are given
  if (!format.title.empty()) av_dict_set(&context->metadata, "title", format.title.c_str(), 0);
  GREFFE_CHECK(add_streams());
  // "file:" so that a name with a colon in it is never taken for a protocol.
  if (const int code = avio_open(&context->pb, ("file:" + path.string()).c_str(), AVIO_FLAG_WRITE); code < 0)
    return fail("cannot write: {}", reason(code));
  AVDictionary* options = nullptr;
  av_dict_set(&options, "default_mode", "passthrough", 0);
  const int code = avformat_write_header(context.get(), &options);
  av_dict_free(&options);
  if (code < 0) return fail("cannot write the head: {}", reason(code));
  return {};
}

// When picture `index` begins, rounded to the nearest millisecond.
std::int64_t FilmMuxer::Parts::picture_ms(std::int64_t index) const {
  return av_rescale(index * 1000, format.rate_denominator, format.rate_numerator);
}

Status FilmMuxer::Parts::write(int stream, Bytes bytes, std::int64_t start_ms, std::int64_t end_ms, bool key,
                               int discard) {
  if (av_new_packet(packet.get(), static_cast<int>(bytes.size())) < 0) return fail("out of memory");
  std::memcpy(packet->data, bytes.data(), bytes.size());
  packet->stream_index = stream;
  packet->pts = packet->dts = start_ms;
  packet->duration = end_ms - start_ms;
  if (key) packet->flags |= AV_PKT_FLAG_KEY;
  if (discard > 0) {
    // u32 samples to skip at the start, u32 at the end, two reasons: AV_PKT_DATA_SKIP_SAMPLES.
    if (std::uint8_t* skip = av_packet_new_side_data(packet.get(), AV_PKT_DATA_SKIP_SAMPLES, 10)) {
      std::memset(skip, 0, 10);
      AV_WL32(skip + 4, static_cast<std::uint32_t>(discard));
    }
  }
  const int code = av_write_frame(context.get(), packet.get());
  av_packet_unref(packet.get());
  if (code < 0) return fail("{}: cannot write: {}", path.string(), reason(code));
  return {};
}

Result<FilmContainer> film_container_of(const Path& name) {
  if (name.extension() == ".webm") return FilmContainer::WebM;
  if (name.extension() == ".mkv") return FilmContainer::Matroska;
  return fail(ErrorKind::Usage, "{}: a film's name ends in .webm or .mkv", name.string());
}

FilmMuxer::FilmMuxer(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
FilmMuxer::FilmMuxer(FilmMuxer&&) noexcept = default;
FilmMuxer::~FilmMuxer() = default;

Result<FilmMuxer> FilmMuxer::create(const Path& path, const FilmFormat& format) {
  auto parts = std::make_unique<Parts>();
  parts->path = path;
  parts->format = format;
  if (const Status opened = parts->open(); !opened) return fail_within(path.string(), opened);
  return FilmMuxer(std::move(parts));
}

Status FilmMuxer::write_video(const media::CodedFrame& frame) {
  return parts_->write(0, frame.bytes, parts_->picture_ms(frame.ticks), parts_->picture_ms(frame.ticks + 1),
                       frame.key);
}

Status FilmMuxer::write_audio(Bytes packet, std::int64_t sample, int length, int discard) {
  const std::int64_t start = sample / SamplesPerMs;
  return parts_->write(1, packet, start, start + length / SamplesPerMs, true, discard);
}

Status FilmMuxer::write_caption(std::string_view text, TimeRange range) {
  if (parts_->caption_stream < 0) return fail("the film has no caption track");
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  return parts_->write(parts_->caption_stream, Bytes(bytes, text.size()), whole_ms(range.start),
                       whole_ms(range.end), true);
}

Status FilmMuxer::finish() {
  if (const int code = av_write_trailer(parts_->context.get()); code < 0)
    return fail("{}: cannot finish: {}", parts_->path.string(), reason(code));
  if (const int code = avio_closep(&parts_->context->pb); code < 0)
    return fail("{}: cannot close: {}", parts_->path.string(), reason(code));
  return {};
}

}  // namespace greffe::container
