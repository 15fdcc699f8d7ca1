#include "container/media_file.h"

#include <array>
#include <cmath>
#include <cstring>
#include <numbers>

#include "container/file_input.h"
#include "container/packet_length.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
}

namespace greffe::container {
namespace {

// What greffe knows under another name than libavcodec.
constexpr std::array<std::pair<AVCodecID, media::CodecId>, 3> OtherNames{
    {{AV_CODEC_ID_PCM_MULAW, media::CodecId::Pcmu},
     {AV_CODEC_ID_PCM_ALAW, media::CodecId::Pcma},
     {AV_CODEC_ID_ADPCM_G722, media::CodecId::G722}}};

media::CodecId codec_of(const AVCodecParameters& parameters) {
  for (const auto& [av, codec] : OtherNames)
    if (av == parameters.codec_id) return codec;
  return media::find_codec(avcodec_get_name(parameters.codec_id)).value_or(media::CodecId::Unknown);
}

// The picture of a cover is no camera's.
media::Kind kind_of(const AVStream& stream) {
  if (stream.disposition & AV_DISPOSITION_ATTACHED_PIC) return media::Kind::Data;
  if (stream.codecpar->codec_type == AVMEDIA_TYPE_VIDEO) return media::Kind::Video;
  return stream.codecpar->codec_type == AVMEDIA_TYPE_AUDIO ? media::Kind::Audio : media::Kind::Data;
}

// Beyond that a file is wrong, and not its pixels long.
constexpr int LongestPixel = 16;

media::PixelAspect pixel_aspect_of(const AVStream& stream) {
  const AVRational said =
      stream.sample_aspect_ratio.num > 0 ? stream.sample_aspect_ratio : stream.codecpar->sample_aspect_ratio;
  if (said.num <= 0 || said.den <= 0 || said.num / said.den >= LongestPixel ||
      said.den / said.num >= LongestPixel)
    return {};
  return {said.num, said.den};
}

// ISO 14496-12 §6.2.2: a point (x, y) is shown at (a x + c y, b x + d y), with the y axis down; the matrix is
//
//     a b u
//     c d v
//     x y w
//
// A turn by t degrees clockwise has a = d = cos t and b = -c = sin t; a mirror before it changes the signs of
// a and b. It is taken to be of whole quarters.
media::Orientation orientation_of(const AVStream& stream) {
  std::size_t size = 0;
  const std::uint8_t* const bytes = av_stream_get_side_data(&stream, AV_PKT_DATA_DISPLAYMATRIX, &size);
  std::array<std::int32_t, 9> matrix{};
  if (!bytes || size < sizeof matrix) return {};
  std::memcpy(matrix.data(), bytes, sizeof matrix);
  const double a = matrix[0], b = matrix[1], c = matrix[3], d = matrix[4];
  if (a * d - b * c == 0) return {};
  const auto quarters = std::lround(std::atan2(-c, d) * 2 / std::numbers::pi);
  return {.rotation_deg = static_cast<std::uint16_t>((quarters + 4) % 4 * 90), .flip = a * d - b * c < 0};
}

MediaStream stream_of(const AVStream& stream) {
  const AVCodecParameters& parameters = *stream.codecpar;
  MediaStream made{.index = stream.index, .kind = kind_of(stream), .codec = codec_of(parameters)};
  made.codec_name = avcodec_get_name(parameters.codec_id);
  made.clock = media::facts_of(made.codec).rtp_clock;
  if (media::is_of_files_only(made.codec) && parameters.sample_rate > 0)
    made.clock = ClockRate{static_cast<std::uint32_t>(parameters.sample_rate)};
  if (parameters.extradata_size > 0)
    made.codec_private.assign(parameters.extradata, parameters.extradata + parameters.extradata_size);
  if (made.kind == media::Kind::Video) {
    made.size = {parameters.width, parameters.height};
    made.pixel_aspect = pixel_aspect_of(stream);
    made.orientation = orientation_of(stream);
  }
  if (made.kind == media::Kind::Audio) made.channels = parameters.ch_layout.nb_channels;
  return made;
}

// What a player hears at a packet's time is the decoder's output, which for Opus lies 6.5 ms behind what the
// encoder was given; ticks of Opus mean the latter, as they do in RTP.
constexpr std::int64_t OpusDelay = 312;

// B frames: how far the time of a picture lies before that of one coded ahead of it, at most.
constexpr std::int64_t LongestReordering_s = 10;

// A container that counts milliseconds rounds what follows without a hole.
constexpr int Roundings = 500;  // of a second

}  // namespace

struct MediaFile::Parts {
  // Where a stream has got to.
  struct Progress {
    std::optional<std::int64_t> ticks;
    std::int64_t duration = 0;
    std::optional<PacketLength> lengths;  // of AAC and Vorbis
  };

  FileInput input;
  std::string format;
  std::vector<MediaStream> streams;
  std::vector<Progress> progress;

