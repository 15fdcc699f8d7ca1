#include "film/film_sound.h"

#include <algorithm>

#include "film/film_pan.h"
#include "film/open_track_sound.h"
#include "mixer/loudness.h"

namespace greffe::film {
namespace {

constexpr std::int64_t SamplesAtOnce = 9600;  // 200 ms

// The sound of a track that is opened when its first sample is due. One whose content does not
// open is silence, and damage.
class DueSound final : public mixer::SoundSource {
 public:
  DueSound(const timeline::MeetingFolder& folder, const timeline::TrackSidecar& track, DamageLog& damage)
      : folder_(folder), track_(track), damage_(damage) {}

  Result<std::optional<mixer::SoundPiece>> next() override {
    if (!sound_) {
      auto opened = open_track_sound(folder_, track_, damage_);
      GREFFE_CHECK(unless_damaged(opened));
      if (!opened) {
        damage_.add({"track-not-heard", track_.track, "", 0, 1, opened.error().message()});
        return std::nullopt;
      }
      sound_ = std::move(*opened);
    }
    return sound_->next();
  }

 private:
  const timeline::MeetingFolder& folder_;
  const timeline::TrackSidecar& track_;
  DamageLog& damage_;
  std::unique_ptr<mixer::SoundSource> sound_;
};

// What is played to a meeting has sides of its own.
mixer::Pan pan_for(const timeline::TrackSidecar& track, const SoundMix& mix) {
  if (!mix.pan || track.role == "screen-audio") return {};
  return mixer::Pan(pan_of(track.participant, *mix.pan));
}

// What sets a decoder's first sample before its frame's time is less than this.
constexpr Duration LongestAdvance = std::chrono::milliseconds(100);

}  // namespace

FilmSound::FilmSound(const timeline::MeetingFolder& folder, std::int64_t samples, const SoundMix& mix,
                     DamageLog& damage)
    : samples_(samples) {
  for (const timeline::TrackSidecar& track : folder.meeting.tracks) {
    if (media::facts_of(track.codec).kind != media::Kind::Audio || track.frames == 0) continue;
    mixer_.add(std::make_unique<DueSound>(folder, track, damage),
               std::max(track.range.start, MeetingTime::min() + LongestAdvance) - LongestAdvance,
               mixer::factor_of(gain_of(track.track, mix.gains)), pan_for(track, mix));
  }
}

// `stereo` is sound from mixed_ on.
void FilmSound::fade_end(std::span<float> stereo) const {
  std::int64_t left = samples_ - mixed_;
  for (std::size_t i = 0; i + 1 < stereo.size(); i += 2, --left) {
    if (left > FadeSamples) continue;
    stereo[i] *= static_cast<float>(left) / FadeSamples;
    stereo[i + 1] *= static_cast<float>(left) / FadeSamples;
  }
}

// In blocks of one length from sample 0 on, whatever codes them: where they are cut has a say in the last
// bits of resampled sound.
Result<std::optional<media::AudioBlock>> FilmSound::next() {
  const std::int64_t length = std::min(SamplesAtOnce, samples_ - mixed_);
  if (length <= 0) return std::nullopt;
  GREFFE_TRY(media::AudioBlock block, mixer_.next(static_cast<std::size_t>(length)));
  fade_end(block.samples);
  mixed_ += length;
  return block;
}

}  // namespace greffe::film
