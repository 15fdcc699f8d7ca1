// The sound of a film → its packets.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "codec/sound_encoder.h"
#include "film/film_coding.h"

namespace greffe::film {

// A packet as the film's muxer takes it.
struct SoundPacket {
  std::vector<std::uint8_t> bytes;
  std::int64_t sample = 0;  // of the film at 48 kHz
  int length = 0;
  int discard = 0;  // samples at its end that are no sound of the film
};

// Packets of one block, in the order in which the codings were given.
using SoundPackets = std::vector<std::vector<SoundPacket>>;

// Codes one sound for each of several films: what is coded of a film does not depend on the others.
//
// A decoder gives what an encoder took only after the encoder's look-ahead. The film's first packet begins at
// time 0 all the same, and nothing of it is to be skipped: what is encoded begins a look-ahead (6.5 ms of
// Opus, 21 ms of AAC) after the film does. Players that know of pre-skip and those that do not then agree,
// and sound begins with the pictures. Its first and last 5 ms fade.
//
// Not thread-safe.
class SoundCoder {
 public:
  // Of `samples` at 48 kHz.
  static Result<SoundCoder> open(std::int64_t samples, const std::vector<FilmCoding>& codings);

  static constexpr int PreSkip = 0;
  std::vector<std::uint8_t> codec_private(std::size_t coding) const {
    return encoders_[coding]->codec_private();
  }

  // The next few packets of each coding, of some perhaps none, from the next of the film's sound, in stereo.
  Result<SoundPackets> code(std::span<const float> stereo);
  // The last ones.
  Result<SoundPackets> finish();

 private:
  using Encoders = std::vector<std::unique_ptr<codec::SoundEncoder>>;

  SoundCoder(Encoders encoders, std::int64_t samples) : encoders_(std::move(encoders)), samples_(samples) {}

  Result<std::vector<SoundPacket>> code_with(codec::SoundEncoder& encoder,
                                             std::span<const float> stereo) const;
  std::vector<SoundPacket> placed(const codec::SoundEncoder& encoder,
                                  std::vector<codec::SoundFrame> coded) const;

  Encoders encoders_;
  std::int64_t samples_;
  std::int64_t coded_ = 0;  // up to this sample of the film
};

}  // namespace greffe::film
