#include "container/media_file.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <numbers>
#include <utility>

#include "container/block_walk.h"
#include "container/file_input.h"
#include "container/packet_length.h"
#include "media/h264_headers.h"
#include "media/h265_headers.h"

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
  made.subtitles = parameters.codec_type == AVMEDIA_TYPE_SUBTITLE;
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
  if (made.kind == media::Kind::Audio) {
    made.channels = parameters.ch_layout.nb_channels;
    made.sample_rate_hz = static_cast<std::uint32_t>(std::max(parameters.sample_rate, 0));
  }
  return made;
}

// What a player hears at a packet's time is the decoder's output, which for Opus lies 6.5 ms behind what the
// encoder was given; ticks of Opus mean the latter, as they do in RTP.
constexpr std::int64_t OpusDelay = 312;

// B frames: how far the time of a picture lies before that of one coded ahead of it, at most.
constexpr std::int64_t LongestReordering_s = 10;

// Pictures that are shown before one that is coded ahead of them: a cut may stand in between.
constexpr int DeepestReordering = 16;

// Of a second: what decoders of sound need to begin (the delays of AAC are of 1024 to 2112 samples).
constexpr int SoundBefore = 20;

// In ticks or nanoseconds: what is beyond is no time, and sums of what is not fit into 64 bits.
constexpr std::int64_t FarthestTime = std::int64_t{1} << 60;

// Packets of sound whose times are carelessly written.
constexpr std::int64_t LongestStepBack_s = 1;

// A container that counts milliseconds rounds what follows without a hole.
constexpr int Roundings = 500;  // of a second

Bytes side_data_of(const AVPacket& packet, AVPacketSideDataType type) {
  std::size_t size = 0;
  const std::uint8_t* const bytes = av_packet_get_side_data(&packet, type, &size);
  return bytes ? Bytes(bytes, size) : Bytes();
}

bool is_of_nal_units(media::CodecId codec) {
  return codec == media::CodecId::H264 || codec == media::CodecId::H265;
}

// lengthSizeMinusOne (ISO/IEC 14496-15 §5.3.3.1, §8.3.3.1).
std::size_t unit_length_bytes_of(media::CodecId codec, Bytes record) {
  const std::size_t at = codec == media::CodecId::H264 ? 4 : 21;
  return at < record.size() ? (record[at] & 3u) + 1 : 4;
}

// A chain of Ogg has the heads of each link among its packets (RFC 7845 §5, Vorbis I §4.2.1).
bool is_head(media::CodecId codec, Bytes packet) {
  const std::string_view text(reinterpret_cast<const char*>(packet.data()), packet.size());
  if (codec == media::CodecId::Opus) return text.starts_with("OpusHead") || text.starts_with("OpusTags");
  return codec == media::CodecId::Vorbis && text.size() > 7 && (text[0] & 1) != 0 &&
         text.substr(1).starts_with("vorbis");
}

// Where a new link's head says what that of the stream's beginning does not. Comments are not of the
// decoder's setup, nor how much of Opus is to be left out at the beginning and which rate it once had.
bool sets_up_anew(Bytes head, const std::vector<std::uint8_t>& setup) {
  constexpr std::size_t PreSkip = 10, PreSkipEnd = 16, OpusTags = 4;
  const std::string_view text(reinterpret_cast<const char*>(head.data()), head.size());
  if (text[OpusTags] == 'T' || text.front() == 3) return false;
  if (text.front() == 'O')
    return head.size() != setup.size() || !std::equal(head.begin(), head.begin() + PreSkip, setup.begin()) ||
           !std::equal(head.begin() + PreSkipEnd, head.end(), setup.begin() + PreSkipEnd);
  return std::search(setup.begin(), setup.end(), head.begin(), head.end()) == setup.end();
}

// The parameter sets of a record, as units in front of a frame.
Result<std::vector<std::uint8_t>> sets_in_front(media::CodecId codec, Bytes record) {
  GREFFE_TRY(const auto sets,
             codec == media::CodecId::H264 ? media::sets_of_avcc(record) : media::sets_of_hvcc(record));
  std::vector<std::uint8_t> front;
  for (const Bytes set : sets) {
    for (std::size_t left = unit_length_bytes_of(codec, record); left-- > 0;)
      front.push_back(static_cast<std::uint8_t>(set.size() >> 8 * left));
    front.insert(front.end(), set.begin(), set.end());
  }
  return front;
}

}  // namespace

