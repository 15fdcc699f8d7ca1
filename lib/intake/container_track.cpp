#include "intake/container_track.h"

#include <algorithm>

#include "base/progress.h"
#include "codec/av_sound_decoder.h"
#include "container/file_end.h"
#include "intake/described_streams.h"
#include "units/media_time.h"

namespace greffe::intake {
namespace {

// A file's last frames may last that long, or its streams end apart.
constexpr Duration UnsuspiciousEnd = std::chrono::milliseconds(500);

Result<container::MediaStream> find_numbered(const container::MediaFile& file,
                                             const timeline::DescribedTrack& described,
                                             const std::string& place) {
  for (const container::MediaStream& stream : file.streams()) {
    if (stream.index != *described.stream) continue;
    if (has_role(stream.kind, described.role)) return stream;
    return fail(ErrorKind::Damaged, "{}: stream {} is {}, a {} is {}", place, stream.index,
                media::name_of(stream.kind), described.role, kinds_of(described.role));
  }
  return fail(ErrorKind::Damaged, "{}: no {} stream {} in it", place, kinds_of(described.role),
              *described.stream);
}

// AAC may tell of its high band (SBR) and of its second channel (PS) in its packets alone: half of the sound
// would be lost at the rate that the file names.
Status look_at_first_packet(const Path& path, ContainerTrack& track) {
  if (track.stream.codec != media::CodecId::Aac) return {};
  GREFFE_TRY(container::MediaFile file, container::MediaFile::open(path));
  while (true) {
    const auto read = file.next();
    if (!read || !*read) return {};
    if ((*read)->stream != track.stream.index) continue;
    const auto made = codec::sound_made_of_aac((*read)->frame.bytes, track.stream.codec_private);
    if (!made || made->sample_rate_hz != 2 * track.stream.clock.hz) return {};
    track.doubled = true;
    track.stream.clock.hz = made->sample_rate_hz;
    track.stream.channels = std::max(track.stream.channels, made->channels);
    return {};
  }
}

// Where a file was overwritten or copied in part, its reader goes on behind.
class FileHoles {
 public:
  void see(const container::MediaFrame& frame, ClockRate clock) {
    if (frame.lost_bytes == 0) return;
    if (count_++ == 0) first_ = media_time(frame.frame.ticks, clock);
    bytes_ += frame.lost_bytes;
  }
  void tell(const std::string& place, DamageLog& damage) const {
    if (count_ == 0) return;
    damage.add(
        {.condition = "file-hole",
         .place = place,
         .unit = "bytes",
         .position = whole_ms(first_),
         .amount = bytes_,
         .text = fmt::format("{} octets of it hold no frame that can be read, in {} place(s), the first "
                             "at {} ms",
                             bytes_, count_, whole_ms(first_))});
  }

