// A recording of another platform as a file of streams: WebM, Matroska, Ogg, MP4.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/file.h"
#include "media/coded_frame.h"
#include "units/time.h"

namespace greffe::container {

// The container that the first bytes of a file show: "matroska" (WebM too), "ogg" or "mp4"; empty for others.
Result<std::string> find_container(const Path& path);

struct MediaStream {
  int index = 0;  // in the file, from 0
  media::Kind kind = media::Kind::Data;
  media::CodecId codec = media::CodecId::Unknown;
  bool subtitles = false;  // of kind Data
  std::string codec_name;  // libavcodec's, also of a codec greffe does not know
  std::vector<std::uint8_t> codec_private;
  media::PictureSize size;  // as the container says
  media::PixelAspect pixel_aspect;
  media::Orientation orientation;  // how players turn all of its pictures (the display matrix of MP4)
  int channels = 0;
  std::uint32_t sample_rate_hz = 0;  // of sound, as the container says
  // Of the ticks of its frames: that of the codec's RTP; of AAC and Vorbis that of the samples.
  ClockRate clock;
};

// A frame of one stream. Its ticks count from the file's own time zero and may be negative; what sounds with
// ticks 0 of one stream is seen with ticks 0 of another.
struct MediaFrame {
  int stream = 0;
  media::CodedFrame frame;
  // An edit list of MP4 cuts it away: a decoder needs it for what follows, nobody is to see or hear it.
  bool cut_away = false;
  // Octets of the file ahead of it in which no frame was found though some must have been there (Matroska).
  std::uint64_t lost_bytes = 0;
};

// Frames come in the file's order, which in each stream is the order of decoding. Memory does not grow with
// the file. Nothing but the file itself is opened. Not thread-safe.
class MediaFile {
 public:
  static Result<MediaFile> open(const Path& path);
  MediaFile(MediaFile&&) noexcept;
  ~MediaFile();

  const std::string& format() const;  // as find_container() says
  const std::vector<MediaStream>& streams() const;
  // Of a stream of AAC whose packets make twice the rate that the file names (SBR): the ticks of frames that
  // come from here on are samples of that rate.
  void double_clock(int stream);

  // When the file says that it was begun (Matroska's DateUTC, MP4's creation time): the recorder's word for
  // time zero, in whole seconds with MP4. nullopt where it says nothing or an absurd time.
  std::optional<WallTime> begun() const;

  // From time zero to the end of what has been read, of any stream; what is not said to last lasts as long as
  // what came before it.
  Duration read_until() const;
  // From time zero to the end of the longest stream, as the file's head says; nullopt where it says nothing.
  std::optional<Duration> declared_duration() const;

  // The next frame of any stream, or nullopt at the end. Fails with kind Damaged where the file breaks off. A
  // stream ends (see whole()) where its times go back though its codec knows no B frames, a frame is cut, an
  // edit list goes on behind a cut, or its codec is set up anew in mid-stream, but for the parameter sets of
  // H.264 and H.265: those stand in front of the frames that need them. In Ogg
  // sound that begins anew (a chain, RFC 3533 §4) goes on where the link before ended. Sound that an edit
  // list cuts away is left out, and so are streams of neither sound nor pictures, and covers.
  Result<std::optional<MediaFrame>> next();
  // Why nothing more of a stream was given, with kind Damaged.
  Status whole(int stream) const;

 private:
  struct Parts;
  explicit MediaFile(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace greffe::container