// Where a stream's packets end. In nanoseconds.
class EndWatch {
 public:
  void see(const AVPacket& packet, AVRational time_base) {
    if (packet.pts == AV_NOPTS_VALUE) return;
    constexpr AVRational Nanoseconds{1, 1'000'000'000};
    const std::int64_t at = av_rescale_q(packet.pts, time_base, Nanoseconds);
    if (at > FarthestTime || at < -FarthestTime || packet.duration > INT32_MAX) return;
    const std::int64_t lasts =
        packet.duration > 0 ? av_rescale_q(packet.duration, time_base, Nanoseconds) : at - last_;
    last_ = at;
    end_ = std::max(end_, at + std::max<std::int64_t>(lasts, 0));
  }
  std::int64_t end() const { return end_; }

 private:
  std::int64_t last_ = 0, end_ = 0;
};

struct MediaFile::Parts {
  // Where a stream has got to.
  struct Progress {
    std::optional<std::int64_t> ticks;
    std::int64_t duration = 0;
    std::optional<PacketLength> lengths;  // of AAC and Vorbis
    EndWatch end;
    std::int64_t chained = 0;            // ticks of the links before this one
    bool in_new_link = false;            // of which nothing was given yet
    bool shown = false;                  // something of it
    int cut_in_a_row = 0;                // pictures since then
    Status whole;                        // or why nothing more of it is given
    std::vector<std::uint8_t> setup;     // of the codec, as it was said last
    std::vector<std::uint8_t> in_front;  // of key frames: parameter sets the file's head does not have
  };

  FileInput input;
  std::string format;
  std::vector<MediaStream> streams;
  std::vector<Progress> progress;
  BlockWalk blocks;
  std::uint64_t lost_bytes = 0;  // before the next frame