 private:
  std::uint64_t count_ = 0, bytes_ = 0;
  Duration first_{};
};

// By what its head says, or else by how the file is built: a live recording says nothing at its head.
Status look_at_end(const Path& path, const container::MediaFile& file, const std::string& place,
                   DamageLog& damage) {
  const auto declared = file.declared_duration();
  const Duration end = file.read_until();  // of any stream: a file may be cut where this one is silent
  if (declared && *declared - end > UnsuspiciousEnd) {
    damage.add({.condition = "file-cut",
                .place = place,
                .unit = "ms",
                .position = whole_ms(end),
                .amount = static_cast<std::uint64_t>(whole_ms(*declared - end)),
                .text = fmt::format("ends {} ms earlier than its head says", whole_ms(*declared - end))});
    return {};
  }
  if (damage.count("file-breaks-off") > 0) return {};
  GREFFE_TRY(const auto missing, container::find_missing_end(path, file.format()));
  if (!missing) return {};
  damage.add({.condition = "file-cut",
              .place = place,
              .unit = "bytes",
              .position = whole_ms(end),
              .amount = std::max<std::uint64_t>(missing->bytes, 1),
              .text = fmt::format("ends early, after {} ms: {}", whole_ms(end), missing->why)});
  return {};
}

// In files G.711 and G.722 come at any rate and in several channels; a track holds what RTP has of them. Of
// more than two channels of Opus the mapping must say where each is heard (RFC 7845 §5.1.1.2: family 1).
Status check_form(const container::MediaStream& stream, const std::string& place) {
  constexpr std::size_t Family = 18;
  const media::CodecFacts& facts = media::facts_of(stream.codec);
  const auto& head = stream.codec_private;
  if (stream.codec == media::CodecId::Opus && stream.channels > 2 &&
      (head.size() <= Family || head[Family] != 1))
    return fail(ErrorKind::Damaged,
                "{}: nothing says where the {} channels of its Opus are heard; the file is kept", place,
                stream.channels);
  const bool fixed = stream.codec == media::CodecId::Pcmu || stream.codec == media::CodecId::Pcma ||
                     stream.codec == media::CodecId::G722;
  if (!fixed || (stream.sample_rate_hz == facts.sample_rate_hz && stream.channels == 1)) return {};
  return fail(
      ErrorKind::Damaged,
      "{}: greffe makes no track of {} of {} Hz and {} channel(s), only of {} Hz and one; the file is kept",
      place, stream.codec_name, stream.sample_rate_hz, stream.channels, facts.sample_rate_hz);
}

}  // namespace

timeline::ClockMap ContainerTrack::clock_for(WallTime meeting_start) const {
  timeline::ClockMap map{.clock_rate = stream.clock, .witness = "container"};
  timeline::ClockSegment segment{.first_tick = first_tick, .last_tick = last_tick};
  segment.anchor = MeetingTime(begun ? *begun - meeting_start : Duration::zero());
  segment.rate_ticks = stream.clock.hz;
  map.segments.push_back(segment);
  return map;
}

Result<MeantStreams> find_streams(const timeline::DescribedTrack& described, const std::string& place) {
  GREFFE_TRY(const container::MediaFile file, container::MediaFile::open(described.file));
  MeantStreams meant;
  if (described.stream) {
    GREFFE_TRY(meant.taken.emplace_back(), find_numbered(file, described, place));
    return meant;
  }
  for (const container::MediaStream& stream : file.streams()) {
    if (stream.kind == media::Kind::Data) {
      if (stream.subtitles) meant.left.push_back(stream);
      continue;
    }
    const bool is_first = std::none_of(meant.taken.begin(), meant.taken.end(),
                                       [&](const auto& other) { return other.kind == stream.kind; });
    (is_first && has_role(stream.kind, described.role) ? meant.taken : meant.left).push_back(stream);
  }
  if (meant.taken.empty())
    return fail(ErrorKind::Damaged, "{}: no {} stream in it", place, kinds_of(described.role));
  return meant;
}

void LeftStreams::add(const Path& file, const MeantStreams& streams) {
  for (const container::MediaStream& stream : streams.taken) taken_.emplace(file, stream.index);
  for (const container::MediaStream& stream : streams.left) left_.try_emplace({file, stream.index}, stream);
}

void LeftStreams::tell(DamageLog& damage) const {
  for (const auto& [key, stream] : left_) {
    if (taken_.contains(key)) continue;
    const std::string place = key.first.filename().string();
    if (stream.subtitles) {
      damage.add(
          {.condition = "stream-not-taken",
           .place = place,
           .unit = "streams",
           .position = stream.index,
           .text = fmt::format("{}: stream {} is subtitles, which are taken from a WebVTT or SubRip file "
                               "of their own, as a transcript",
                               place, stream.index)});
      continue;
    }
    damage.add(
        {.condition = "stream-not-taken",
         .place = place,
         .unit = "streams",
         .position = stream.index,
         .text = fmt::format("{}: stream {} is {} that no track of the description means; a track "
                             "with \"stream\": {} takes it",
                             place, stream.index, stream.kind == media::Kind::Audio ? "sound" : "a picture",
                             stream.index)});
  }
}

Result<ContainerTrack> survey_container(const timeline::DescribedTrack& described,
                                        const container::MediaStream& stream, const std::string& place) {
  if (!media::facts_of(stream.codec).supported)
    return fail(ErrorKind::Damaged, "{}: greffe makes no track of {} yet; the file is kept", place,
                stream.codec_name);
  GREFFE_CHECK(check_form(stream, place));
  GREFFE_TRY(container::MediaFile file, container::MediaFile::open(described.file));
  ContainerTrack track{.stream = stream};
  GREFFE_CHECK(look_at_first_packet(described.file, track));
  if (track.doubled) file.double_clock(track.stream.index);
  track.begun = described.started_at ? described.started_at : file.begun();
  FileHoles holes;
  std::uint64_t frames = 0;
  while (true) {
    if (stop_requested()) return fail(ErrorKind::Interrupted, "{}: stopped", place);
    const auto read = file.next();
    if (!read && frames == 0) return tl::unexpected(read.error());
    if (!read)
      track.damage.add({.condition = "file-breaks-off",
                        .place = place,
                        .unit = "frames",
                        .position = static_cast<std::int64_t>(frames),
                        .text = fmt::format("{} after {} frames", read.error().message(), frames)});
    if (!read || !*read) break;
    holes.see(**read, file.streams()[static_cast<std::size_t>((*read)->stream)].clock);
    if ((*read)->stream != track.stream.index) continue;
    const std::int64_t ticks = (*read)->frame.ticks;
    if (frames++ == 0) track.first_tick = track.last_tick = ticks;
    track.first_tick = std::min(track.first_tick, ticks);  // B frames: not that of the first
    track.last_tick = std::max(track.last_tick, ticks);
  }
  if (const Status whole = file.whole(track.stream.index); !whole) {
    if (frames == 0) return tl::unexpected(whole.error());
    track.damage.add({.condition = "file-breaks-off",
                      .place = place,
                      .unit = "frames",
                      .position = static_cast<std::int64_t>(frames),
                      .text = fmt::format("{} after {} frames", whole.error().message(), frames)});
  }
  holes.tell(place, track.damage);
  GREFFE_CHECK(look_at_end(described.file, file, place, track.damage));
  if (frames == 0) return fail(ErrorKind::Damaged, "{}: stream {} is empty", place, track.stream.index);
  return track;
}

}  // namespace greffe::intake
