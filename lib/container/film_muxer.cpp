#include "container/film_muxer.h"

extern "C" {
#include <libavformat/avformat.h>
#include <libavutil/intreadwrite.h>
#include <libavutil/log.h>
#include <libavutil/mem.h>
}

#include <algorithm>
#include <cstring>

#include "container/mp4_tracks.h"
#include "container/text_samples.h"

namespace greffe::container {
namespace {

constexpr AVRational Milliseconds{1, 1000};
constexpr AVRational Samples{1, 48'000};

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

AVCodecID av_codec_of(media::CodecId codec) {
  switch (codec) {
    case media::CodecId::Vp8: return AV_CODEC_ID_VP8;
    case media::CodecId::Vp9: return AV_CODEC_ID_VP9;
    case media::CodecId::H264: return AV_CODEC_ID_H264;
    case media::CodecId::Av1: return AV_CODEC_ID_AV1;
    case media::CodecId::Ffv1: return AV_CODEC_ID_FFV1;
    case media::CodecId::Opus: return AV_CODEC_ID_OPUS;
    case media::CodecId::Aac: return AV_CODEC_ID_AAC;
    case media::CodecId::Flac: return AV_CODEC_ID_FLAC;
    default: return AV_CODEC_ID_NONE;
  }
}

// Of the sound's packets, which MP4 asks for.
int packet_samples(media::CodecId codec) {
  return codec == media::CodecId::Aac ? 1024 : codec == media::CodecId::Opus ? 960 : 0;
}

void set_language(AVStream& stream, const FilmFormat& format) {
  if (!format.language.empty())
    av_dict_set(&stream.metadata, "language", language_code(format.container, format.language).c_str(), 0);
}

bool set_video(AVStream& stream, const FilmFormat& format) {
  AVCodecParameters& parameters = *stream.codecpar;
  parameters.codec_type = AVMEDIA_TYPE_VIDEO;
  parameters.codec_id = av_codec_of(format.video);
  parameters.width = format.size.width_px;
  parameters.height = format.size.height_px;
  parameters.format = AV_PIX_FMT_YUV420P;
  parameters.color_space = AVCOL_SPC_SMPTE170M;
  parameters.color_range = AVCOL_RANGE_MPEG;
  if (!format.variable_rate) stream.avg_frame_rate = {format.rate_numerator, format.rate_denominator};
  stream.disposition = AV_DISPOSITION_DEFAULT;
  return format.video_private.empty() || set_extradata(parameters, format.video_private);
}

bool set_audio(AVStream& stream, const FilmFormat& format) {
  AVCodecParameters& parameters = *stream.codecpar;
  parameters.codec_type = AVMEDIA_TYPE_AUDIO;
  parameters.codec_id = av_codec_of(format.sound);
  parameters.sample_rate = Samples.den;
  av_channel_layout_default(&parameters.ch_layout, 2);
  parameters.frame_size = packet_samples(format.sound);
  parameters.initial_padding = format.pre_skip;
  if (format.sound == media::CodecId::Opus) parameters.seek_preroll = 3840;  // 80 ms, RFC 7845 §4.6
  if (format.sound == media::CodecId::Flac) parameters.bits_per_raw_sample = 24;
  stream.disposition = AV_DISPOSITION_DEFAULT;
  set_language(stream, format);
  return set_extradata(parameters, format.sound_private);
}

bool set_captions(AVStream& stream, const FilmFormat& format) {
  const bool mp4 = format.container == FilmContainer::Mp4;
  stream.codecpar->codec_type = AVMEDIA_TYPE_SUBTITLE;
  stream.codecpar->codec_id = mp4 ? AV_CODEC_ID_MOV_TEXT : AV_CODEC_ID_WEBVTT;
  set_language(stream, format);
  return !mp4 || set_extradata(*stream.codecpar, text_sample_description());
}

// What avformat_free_context() frees.
bool add_chapter(AVFormatContext& context, const FilmChapter& chapter, MeetingTime end) {
  auto* const made = static_cast<AVChapter*>(av_mallocz(sizeof(AVChapter)));
  auto** const list = static_cast<AVChapter**>(
      made ? av_realloc_array(context.chapters, context.nb_chapters + 1, sizeof(AVChapter*)) : nullptr);
  if (!list) {
    av_free(made);
    return false;
  }
  context.chapters = list;
  made->id = context.nb_chapters;
  made->time_base = Milliseconds;
  made->start = whole_ms(chapter.start);
  made->end = std::max(whole_ms(end), made->start);
  av_dict_set(&made->metadata, "title", chapter.title.c_str(), 0);
  context.chapters[context.nb_chapters++] = made;
  return true;
}

const char* format_name_of(FilmContainer container) {
  switch (container) {
    case FilmContainer::WebM: return "webm";
    case FilmContainer::Mp4: return "mp4";
    default: return "matroska";
  }
}

}  // namespace

struct FilmMuxer::Parts {
  Path path;
  FilmFormat format;
  std::unique_ptr<AVFormatContext, FreeFormat> context;
  std::unique_ptr<AVPacket, FreePacket> packet;
  int caption_stream = -1;
  TextSamples text;  // in MP4

