#include "codec/sound_encoder.h"

#include "codec/av_sound_encoder.h"

namespace greffe::codec {
namespace {

class OpusSound final : public SoundEncoder {
 public:
  explicit OpusSound(OpusEncoder encoder) : encoder_(std::move(encoder)) {}

  int lookahead() const override { return encoder_.lookahead(); }
  std::vector<std::uint8_t> codec_private() const override { return encoder_.head(0); }
  Result<std::vector<SoundFrame>> encode(std::span<const float> stereo) override {
    return encoder_.encode(stereo);
  }
  Result<std::vector<SoundFrame>> finish() override { return encoder_.finish(); }

 private:
  OpusEncoder encoder_;
};

}  // namespace

bool is_sound_codec(media::CodecId codec) {
  return codec == media::CodecId::Opus || codec == media::CodecId::Aac || codec == media::CodecId::Flac;
}

int default_sound_bitrate_bps(media::CodecId codec) {
  return codec == media::CodecId::Opus ? 64'000 : codec == media::CodecId::Aac ? 128'000 : 0;
}

Result<std::unique_ptr<SoundEncoder>> SoundEncoder::create(media::CodecId codec, int bitrate_bps) {
  if (!is_sound_codec(codec)) return fail("greffe does not encode {}", media::facts_of(codec).name);
  if (codec != media::CodecId::Opus) return make_av_sound_encoder(codec, bitrate_bps);
  GREFFE_TRY(OpusEncoder encoder, OpusEncoder::create(bitrate_bps));
  return std::make_unique<OpusSound>(std::move(encoder));
}

}  // namespace greffe::codec
