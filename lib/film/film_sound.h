// All sound of a meeting, mixed as a film has it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "base/damage_log.h"
#include "film/film_gains.h"
#include "layout/scene.h"
#include "media/audio_block.h"
#include "mixer/mixer.h"
#include "timeline/meeting_folder.h"

namespace greffe::film {

constexpr int FadeSamples = 240;  // 5 ms at 48 kHz: at both ends of a film

struct SoundMix {
  TrackGains gains;
  const layout::ScenePlan* pan = nullptr;  // whose tiles voices are heard from; none: as they were recorded
};

// Not thread-safe.
class FilmSound {
 public:
  // Sound from meeting time 0 on, `samples` of it at 48 kHz, of which the last fade. A track that does not
  // open is damage. `folder` and `damage` must outlive this object.
  FilmSound(const timeline::MeetingFolder& folder, std::int64_t samples, const SoundMix& mix,
            DamageLog& damage);

  // The next 200 ms in stereo, fewer at the end; then nullopt.
  Result<std::optional<media::AudioBlock>> next();

 private:
  void fade_end(std::span<float> stereo) const;

  mixer::Mixer mixer_;
  std::int64_t samples_;
  std::int64_t mixed_ = 0;  // up to this sample of the film
};

}  // namespace greffe::film
