// NAME.track.json: all that a container cannot hold of a track (DESIGN 2). Schema: schemas/track.schema.json.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/damage_log.h"
#include "json/stream_writer.h"
#include "media/audio_format.h"
#include "media/coded_frame.h"
#include "media/comfort_noise.h"
#include "timeline/clock_map.h"
#include "timeline/tick_runs.h"

namespace greffe::timeline {

// The frames of the clock segment of the same index: the first lies at first_tick, then the runs.
struct FrameTicks {
  std::int64_t first_tick = 0;
  TickRuns runs;
  bool empty = true;  // no frame of the segment could be decoded
};

struct SizeChange {
  MeetingTime at{};
  media::PictureSize size;
};
struct OrientationChange {
  MeetingTime at{};
  media::Orientation orientation;
};
// A stretch of a track where no media came (mute by stopping, DTX, camera off, loss).
struct TrackGap {
  TimeRange range;
  std::string why;  // "lost", "no-media", "comfort-noise"
};
// From a time on, until the next, silence sounds like this.
struct NoiseChange {
  MeetingTime at{};
  media::ComfortNoise noise;
  bool operator==(const NoiseChange&) const = default;
};
// A key pressed, or another event that RFC 4733 numbers.
struct TelephoneEvent {
  TimeRange range;
  std::uint8_t code = 0;
  std::string key;  // "0"…"9", "*", "#", "A"…"D", "flash"; empty for other events
};

// Packets in a row that never came, between the times of the packets around them.
struct PacketLoss {
  TimeRange range;
  std::int64_t first_sequence = 0;  // as sent, plus 65536 for each wrap
  std::uint64_t packets = 0;
  bool operator==(const PacketLoss&) const = default;
};

struct TrackSidecar {
  std::string track;        // file stem: "amelie-camera-1"
  std::string participant;  // id
  std::string role;         // camera, microphone, screen, screen-audio, room
  media::CodecId codec = media::CodecId::Unknown;
  std::string dump;  // "dumps/…": where it came from
  // Of simulcast: the track whose pictures these are at another size; empty for that one itself. One of them
  // is to be shown, never two.
  std::string alternative_of;
  std::string layer;  // the sender's name for the layer (rid, RFC 8851); empty where nothing says it
  std::optional<Ssrc> ssrc;
  std::uint64_t frames = 0;
  std::uint64_t packets = 0;
  std::uint64_t lost = 0;            // numbers whose content never came
  std::uint64_t recovered = 0;       // numbers that never came, their content rebuilt
  std::uint64_t repair_packets = 0;  // beside `packets`: retransmissions and error correction
  std::uint64_t late = 0;
  std::uint64_t duplicates = 0;
  TimeRange range;  // from the first frame to the end of the last
  ClockMap clock;
  std::vector<FrameTicks> ticks;                // one per clock segment
  std::vector<SizeChange> sizes;                // video, as coded: see shown()
  media::PixelAspect pixel_aspect;              // video
  std::vector<OrientationChange> orientations;  // video, when an extension said so
  std::vector<MeetingTime> key_frames;          // video
  // VP9 with spatial layers: spans from key frame to key frame in which the pictures of each size can be
  // decoded without the larger ones of the same superframes.
  std::vector<TimeRange> separable_layers;
  std::vector<TrackGap> gaps;
  std::vector<NoiseChange> comfort_noise;  // audio: what is heard in gaps of that name
  std::vector<PacketLoss> losses;
  std::vector<TelephoneEvent> events;  // audio, by time of their first packet
  std::vector<TimeRange> decodable;    // spans without damage inside
  // RFC 6464 levels, loudest (smallest number) of each 100 ms from range.start on; 127 where nothing came.
  // Empty when the track has none.
  std::vector<std::uint8_t> audio_levels;
  std::uint32_t opus_pre_skip_samples = 0;
  std::optional<int> channels;                     // of L16, AAC and Vorbis: as decoded
  std::optional<media::OpusMapping> opus_mapping;  // of multi-channel Opus
  std::vector<Damage> damage;

  // What a decoder of its sound must know.
  media::AudioFormat audio_format() const {
    return {
        .codec = codec, .clock = clock.clock_rate, .channels = channels.value_or(1), .mapping = opus_mapping};
  }
  // The size at which a coded picture has its shape with square pixels, before it is turned.
  media::PictureSize shown(media::PictureSize coded) const;
  // Meeting times of all frames, in file order. Of long tracks better one by one: see FrameCursor.
  std::vector<MeetingTime> frame_times() const;
};

constexpr Duration AudioLevelStep = std::chrono::milliseconds(100);

// As text, piece by piece: a day of video has megabytes of it.
Status write_sidecar(const TrackSidecar& sidecar, json::Sink sink);
std::string text_of(const TrackSidecar& sidecar);
// Whether the lists that grow with a track are read: who only wants to know about it may leave them out.
enum class SidecarLists : std::uint8_t { Read, LeftOut };
// `place` names the file in messages. Beyond what it gives, this takes little memory.
Result<TrackSidecar> read_sidecar(const json::TextSource& text, const std::string& place,
                                  SidecarLists lists = SidecarLists::Read);

}  // namespace greffe::timeline
