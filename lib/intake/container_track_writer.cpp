// The second reading of container_track.h.
#include "base/progress.h"
#include "codec/audio_decoder.h"
#include "codec/declared_size.h"
#include "container/track_muxer.h"
#include "intake/container_track.h"
#include "intake/sidecar_builder.h"

namespace greffe::intake {
namespace {

// RFC 7845 §5.1.1: what follows the fixed part of an OpusHead.
std::optional<media::OpusMapping> mapping_of(const std::vector<std::uint8_t>& head, int channels) {
  constexpr std::size_t Family = 18, Streams = 19, Coupled = 20, Table = 21;
  if (channels < 3 || head.size() < Table + static_cast<std::size_t>(channels) || head[Family] != 1)
    return std::nullopt;
  const auto table = head.begin() + Table;
  return media::OpusMapping{head[Streams], head[Coupled], {table, table + channels}};
}

media::AudioFormat audio_of(const container::MediaStream& stream) {
  media::AudioFormat audio = media::audio_format_of(stream.codec);
  audio.channels = std::max(1, stream.channels);
  if (media::is_of_files_only(stream.codec)) audio.clock = stream.clock;
  if (stream.codec == media::CodecId::Opus) {
    audio.mapping = mapping_of(stream.codec_private, stream.channels);
    audio.output_gain = codec::output_gain_of(stream.codec_private);
  }
  if (audio.mapping) audio.codec = media::CodecId::MultiOpus;
  return audio;
}

timeline::TrackSidecar sidecar_of(const TrackOrder& order, const media::AudioFormat& audio) {
  timeline::TrackSidecar sidecar{.track = order.stem,
                                 .participant = order.participant,
                                 .role = order.role,
                                 .codec = audio.codec,
                                 .dump = order.dump,
                                 .clock = order.clock,
                                 .opus_mapping = audio.mapping};
  if (audio.codec == media::CodecId::L16) sidecar.channels = audio.channels;
  if (media::is_of_files_only(audio.codec)) sidecar.channels = std::min(audio.channels, 2);
  return sidecar;
}

// What a depacketizer would have said of the frame.
Status look_at(media::CodedFrame& frame, const container::MediaStream& stream,
               const media::AudioFormat& audio, bool first) {
  if (media::is_of_files_only(stream.codec)) return {};  // the file says how long it is
  if (stream.kind == media::Kind::Audio) {
    frame.duration_ticks = static_cast<std::int64_t>(codec::samples_in(audio, frame.bytes)) * audio.clock.hz /
                           media::facts_of(audio.codec).sample_rate_hz;
    return {};
  }
  GREFFE_TRY(const auto declared,
             codec::declared_size(stream.codec, frame.bytes, frame.key,
                                  codec::unit_length_bytes_of(stream.codec, stream.codec_private)));
  // A player turns all pictures alike.
  if (first && stream.orientation != media::Orientation{}) frame.orientation = stream.orientation;
  frame.size = declared ? declared : first ? std::optional(stream.size) : std::nullopt;
  return {};
}

}  // namespace

Result<timeline::TrackSidecar> write_container_track(const TrackOrder& order, const ContainerTrack& track,
                                                     const Path& folder) {
  const container::MediaStream& stream = track.stream;
  const media::AudioFormat audio = audio_of(stream);
  timeline::TrackSidecar sidecar = sidecar_of(order, audio);
  sidecar.pixel_aspect = stream.pixel_aspect;
  SidecarBuilder builder(sidecar);
  DamageLog damage = track.damage;
  GREFFE_TRY(container::MediaFile file, container::MediaFile::open(order.source.file));
  if (track.doubled) file.double_clock(stream.index);
  container::TrackFormat format{
      .codec = audio.codec, .size = stream.size, .audio = audio, .title = order.name};
  if (stream.kind == media::Kind::Video || media::is_of_files_only(stream.codec))
    format.codec_private = stream.codec_private;
  GREFFE_TRY(container::TrackMuxer muxer,
             container::TrackMuxer::create(folder / (order.stem + ".mkv"), format));
  while (true) {
    if (stop_requested()) return fail(ErrorKind::Interrupted, "{}: stopped", order.source.place);
    auto read = file.next();
    if (!read || !*read) break;  // where it breaks off was told at the first reading
    if ((*read)->stream != stream.index) continue;
    ++sidecar.packets;
    depacketizer::FrameInTrack frame{.frame = std::move((*read)->frame)};
    if (const Status seen = look_at(frame.frame, stream, audio, sidecar.frames == 0); !seen) {
      damage.add({.condition = "frame-malformed",
                  .place = order.source.place,
                  .unit = "frames",
                  .position = frame.frame.ticks,
                  .text = seen.error().message()});
      continue;
    }
    const bool hidden = (*read)->cut_away && stream.kind == media::Kind::Video;
    const MeetingTime at = hidden ? builder.add_hidden(frame.frame) : builder.add(frame);
    GREFFE_CHECK(muxer.write(frame.frame, at, builder.duration_of(frame.frame)));
  }
  GREFFE_CHECK(muxer.finish());
  if (sidecar.frames == 0)
    return fail(ErrorKind::Damaged, "{}: nothing in it can be decoded", order.source.place);
  builder.finish();
  sidecar.damage = damage.entries();
  return sidecar;
}

}  // namespace greffe::intake
