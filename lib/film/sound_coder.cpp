#include "film/sound_coder.h"

#include <algorithm>

#include "film/film_sound.h"

namespace greffe::film {

Result<SoundCoder> SoundCoder::open(std::int64_t samples, const std::vector<FilmCoding>& codings) {
  Encoders encoders;
  for (const FilmCoding& coding : codings) {
    GREFFE_TRY(auto encoder, codec::SoundEncoder::create(coding.sound, coding.sound_bitrate_bps));
    encoders.push_back(std::move(encoder));
  }
  return SoundCoder(std::move(encoders), samples);
}

// `stereo` is sound from coded_ on. What lies within the encoder's look-ahead is left out, and what comes
// next fades in.
Result<std::vector<SoundPacket>> SoundCoder::code_with(codec::SoundEncoder& encoder,
                                                       std::span<const float> stereo) const {
  const std::int64_t first = encoder.lookahead();
  const std::int64_t length = static_cast<std::int64_t>(stereo.size() / 2);
  if (coded_ + length <= first) return std::vector<SoundPacket>{};
  if (coded_ >= first + FadeSamples) {
    GREFFE_TRY(auto coded, encoder.encode(stereo));
    return placed(encoder, std::move(coded));
  }
  const std::int64_t skipped = std::max<std::int64_t>(0, first - coded_);
  std::vector<float> faded(stereo.begin() + 2 * skipped, stereo.end());
  for (std::size_t i = 0; i + 1 < faded.size(); i += 2) {
    const std::int64_t since = coded_ + skipped + static_cast<std::int64_t>(i / 2) - first;
    if (since >= FadeSamples) break;
    faded[i] *= static_cast<float>(since + 1) / FadeSamples;
    faded[i + 1] *= static_cast<float>(since + 1) / FadeSamples;
  }
  GREFFE_TRY(auto coded, encoder.encode(faded));
  return placed(encoder, std::move(coded));
}

std::vector<SoundPacket> SoundCoder::placed(const codec::SoundEncoder& encoder,
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

Result<SoundPackets> SoundCoder::code(std::span<const float> stereo) {
  SoundPackets packets(encoders_.size());
  for (std::size_t i = 0; i < encoders_.size(); ++i) {
    GREFFE_TRY(packets[i], code_with(*encoders_[i], stereo));
  }
  coded_ += static_cast<std::int64_t>(stereo.size() / 2);
  return packets;
}

Result<SoundPackets> SoundCoder::finish() {
  SoundPackets packets(encoders_.size());
  for (std::size_t i = 0; i < encoders_.size(); ++i) {
    GREFFE_TRY(auto coded, encoders_[i]->finish());
    packets[i] = placed(*encoders_[i], std::move(coded));
  }
  return packets;
}

}  // namespace greffe::film