  bool is_mp4() const { return format.container == FilmContainer::Mp4; }
  AVRational picture_time() const {
    return format.variable_rate ? Milliseconds : AVRational{format.rate_denominator, format.rate_numerator};
  }
  AVStream* add_stream(AVRational time_base) {
    AVStream* stream = avformat_new_stream(context.get(), nullptr);
    if (stream) stream->time_base = is_mp4() ? time_base : Milliseconds;
    return stream;
  }
  Status add_streams();
  Status add_chapters();
  Status open();
  Status write_head();
  // `start` and `end` count `unit`.
  Status write(int stream, Bytes bytes, std::int64_t start, std::int64_t end, AVRational unit, bool key,
               int discard = 0);
  Status write_texts(const std::vector<TextSample>& samples);
};

Status FilmMuxer::Parts::add_streams() {
  AVStream* video = add_stream(picture_time());
  AVStream* audio = add_stream(Samples);
  if (!video || !audio || !set_video(*video, format) || !set_audio(*audio, format))
    return fail("out of memory");
  if (!format.captions) return {};
  AVStream* captions = add_stream(Milliseconds);
  if (!captions || !set_captions(*captions, format)) return fail("out of memory");
  caption_stream = captions->index;
  return {};
}

Status FilmMuxer::Parts::add_chapters() {
  std::vector<FilmChapter> chapters = format.chapters;
  // A text track has no hole at its start: players would begin the first chapter at 0.
  if (is_mp4() && !chapters.empty() && chapters.front().start > MeetingTime{})
    chapters.insert(chapters.begin(), {MeetingTime{}, format.title});
  for (std::size_t i = 0; i < chapters.size(); ++i)
    if (!add_chapter(*context, chapters[i], i + 1 < chapters.size() ? chapters[i + 1].start : format.end))
      return fail("out of memory");
  return {};
}

Status FilmMuxer::Parts::open() {
  GREFFE_CHECK(check_fit(format.container, format.video, format.sound));
  if (is_mp4() && format.variable_rate) return fail("MP4 at a variable rate");
  av_log_set_level(AV_LOG_QUIET);
  // "file:" so that a name with a colon in it is never taken for a protocol.
  const std::string url = "file:" + path.string();
  AVFormatContext* made = nullptr;
  if (avformat_alloc_output_context2(&made, nullptr, format_name_of(format.container), url.c_str()) < 0)
    return fail("out of memory");
  context.reset(made);
  packet.reset(av_packet_alloc());
  if (!packet) return fail("out of memory");
  context->flags |= AVFMT_FLAG_BITEXACT;
  context->avoid_negative_ts = AVFMT_AVOID_NEG_TS_DISABLED;  // times are as they are given
  if (!format.title.empty()) av_dict_set(&context->metadata, "title", format.title.c_str(), 0);
  GREFFE_CHECK(add_streams());
  GREFFE_CHECK(add_chapters());
  if (const int code = avio_open(&context->pb, url.c_str(), AVIO_FLAG_WRITE); code < 0)
    return fail("cannot write: {}", reason(code));
  return write_head();
}

Status FilmMuxer::Parts::write_head() {
  AVDictionary* options = nullptr;
  if (is_mp4())
    av_dict_set(&options, "movflags", "+faststart", 0);
  else
    av_dict_set(&options, "default_mode", "passthrough", 0);
  const int code = avformat_write_header(context.get(), &options);
  av_dict_free(&options);
  if (code < 0) return fail("cannot write the head: {}", reason(code));
  return {};
}

Status FilmMuxer::Parts::write(int stream, Bytes bytes, std::int64_t start, std::int64_t end, AVRational unit,
                               bool key, int discard) {
  if (av_new_packet(packet.get(), static_cast<int>(bytes.size())) < 0) return fail("out of memory");
  std::memcpy(packet->data, bytes.data(), bytes.size());
  const AVRational time_base = context->streams[stream]->time_base;
  packet->stream_index = stream;
  packet->pts = packet->dts = av_rescale_q(start, unit, time_base);
  packet->duration = av_rescale_q(end, unit, time_base) - packet->pts;
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

Status FilmMuxer::Parts::write_texts(const std::vector<TextSample>& samples) {
  for (const TextSample& sample : samples)
    GREFFE_CHECK(write(caption_stream, text_sample_bytes(sample.text), whole_ms(sample.range.start),
                       whole_ms(sample.range.end), Milliseconds, true));
  return {};
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
  const std::int64_t duration =
      parts_->format.variable_rate ? std::max<std::int64_t>(1, frame.duration_ticks) : 1;
  return parts_->write(0, frame.bytes, frame.ticks, frame.ticks + duration, parts_->picture_time(),
                       frame.key);
}

Status FilmMuxer::write_audio(Bytes packet, std::int64_t sample, int length, int discard) {
  // MP4 knows no samples to drop: its last packet ends where the sound does.
  const int beyond = parts_->is_mp4() ? discard : 0;
  return parts_->write(1, packet, sample, sample + length - beyond, Samples, true, discard - beyond);
}

Status FilmMuxer::write_caption(std::string_view text, TimeRange range) {
  if (parts_->caption_stream < 0) return fail("the film has no caption track");
  if (parts_->is_mp4()) return parts_->write_texts(parts_->text.add(text, range));
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  return parts_->write(parts_->caption_stream, Bytes(bytes, text.size()), whole_ms(range.start),
                       whole_ms(range.end), Milliseconds, true);
}

Status FilmMuxer::finish() {
  GREFFE_CHECK(parts_->write_texts(parts_->text.finish()));
  if (const int code = av_write_trailer(parts_->context.get()); code < 0)
    return fail("{}: cannot finish: {}", parts_->path.string(), reason(code));
  if (const int code = avio_closep(&parts_->context->pb); code < 0)
    return fail("{}: cannot close: {}", parts_->path.string(), reason(code));
  return parts_->is_mp4() && parts_->caption_stream >= 0 ? disable_text_tracks(parts_->path) : Status{};
}

}  // namespace greffe::container
