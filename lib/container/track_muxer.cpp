#include "container/track_muxer.h"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/channel_layout.h>
#include <libavutil/mem.h>
}

namespace greffe::container {
namespace {

struct Mapping {
  media::CodecId codec;
  AVCodecID av;
};
constexpr std::array Mappings{Mapping{media::CodecId::Vp8, AV_CODEC_ID_VP8},
                              Mapping{media::CodecId::Vp9, AV_CODEC_ID_VP9},
                              Mapping{media::CodecId::H264, AV_CODEC_ID_H264},
                              Mapping{media::CodecId::H265, AV_CODEC_ID_HEVC},
                              Mapping{media::CodecId::Av1, AV_CODEC_ID_AV1},
                              Mapping{media::CodecId::Opus, AV_CODEC_ID_OPUS},
                              Mapping{media::CodecId::Pcmu, AV_CODEC_ID_PCM_MULAW},
                              Mapping{media::CodecId::Pcma, AV_CODEC_ID_PCM_ALAW},
                              Mapping{media::CodecId::G722, AV_CODEC_ID_ADPCM_G722},
                              Mapping{media::CodecId::L16, AV_CODEC_ID_PCM_S16BE},
                              Mapping{media::CodecId::MultiOpus, AV_CODEC_ID_OPUS}};

std::optional<AVCodecID> av_codec(media::CodecId codec) {
  const auto found = std::find_if(Mappings.begin(), Mappings.end(),
                                  [&](const Mapping& known) { return known.codec == codec; });
  return found == Mappings.end() ? std::nullopt : std::optional(found->av);
}

tl::unexpected<Error> fail_av(const Path& path, std::string_view what, int code) {
  std::array<char, AV_ERROR_MAX_STRING_SIZE> text{};
  av_strerror(code, text.data(), text.size());
  return fail("{}: {}: {}", path.string(), what, text.data());
}

// RFC 7845 §5.1. Pre-skip is 0: a packet's first sample belongs at the packet's own time, nothing is to be
// dropped.
std::vector<std::uint8_t> opus_head(const media::AudioFormat& audio) {
  std::vector<std::uint8_t> head{
      'O', 'p', 'u',  's',  'H', 'e', 'a', 'd', 1, static_cast<std::uint8_t>(audio.channels),
      0,   0,   0x80, 0xBB, 0,   0,   0,   0,   0};
  if (!audio.mapping) return head;
  // §5.1.1.2: family 1, channels in the order of Vorbis.
  head.back() = 1;
  head.push_back(static_cast<std::uint8_t>(audio.mapping->streams));
  head.push_back(static_cast<std::uint8_t>(audio.mapping->coupled));
  head.insert(head.end(), audio.mapping->channels.begin(), audio.mapping->channels.end());
  return head;
}

// G.722 has 4 bits for each of its 16 kHz samples; the WAVEFORMATEX in the file needs them.
int bits_per_sample(media::CodecId codec) {
  return codec == media::CodecId::G722 ? 4 : codec == media::CodecId::L16 ? 16 : 8;
}

// In an allocation of libavutil, with the padding it asks for.
Status set_extradata(AVCodecParameters& parameters, Bytes bytes) {
  if (bytes.empty()) return {};
  parameters.extradata = static_cast<std::uint8_t*>(av_mallocz(bytes.size() + AV_INPUT_BUFFER_PADDING_SIZE));
  if (!parameters.extradata) return fail("out of memory");
  std::copy(bytes.begin(), bytes.end(), parameters.extradata);
  parameters.extradata_size = static_cast<int>(bytes.size());
  return {};
}

Status set_parameters(AVCodecParameters& parameters, const TrackFormat& format, AVCodecID codec) {
  const media::CodecFacts& facts = media::facts_of(format.codec);
  parameters.codec_id = codec;
  if (facts.kind == media::Kind::Video) {
    parameters.codec_type = AVMEDIA_TYPE_VIDEO;
    parameters.width = format.size.width_px;
    parameters.height = format.size.height_px;
    parameters.format = AV_PIX_FMT_YUV420P;
    return set_extradata(parameters, format.codec_private);
  }
  parameters.codec_type = AVMEDIA_TYPE_AUDIO;
  const int channels = format.audio.channels;
  const bool is_l16 = format.codec == media::CodecId::L16;
  parameters.sample_rate = static_cast<int>(is_l16 ? format.audio.clock.hz : facts.sample_rate_hz);
  av_channel_layout_default(&parameters.ch_layout, channels);
  if (!media::is_opus(format.codec)) {
    parameters.bits_per_coded_sample = bits_per_sample(format.codec);
    parameters.block_align = is_l16 ? 2 * channels : channels;
    parameters.bit_rate = (is_l16 ? 16 * std::int64_t{parameters.sample_rate} : 64'000) * channels;
    return {};
  }
  return set_extradata(parameters, opus_head(format.audio));
}

}  // namespace

struct TrackMuxer::Parts {
  Path path;
  AVFormatContext* format = nullptr;
  AVPacket* packet = nullptr;
  std::optional<std::int64_t> last_ms;

