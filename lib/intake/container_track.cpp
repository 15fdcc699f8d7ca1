#include "intake/container_track.h"

#include <algorithm>

#include "base/progress.h"
#include "codec/av_sound_decoder.h"
#include "units/media_time.h"

namespace greffe::intake {
namespace {

// A file's last frames may last that long, or its streams end apart.
constexpr Duration UnsuspiciousEnd = std::chrono::milliseconds(500);

media::Kind kind_of_role(const std::string& role) {
  return role == "camera" || role == "screen" ? media::Kind::Video : media::Kind::Audio;
}

Result<container::MediaStream> find_stream(const container::MediaFile& file,
                                           const timeline::DescribedTrack& described,
                                           const std::string& place) {
  const media::Kind wanted = kind_of_role(described.role);
  const auto& streams = file.streams();
  const auto found = std::find_if(streams.begin(), streams.end(), [&](const container::MediaStream& stream) {
    return described.stream ? stream.index == *described.stream : stream.kind == wanted;
  });
  if (found == streams.end())
    return fail(ErrorKind::Damaged, "{}: no {} stream{} in it", place, media::name_of(wanted),
                described.stream ? fmt::format(" {}", *described.stream) : "");
  if (found->kind != wanted)
    return fail(ErrorKind::Damaged, "{}: stream {} is {}, a {} is {}", place, found->index,
                media::name_of(found->kind), described.role, media::name_of(wanted));
  if (!media::facts_of(found->codec).supported)
    return fail(ErrorKind::Damaged, "{}: greffe makes no track of {} yet; the file is kept", place,
                found->codec_name);
  return *found;
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

}  // namespace

timeline::ClockMap ContainerTrack::clock_for(WallTime meeting_start) const {
  timeline::ClockMap map{.clock_rate = stream.clock, .witness = "container"};
  timeline::ClockSegment segment{.first_tick = first_tick, .last_tick = last_tick};
  segment.anchor = MeetingTime(begun ? *begun - meeting_start : Duration::zero());
  segment.rate_ticks = stream.clock.hz;
  map.segments.push_back(segment);
  return map;
}

Result<ContainerTrack> survey_container(const timeline::DescribedTrack& described, const std::string& place,
                                        DamageLog& damage) {
  GREFFE_TRY(container::MediaFile file, container::MediaFile::open(described.file));
  ContainerTrack track;
  GREFFE_TRY(track.stream, find_stream(file, described, place));
  GREFFE_CHECK(look_at_first_packet(described.file, track));
  if (track.doubled) file.double_clock(track.stream.index);
  track.begun = described.started_at ? described.started_at : file.begun();
  std::uint64_t frames = 0;
  Duration end{};  // of the last frame of any stream: a file may be cut where this one is silent
  while (true) {
    if (stop_requested()) return fail(ErrorKind::Interrupted, "{}: stopped", place);
    const auto read = file.next();
    if (!read && frames == 0) return tl::unexpected(read.error());
    if (!read)
      damage.add({.condition = "file-breaks-off",
                  .place = place,
                  .unit = "frames",
                  .position = static_cast<std::int64_t>(frames),
                  .text = fmt::format("{} after {} frames", read.error().message(), frames)});
    if (!read || !*read) break;
    const auto& of = file.streams()[static_cast<std::size_t>((*read)->stream)];
    end = std::max(end, media_time((*read)->frame.ticks, of.clock));
    if ((*read)->stream != track.stream.index) continue;
    const std::int64_t ticks = (*read)->frame.ticks;
    if (frames++ == 0) track.first_tick = track.last_tick = ticks;
    track.first_tick = std::min(track.first_tick, ticks);  // B frames: not that of the first
    track.last_tick = std::max(track.last_tick, ticks);
  }
  const auto declared = file.declared_duration();
  if (declared && *declared - end > UnsuspiciousEnd)
    damage.add({.condition = "file-cut",
                .place = place,
                .unit = "ms",
                .position = whole_ms(end),
                .amount = static_cast<std::uint64_t>(whole_ms(*declared - end)),
                .text = fmt::format("ends {} ms earlier than its head says", whole_ms(*declared - end))});
  if (frames == 0) return fail(ErrorKind::Damaged, "{}: stream {} is empty", place, track.stream.index);
  return track;
}

}  // namespace greffe::intake
