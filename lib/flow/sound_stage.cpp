#include "flow/sound_stage.h"

#include <algorithm>

#include "flow/film_pan.h"
#include "flow/open_track_sound.h"
#include "mixer/loudness.h"

namespace greffe::flow {
namespace {

constexpr std::int64_t SamplesAtOnce = 9600;  // 200 ms
constexpr int FadeSamples = 240;              // 5 ms

// The sound of a track that is opened when its first sample is due. One that does not open is silence, and
// damage.
class DueSound final : public mixer::SoundSource {
 public:
  DueSound(const MeetingFolder& folder, const timeline::TrackSidecar& track, DamageLog& damage)
      : folder_(folder), track_(track), damage_(damage) {}

  Result<std::optional<mixer::SoundPiece>> next() override {
    if (!sound_) {
      auto opened = open_track_sound(folder_, track_, damage_);
      if (!opened) {
        damage_.add({"track-not-heard", track_.track, "", 0, 1, opened.error().message()});
        return std::nullopt;
      }
      sound_ = std::move(*opened);
    }
    return sound_->next();
  }

 private:
  const MeetingFolder& folder_;
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

Result<SoundStage> SoundStage::open(const MeetingFolder& folder, std::int64_t samples,
                                    const std::vector<FilmCoding>& codings, const SoundMix& mix,
                                    DamageLog& damage) {
  Encoders encoders;
  for (const FilmCoding& coding : codings) {
    GREFFE_TRY(auto encoder, codec::SoundEncoder::create(coding.sound, coding.sound_bitrate_bps));
    encoders.push_back(std::move(encoder));
  }
  mixer::Mixer mixer;
  for (const timeline::TrackSidecar& track : folder.meeting.tracks) {
    if (media::facts_of(track.codec).kind != media::Kind::Audio || track.frames == 0) continue;
    mixer.add(std::make_unique<DueSound>(folder, track, damage),
              std::max(track.range.start, MeetingTime::min() + LongestAdvance) - LongestAdvance,
              mixer::factor_of(gain_of(track.track, mix.gains)), pan_for(track, mix));
  }
  return SoundStage(std::move(mixer), std::move(encoders), samples);
}

// `stereo` is sound from mixed_ on.
void SoundStage::fade_end(std::span<float> stereo) const {
  std::int64_t left = samples_ - mixed_;
  for (std::size_t i = 0; i + 1 < stereo.size(); i += 2, --left) {
    if (left > FadeSamples) continue;
    stereo[i] *= static_cast<float>(left) / FadeSamples;
    stereo[i + 1] *= static_cast<float>(left) / FadeSamples;
  }
}

// `stereo` is sound from mixed_ on. What lies within the encoder's look-ahead is left out, and what comes
// next fades in.
Result<std::vector<SoundPacket>> SoundStage::code(codec::SoundEncoder& encoder,
                                                  std::span<const float> stereo) const {
  const std::int64_t first = encoder.lookahead();
  const std::int64_t length = static_cast<std::int64_t>(stereo.size() / 2);
  if (mixed_ + length <= first) return std::vector<SoundPacket>{};
  if (mixed_ >= first + FadeSamples) {
    GREFFE_TRY(auto coded, encoder.encode(stereo));
    return placed(encoder, std::move(coded));
  }
  const std::int64_t skipped = std::max<std::int64_t>(0, first - mixed_);
  std::vector<float> faded(stereo.begin() + 2 * skipped, stereo.end());
  for (std::size_t i = 0; i + 1 < faded.size(); i += 2) {
    const std::int64_t since = mixed_ + skipped + static_cast<std::int64_t>(i / 2) - first;
    if (since >= FadeSamples) break;
    faded[i] *= static_cast<float>(since + 1) / FadeSamples;
    faded[i + 1] *= static_cast<float>(since + 1) / FadeSamples;
  }
  GREFFE_TRY(auto coded, encoder.encode(faded));
  return placed(encoder, std::move(coded));
}

std::vector<SoundPacket> SoundStage::placed(const codec::SoundEncoder& encoder,
                                            std::vector<codec::SoundFrame> coded) const {
  std::vector<SoundPacket> packets;
  for (codec::SoundFrame& packet : coded) {
    // What went in first is sample lookahead() of the film.
    const std::int64_t sample = packet.first_sample + encoder.lookahead();
    // Only the very end goes beyond the last sample of the film.
    const std::int64_t beyond = sample + packet.length - samples_;
    const int discard = static_cast<int>(std::clamp<std::int64_t>(beyond, 0, packet.length));
    packets.push_back({std::move(packet.bytes), sample, packet.length, discard});
  }
  return packets;
}

// The mix begins at sample 0 in blocks of one length, whatever codes it: where they are cut has a say in the
// last bits of resampled sound.
Result<std::optional<SoundPackets>> SoundStage::next() {
  if (finished_) return std::nullopt;
  SoundPackets packets(encoders_.size());
  if (mixed_ < samples_) {
    const std::int64_t length = std::min(SamplesAtOnce, samples_ - mixed_);
    GREFFE_TRY(media::AudioBlock block, mixer_.next(static_cast<std::size_t>(length)));
    fade_end(block.samples);
    for (std::size_t i = 0; i < encoders_.size(); ++i) {
      GREFFE_TRY(packets[i], code(*encoders_[i], block.samples));
    }
    mixed_ += length;
  } else {
    finished_ = true;
    for (std::size_t i = 0; i < encoders_.size(); ++i) {
      GREFFE_TRY(auto coded, encoders_[i]->finish());
      packets[i] = placed(*encoders_[i], std::move(coded));
    }
  }
  return packets;
}

}  // namespace greffe::flow
