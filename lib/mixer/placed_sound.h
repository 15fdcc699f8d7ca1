// One source's runs, laid on the 48 kHz grid of the meeting.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "mixer/low_pass.h"
#include "mixer/pan.h"
#include "mixer/sound_source.h"

namespace greffe::mixer {

constexpr std::int64_t MixRate = 48'000;

// Output sample k lies at k / 48000 s of meeting time. Where it falls in a run is worked out from the run's
// line for each call, not summed up, so a track of hours stays on the clock. Runs start and end with fades of
// 5 ms; between them there is nothing, which costs nothing.
class PlacedSound {
 public:
  // The source's first sample lies at `due` or later: before, it is not asked. It is let go once it has
  // ended.
  explicit PlacedSound(std::unique_ptr<SoundSource> source, MeetingTime due = MeetingTime::min(),
                       float gain = 1.0F, Pan pan = {})
      : source_(std::move(source)), due_(due), gain_(gain), pan_(std::move(pan)) {}

  // Adds the samples from `first` on to interleaved stereo. `first` never goes back.
  Status add_to(std::int64_t first, std::span<float> stereo);

 private:
  struct Run {
    SampleLine line;
    std::int64_t first_output = 0;  // smallest k at or after the start
    int channels = 1;
    bool ended = false;
    std::int64_t faded_in = 0;      // outputs given so far, up to the length of the fade
    std::int64_t buffer_first = 0;  // index in the run of the first buffered sample
    std::array<std::vector<float>, 2> buffer;
    std::vector<LowPass> low_pass;  // of each channel, where the sound is denser than the output

    std::int64_t buffer_end() const { return buffer_first + static_cast<std::int64_t>(buffer[0].size()); }
    // Where output k falls: a sample of the run and what is left in 2^-32 of one.
    struct Position {
      std::int64_t whole = 0;
      std::uint32_t fraction = 0;
    };
    Position position_of(std::int64_t output) const;
    // First output at or behind sample `index`.
    std::int64_t output_at(std::int64_t index) const;
    void append(const media::AudioBlock& block);
    void append_silence(int length);
    void end();
    void drop_before(std::int64_t index);
    void render(std::int64_t first, std::int64_t end, float loudness, Pan& pan, float* stereo);
  };

  Status open_run();
  bool is_due(std::int64_t end) const;
  // The source's next piece into `piece`; none at its end.
  Status pull(std::optional<SoundPiece>& piece);
  // Buffers enough to render outputs up to `end` of the open run.
  Status fill(std::int64_t first, std::int64_t end);

  std::unique_ptr<SoundSource> source_;  // null once it has ended
  MeetingTime due_;
  float gain_;
  Pan pan_;
  std::optional<Run> run_;
  std::optional<SoundPiece> waiting_;  // starts the next run
};

}  // namespace greffe::mixer