  // nullopt where it is nothing to be given.
  Result<std::optional<MediaFrame>> take(const AVPacket& packet);
  Result<MediaFrame> frame_of(const AVPacket& packet);
  std::int64_t said_duration(const AVPacket& packet);
  Result<std::int64_t> ticks_of(const AVPacket& packet);
  Result<std::int64_t> sound_ticks_of(std::size_t index, std::int64_t ticks);
  tl::unexpected<Error> beyond_all_years(std::size_t index) const {
    return fail(ErrorKind::Damaged, "{}: stream {} has times beyond all years", input.path().string(), index);
  }
  tl::unexpected<Error> set_up_anew(std::size_t index) const {
    return fail(ErrorKind::Damaged, "{}: {} of stream {} is set up anew", input.path().string(),
                streams[index].codec_name, index);
  }
  tl::unexpected<Error> cut_in_the_middle(std::size_t index) const {
    return fail(ErrorKind::Damaged, "{}: an edit list cuts pieces out of the middle of stream {}",
                input.path().string(), index);
  }
  // Sound that is cut away, but for what its decoder needs to begin. Fails where pictures go on behind a cut.
  Result<bool> is_left_out(const MediaFrame& made);
  // The beginning of a link of Opus says how much of it is to be left out.
  void note_link(const AVPacket& packet) {
    Progress& at = progress[static_cast<std::size_t>(packet.stream_index)];
    ByteReader skipped(side_data_of(packet, AV_PKT_DATA_SKIP_SAMPLES));
    if (format == "ogg" && at.ticks && skipped.u32_le() > 0 && !skipped.failed()) at.in_new_link = true;
  }
  // Whether it is the head of a new link of Ogg.
  Result<bool> passes_head(const AVPacket& packet);
  // True where parameter sets must stand in front of this very frame.
  Result<bool> take_setup(std::size_t index, Bytes said);
};

Result<bool> MediaFile::Parts::is_left_out(const MediaFrame& made) {
  const auto index = static_cast<std::size_t>(made.stream);
  const std::int64_t ticks = made.frame.ticks;
  if (streams[index].kind == media::Kind::Audio)
    return made.cut_away && (ticks >= 0 || ticks < -std::int64_t{streams[index].clock.hz} / SoundBefore);
  int& cut = progress[index].cut_in_a_row;
  if (!made.cut_away && cut > DeepestReordering) return cut_in_the_middle(index);
  cut = made.cut_away && progress[index].shown ? cut + 1 : 0;
  progress[index].shown = progress[index].shown || !made.cut_away;
  return false;
}

Result<bool> MediaFile::Parts::passes_head(const AVPacket& packet) {
  const auto index = static_cast<std::size_t>(packet.stream_index);
  const Bytes head(packet.data, static_cast<std::size_t>(packet.size));
  if (format != "ogg" || !is_head(streams[index].codec, head)) return false;
  if (sets_up_anew(head, progress[index].setup)) return set_up_anew(index);
  progress[index].in_new_link = progress[index].ticks.has_value();
  return true;
}

Result<bool> MediaFile::Parts::take_setup(std::size_t index, Bytes said) {
  const MediaStream& stream = streams[index];
  Progress& at = progress[index];
  if (said.empty() || std::equal(said.begin(), said.end(), at.setup.begin(), at.setup.end())) return false;
  if (is_of_nal_units(stream.codec) &&
      unit_length_bytes_of(stream.codec, said) == unit_length_bytes_of(stream.codec, at.setup)) {
    GREFFE_TRY(at.in_front, sets_in_front(stream.codec, said));
  } else if (is_of_nal_units(stream.codec) || media::is_of_files_only(stream.codec)) {
    return set_up_anew(index);
  }
  at.setup.assign(said.begin(), said.end());
  return true;
}

// The packet's time in ticks of its stream's clock.
Result<std::int64_t> MediaFile::Parts::ticks_of(const AVPacket& packet) {
  const auto index = static_cast<std::size_t>(packet.stream_index);
  const MediaStream& stream = streams[index];
  const std::int64_t time = packet.pts != AV_NOPTS_VALUE ? packet.pts : packet.dts;
  if (time == AV_NOPTS_VALUE)
    return fail(ErrorKind::Damaged, "{}: stream {} has frames without a time", input.path().string(), index);
  const AVRational clock{1, static_cast<int>(stream.clock.hz)};
  std::int64_t ticks = av_rescale_q(time, input.context().streams[index]->time_base, clock);
  if (ticks > FarthestTime || ticks < -FarthestTime) return beyond_all_years(index);
  if (stream.codec == media::CodecId::Opus) ticks += OpusDelay;
  const Progress& before = progress[index];
  if (!before.ticks) return ticks;
  const bool reorders = stream.codec == media::CodecId::H264 || stream.codec == media::CodecId::H265;
  const std::int64_t least =
      *before.ticks - (reorders ? LongestReordering_s * std::int64_t{stream.clock.hz} : 0);
  if (stream.kind == media::Kind::Video && ticks < least)
    return before.cut_in_a_row > DeepestReordering
               ? cut_in_the_middle(index)
               : fail(ErrorKind::Damaged, "{}: stream {} shows pictures in another order than it codes them",
                      input.path().string(), index);
  return stream.kind == media::Kind::Audio ? sound_ticks_of(index, ticks) : ticks;
}

Result<std::int64_t> MediaFile::Parts::sound_ticks_of(std::size_t index, std::int64_t ticks) {
  const MediaStream& stream = streams[index];
  Progress& before = progress[index];
  const std::int64_t expected = *before.ticks + before.duration;
  if (expected > FarthestTime) return beyond_all_years(index);  // one of many links
  ticks += before.chained;
  // Of links with numbers of their own the demuxer keeps the heads to itself.
  const bool begins_anew = std::exchange(before.in_new_link, false) ||
                           (format == "ogg" && before.duration > 0 && ticks <= *before.ticks);
  if (begins_anew) {
    before.chained += expected - ticks;
    return expected;
  }
  if (ticks < *before.ticks - std::int64_t{stream.clock.hz} * LongestStepBack_s)
    return fail(ErrorKind::Damaged, "{}: the times of stream {} go back", input.path().string(), index);
  const std::int64_t tolerance =
      before.lengths ? before.lengths->tolerance() : std::int64_t{stream.clock.hz} / Roundings;
  return before.duration > 0 && std::abs(ticks - expected) <= tolerance ? expected : ticks;
}

// In ticks of its stream's clock; 0 where the file does not say it, or what it says is no time.
std::int64_t MediaFile::Parts::said_duration(const AVPacket& packet) {
  if (packet.duration <= 0 || packet.duration > INT32_MAX) return 0;
  const auto index = static_cast<std::size_t>(packet.stream_index);
  const AVRational clock{1, static_cast<int>(streams[index].clock.hz)};
  const std::int64_t ticks = av_rescale_q(packet.duration, input.context().streams[index]->time_base, clock);
  return ticks > 0 && ticks <= FarthestTime ? ticks : 0;
}

Result<MediaFrame> MediaFile::Parts::frame_of(const AVPacket& packet) {
  const auto index = static_cast<std::size_t>(packet.stream_index);
  MediaFrame made{.stream = packet.stream_index};
  GREFFE_TRY(made.frame.ticks, ticks_of(packet));
  Progress& at = progress[index];
  GREFFE_TRY(const bool renewed, take_setup(index, side_data_of(packet, AV_PKT_DATA_NEW_EXTRADATA)));
  made.cut_away = (packet.flags & AV_PKT_FLAG_DISCARD) != 0;
  made.lost_bytes = std::exchange(lost_bytes, 0);
  const std::int64_t step = at.ticks ? made.frame.ticks - *at.ticks : 0;
  if (at.lengths)
    made.frame.duration_ticks =
        at.lengths->of(Bytes(packet.data, static_cast<std::size_t>(packet.size)), step);
  else if (streams[index].kind == media::Kind::Audio)
    made.frame.duration_ticks = said_duration(packet);
  made.frame.key = (packet.flags & AV_PKT_FLAG_KEY) != 0;
  if (renewed || made.frame.key) made.frame.bytes = at.in_front;
  made.frame.bytes.insert(made.frame.bytes.end(), packet.data, packet.data + packet.size);
  at.ticks = made.frame.ticks;
  at.duration = made.frame.duration_ticks;
  return made;
}

Result<std::optional<MediaFrame>> MediaFile::Parts::take(const AVPacket& packet) {
  GREFFE_TRY(const bool passed, passes_head(packet));
  if (passed) return std::nullopt;
  note_link(packet);
  if ((packet.flags & AV_PKT_FLAG_CORRUPT) != 0)
    return fail(ErrorKind::Damaged, "{}: a frame is cut", input.path().string());
  GREFFE_TRY(MediaFrame frame, frame_of(packet));
  GREFFE_TRY(const bool left_out, is_left_out(frame));
  if (left_out) return std::nullopt;
  return frame;
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
    parts->progress[i].setup = stream.codec_private;
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

Status MediaFile::whole(int stream) const { return parts_->progress[static_cast<std::size_t>(stream)].whole; }

Duration MediaFile::read_until() const {
  Duration end{};
  for (const Parts::Progress& stream : parts_->progress) end = std::max(end, Duration(stream.end.end()));
  return end;
}

Result<std::optional<MediaFrame>> MediaFile::next() {
  while (true) {
    GREFFE_TRY(const AVPacket* const packet, parts_->input.next());
    if (!packet) return std::nullopt;
    if (parts_->format == "matroska")
      parts_->lost_bytes += parts_->blocks.lost_before(*packet, parts_->input.path());
    // Streams that appear on the way, and frames without bytes, are nobody's track.
    if (static_cast<std::size_t>(packet->stream_index) >= parts_->streams.size() || packet->size == 0)
      continue;
    const auto index = static_cast<std::size_t>(packet->stream_index);
    parts_->progress[index].end.see(*packet, parts_->input.context().streams[index]->time_base);
    Status& whole = parts_->progress[index].whole;
    if (parts_->streams[index].kind == media::Kind::Data || !whole) continue;
    auto frame = parts_->take(*packet);
    if (!frame)
      whole = tl::unexpected(frame.error());  // the other streams go on
    else if (*frame)
      return frame;
  }
}

}  // namespace greffe::container
