// Coded pictures, sound and cues → one film file.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "container/film_container.h"
#include "media/coded_frame.h"
#include "units/time.h"

namespace greffe::container {

// A place in the film that players offer to go to. Each ends where the next begins.
struct FilmChapter {
  MeetingTime start{};
  std::string title;
};

struct FilmFormat {
  FilmContainer container = FilmContainer::WebM;
  media::CodecId video = media::CodecId::Vp9;
  media::PictureSize size;
  std::int32_t rate_numerator = 25;  // pictures per second
  std::int32_t rate_denominator = 1;
  bool variable_rate = false;  // pictures have times of their own; not in MP4
  // avcC, av1C or FFV1's configuration record; empty for VP8 and VP9.
  std::vector<std::uint8_t> video_private;
  media::CodecId sound = media::CodecId::Opus;  // stereo at 48 kHz
  // OpusHead (RFC 7845 §5.1), AudioSpecificConfig or STREAMINFO.
  std::vector<std::uint8_t> sound_private;
  int pre_skip = 0;       // samples at 48 kHz
  bool captions = false;  // a track of cues, which players do not show by default
  std::string language;   // of sound and cues: BCP 47, may be empty
  std::string title;
  std::vector<FilmChapter> chapters;  // in order of time
  MeetingTime end{};                  // of the last chapter
};

// The same frames give the same bytes: no dates, no random ids. Caller gives everything in order of time over
// all tracks. The file is complete, though not synced, after finish(). MP4 can be played while it is still
// loading: its head stands in front.
class FilmMuxer {
 public:
  // `path` exists or not; what it holds is replaced.
  static Result<FilmMuxer> create(const Path& path, const FilmFormat& format);
  FilmMuxer(FilmMuxer&&) noexcept;
  ~FilmMuxer();

  // `frame.ticks` counts pictures from 0; at a variable rate, milliseconds, and `duration_ticks` is how long
  // the picture stays.
  Status write_video(const media::CodedFrame& frame);
  // `sample`: the first that a decoder gives for this packet, pre-skip counted, at 48 kHz; 0 for the first
  // packet of an encoder. `discard`: samples at its end that belong to no sound of the film.
  Status write_audio(Bytes packet, std::int64_t sample, int length, int discard);
  // `text` is WebVTT cue text ("<v Ann>hello"), in MP4 plain text. In order of start.
  Status write_caption(std::string_view text, TimeRange range);
  Status finish();

 private:
  struct Parts;
  explicit FilmMuxer(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace greffe::container