  Result<MediaFrame> frame_of(const AVPacket& packet);
  Result<std::int64_t> ticks_of(const AVPacket& packet);
};

// The packet's time in ticks of its stream's clock.
Result<std::int64_t> MediaFile::Parts::ticks_of(const AVPacket& packet) {
  const auto index = static_cast<std::size_t>(packet.stream_index);
  const MediaStream& stream = streams[index];
  const std::int64_t time = packet.pts != AV_NOPTS_VALUE ? packet.pts : packet.dts;
  if (time == AV_NOPTS_VALUE)
    return fail(ErrorKind::Damaged, "{}: stream {} has frames without a time", input.path().string(), index);
  const AVRational clock{1, static_cast<int>(stream.clock.hz)};
  std::int64_t ticks = av_rescale_q(time, input.context().streams[index]->time_base, clock);
  if (stream.codec == media::CodecId::Opus) ticks += OpusDelay;
  const Progress& before = progress[index];
  if (!before.ticks) return ticks;
  const bool reorders = stream.codec == media::CodecId::H264 || stream.codec == media::CodecId::H265;
  const std::int64_t least =
      *before.ticks - (reorders ? LongestReordering_s * std::int64_t{stream.clock.hz} : 0);
  if (stream.kind == media::Kind::Video && ticks < least)
    return fail(ErrorKind::Damaged, "{}: stream {} shows pictures in another order than it codes them",
                input.path().string(), index);
  const std::int64_t expected = *before.ticks + before.duration;
  const std::int64_t tolerance =
      before.lengths ? before.lengths->tolerance() : std::int64_t{stream.clock.hz} / Roundings;
  const bool rounded = std::abs(ticks - expected) <= tolerance;
  return stream.kind == media::Kind::Audio && before.duration > 0 && rounded ? expected : ticks;
}

Result<MediaFrame> MediaFile::Parts::frame_of(const AVPacket& packet) {
  const auto index = static_cast<std::size_t>(packet.stream_index);
  MediaFrame made{.stream = packet.stream_index};
  GREFFE_TRY(made.frame.ticks, ticks_of(packet));
  Progress& at = progress[index];
  const std::int64_t step = at.ticks ? made.frame.ticks - *at.ticks : 0;
  if (at.lengths)
    made.frame.duration_ticks =
        at.lengths->of(Bytes(packet.data, static_cast<std::size_t>(packet.size)), step);
  else if (streams[index].kind == media::Kind::Audio && packet.duration > 0)
    made.frame.duration_ticks = av_rescale_q(packet.duration, input.context().streams[index]->time_base,
                                             {1, static_cast<int>(streams[index].clock.hz)});
  made.frame.bytes.assign(packet.data, packet.data + packet.size);
  made.frame.key = (packet.flags & AV_PKT_FLAG_KEY) != 0;
  at.ticks = made.frame.ticks;
  at.duration = made.frame.duration_ticks;
  return made;
}

Result<std::string> find_container(const Path& path) {
  GREFFE_TRY(const InputFile input, open_input(path));
  std::array<std::uint8_t, 8> head{};
  GREFFE_TRY(const std::size_t got, read_at(input.file, 0, head, path));
  if (got < head.size()) return std::string();
  if (std::memcmp(head.data(), "\x1A\x45\xDF\xA3", 4) == 0) return std::string("matroska");
  if (std::memcmp(head.data(), "OggS", 4) == 0) return std::string("ogg");
  if (std::memcmp(head.data() + 4, "ftyp", 4) == 0) return std::string("mp4");
  return std::string();
}

MediaFile::MediaFile(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
MediaFile::MediaFile(MediaFile&&) noexcept = default;
MediaFile::~MediaFile() = default;

Result<MediaFile> MediaFile::open(const Path& path) {
  auto parts = std::make_unique<Parts>();
  GREFFE_TRY(parts->format, find_container(path));
  if (parts->format.empty())
    return fail(ErrorKind::Damaged, "{}: neither Matroska nor Ogg nor MP4", path.string());
  GREFFE_CHECK(parts->input.open(path, parts->format.c_str(), 0));
  const AVFormatContext& context = parts->input.context();
  for (unsigned i = 0; i < context.nb_streams; ++i) parts->streams.push_back(stream_of(*context.streams[i]));
  parts->progress.resize(parts->streams.size());
  for (std::size_t i = 0; i < parts->streams.size(); ++i) {
    const MediaStream& stream = parts->streams[i];
    if (media::is_of_files_only(stream.codec))
      parts->progress[i].lengths.emplace(stream.codec, stream.codec_private);
  }
  return MediaFile(std::move(parts));
}

const std::string& MediaFile::format() const { return parts_->format; }
const std::vector<MediaStream>& MediaFile::streams() const { return parts_->streams; }

void MediaFile::double_clock(int stream) {
  const auto index = static_cast<std::size_t>(stream);
  parts_->streams[index].clock.hz *= 2;
  if (parts_->progress[index].lengths) parts_->progress[index].lengths->set_doubled();
}

std::optional<WallTime> MediaFile::begun() const {
  const AVDictionaryEntry* const entry =
      av_dict_get(parts_->input.context().metadata, "creation_time", nullptr, 0);
  if (!entry) return std::nullopt;
  const auto time = parse_rfc3339(entry->value);
  // MP4 counts from 1904, and writers that know no time leave 0.
  if (!time || civil_time(*time).year < 1990) return std::nullopt;
  return *time;
}

std::optional<Duration> MediaFile::declared_duration() const {
  const std::int64_t duration_us = parts_->input.context().duration;
  constexpr std::int64_t Longest = INT64_MAX / 1000;
  if (duration_us <= 0 || duration_us > Longest) return std::nullopt;
  return Duration(duration_us * 1000);
}

Result<std::optional<MediaFrame>> MediaFile::next() {
  while (true) {
    GREFFE_TRY(const AVPacket* const packet, parts_->input.next());
    if (!packet) return std::nullopt;
    // Streams that appear on the way, and frames without bytes, are nobody's track.
    if (static_cast<std::size_t>(packet->stream_index) >= parts_->streams.size() || packet->size == 0)
      continue;
    GREFFE_TRY(MediaFrame frame, parts_->frame_of(*packet));
    return frame;
  }
}

}  // namespace greffe::container
