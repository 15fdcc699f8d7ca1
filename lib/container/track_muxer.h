// Writes one track as Matroska: the received codec bits, unchanged, at their meeting time rounded to
// milliseconds.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/file.h"
#include "media/audio_format.h"
#include "media/coded_frame.h"
#include "units/time.h"

namespace greffe::container {

struct TrackFormat {
  media::CodecId codec = media::CodecId::Unknown;
  media::PictureSize size;   // of the first key frame, for video
  media::AudioFormat audio;  // for audio: rate of L16, channels as the file shall name them, Opus mapping
  std::string title;         // the participant's name, shown by players
  // Matroska's CodecPrivate, of the codecs that have one (avcC, hvcC, av1C); Opus gets its head by itself.
  std::vector<std::uint8_t> codec_private;
};

// The file is not synced and is complete only after finish(). The same frames give the same bytes (no dates,
// no random ids). Times may be negative: media before the meeting's start is kept.
class TrackMuxer {
 public:
  static Result<TrackMuxer> create(const Path& path, const TrackFormat& format);
  TrackMuxer(TrackMuxer&&) noexcept;
  ~TrackMuxer();

  // Frames in order of time; a time at or below the one before is written one millisecond later, since
  // Matroska cannot hold both (the sidecar has the exact ticks).
  Status write(const media::CodedFrame& frame, MeetingTime at, Duration duration);
  Status finish();

 private:
  struct Parts;
  explicit TrackMuxer(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace greffe::container
