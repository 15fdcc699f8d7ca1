// All sound of a meeting → the packets of a film.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/damage_log.h"
#include "codec/sound_encoder.h"
#include "flow/film_coding.h"
#include "flow/film_gains.h"
#include "flow/meeting_folder.h"
#include "layout/scene.h"
#include "mixer/mixer.h"

namespace greffe::flow {

// A packet as the film's muxer takes it.
struct SoundPacket {
  std::vector<std::uint8_t> bytes;
  std::int64_t sample = 0;  // of the film at 48 kHz
  int length = 0;
  int discard = 0;  // samples at its end that are no sound of the film
};

struct SoundMix {
  TrackGains gains;
  const layout::ScenePlan* pan = nullptr;  // whose tiles voices are heard from; none: as they were recorded
};

// Packets of one block, in the order in which the codings were given.
using SoundPackets = std::vector<std::vector<SoundPacket>>;

// Mixed once, coded for each of several films: what is coded of a film does not depend on the others.
//
// A decoder gives what an encoder took only after the encoder's look-ahead. The film's first packet begins at
// time 0 all the same, and nothing of it is to be skipped: what is encoded begins a look-ahead (6.5 ms of
// Opus, 21 ms of AAC) after the film does. Players that know of pre-skip and those that do not then agree,
// and sound begins with the pictures. Its first and last 5 ms fade.
//
// Not thread-safe.
class SoundStage {
 public:
  // Sound from meeting time 0 on, `samples` of it at 48 kHz. A track that does not open is damage. `folder`
  // and `damage` must outlive this object.
  static Result<SoundStage> open(const MeetingFolder& folder, std::int64_t samples,
                                 const std::vector<FilmCoding>& codings, const SoundMix& mix,
                                 DamageLog& damage);

  static constexpr int PreSkip = 0;
  std::vector<std::uint8_t> codec_private(std::size_t coding) const {
    return encoders_[coding]->codec_private();
  }

  // The next few packets of each coding, of some perhaps none; nullopt at the end.
  Result<std::optional<SoundPackets>> next();

 private:
  using Encoders = std::vector<std::unique_ptr<codec::SoundEncoder>>;

  SoundStage(mixer::Mixer mixer, Encoders encoders, std::int64_t samples)
      : mixer_(std::move(mixer)), encoders_(std::move(encoders)), samples_(samples) {}

  void fade_end(std::span<float> stereo) const;
  Result<std::vector<SoundPacket>> code(codec::SoundEncoder& encoder, std::span<const float> stereo) const;
  std::vector<SoundPacket> placed(const codec::SoundEncoder& encoder,
                                  std::vector<codec::SoundFrame> coded) const;

  mixer::Mixer mixer_;
  Encoders encoders_;
  std::int64_t samples_;
  std::int64_t mixed_ = 0;  // up to this sample of the film
  bool finished_ = false;
};

}  // namespace greffe::flow