  ~Parts() {
    av_packet_free(&packet);
    if (format && format->pb) avio_closep(&format->pb);
    avformat_free_context(format);
  }
};

TrackMuxer::TrackMuxer(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
TrackMuxer::TrackMuxer(TrackMuxer&&) noexcept = default;
TrackMuxer::~TrackMuxer() = default;

Result<TrackMuxer> TrackMuxer::create(const Path& path, const TrackFormat& format) {
  const auto codec = av_codec(format.codec);
  if (!codec)
    return fail("{}: no way to write {} into Matroska", path.string(), media::facts_of(format.codec).name);
  auto parts = std::make_unique<Parts>();
  parts->path = path;
  parts->packet = av_packet_alloc();
  if (const int code = avformat_alloc_output_context2(&parts->format, nullptr, "matroska", nullptr); code < 0)
    return fail_av(path, "muxer", code);
  parts->format->flags |= AVFMT_FLAG_BITEXACT;
  parts->format->avoid_negative_ts = 0;
  AVStream* stream = avformat_new_stream(parts->format, nullptr);
  if (!stream || !parts->packet) return fail("{}: out of memory", path.string());
  GREFFE_CHECK(set_parameters(*stream->codecpar, format, *codec));
  stream->time_base = {1, 1000};
  av_dict_set(&stream->metadata, "title", format.title.c_str(), 0);
  const std::string url = "file:" + path.string();
  if (const int code = avio_open(&parts->format->pb, url.c_str(), AVIO_FLAG_WRITE); code < 0)
    return fail_av(path, "open", code);
  // The manifest's SHA-256 covers the file; CRC-32 elements in it would cost as much again as that digest.
  AVDictionary* options = nullptr;
  av_dict_set(&options, "write_crc32", "0", 0);
  const int code = avformat_write_header(parts->format, &options);
  av_dict_free(&options);
  if (code < 0) return fail_av(path, "header", code);
  return TrackMuxer(std::move(parts));
}

Status TrackMuxer::write(const media::CodedFrame& frame, MeetingTime at, Duration duration) {
  AVPacket& packet = *parts_->packet;
  std::int64_t ms = whole_ms(at + std::chrono::microseconds(500));
  if (parts_->last_ms && ms <= *parts_->last_ms) ms = *parts_->last_ms + 1;
  parts_->last_ms = ms;
  packet.data =
      const_cast<std::uint8_t*>(frame.bytes.data());  // the muxer copies what is not reference-counted
  packet.size = static_cast<int>(frame.bytes.size());
  packet.pts = packet.dts = ms;
  packet.duration = whole_ms(duration);
  packet.flags = frame.key ? AV_PKT_FLAG_KEY : 0;
  packet.stream_index = 0;
  const int code = av_write_frame(parts_->format, &packet);
  av_packet_unref(&packet);
  if (code < 0) return fail_av(parts_->path, "write", code);
  return {};
}

Status TrackMuxer::finish() {
  if (const int code = av_write_trailer(parts_->format); code < 0)
    return fail_av(parts_->path, "trailer", code);
  if (const int code = avio_closep(&parts_->format->pb); code < 0)
    return fail_av(parts_->path, "close", code);
  return {};
}

}  // namespace greffe::container
