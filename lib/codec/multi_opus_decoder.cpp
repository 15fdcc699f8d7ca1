#include "codec/multi_opus_decoder.h"

#include <opus_multistream.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "codec/opus_decoder.h"
#include "codec/stereo_gains.h"

namespace greffe::codec {
namespace {

constexpr int DecodedRate = 48'000;
constexpr std::size_t ShortestFrame = DecodedRate / 400;  // 2.5 ms: libopus conceals in whole multiples of it

// Where the channels of a layout are heard, in the order of Vorbis (RFC 7845 §5.1.1.2): L and R in front, C
// between them, l and r behind or beside, c behind, W the low frequencies.
constexpr std::array<std::string_view, 8> Layouts{"C",     "LR",     "LCR",     "LRlr",
                                                  "LCRlr", "LCRlrW", "LCRlrcW", "LCRlrlrW"};

// As in the figures of RFC 7845 §5.1.1.5: what is to one side goes to it, a little to the other too.
StereoGains gains_of(char place) {
  constexpr float Half = 0.5F, Side = 0.8660254F, Shared = 0.7071068F;
  switch (place) {
    case 'L': return {1, 0};
    case 'R': return {0, 1};
    case 'l': return {Side, Half};
    case 'r': return {Half, Side};
    case 'c': return {Side * Shared, Side * Shared};
    default: return {Shared, Shared};
  }
}

// One for each channel. They add up to 1, from five channels on to 2: seldom are all loud at once.
std::vector<StereoGains> gains_of(std::size_t channels) {
  std::vector<StereoGains> gains;
  float sum = 0;
  for (const char place : Layouts.at(channels - 1)) {
    gains.push_back(gains_of(place));
    sum += gains.back().left;
  }
  const float scale = (channels > 4 ? 2.0F : 1.0F) / sum;
  for (StereoGains& gain : gains) gain = {gain.left * scale, gain.right * scale};
  return gains;
}

struct Closer {
  void operator()(OpusMSDecoder* decoder) const { opus_multistream_decoder_destroy(decoder); }
};

class Decoder final : public AudioDecoder {
 public:
  Decoder(OpusMSDecoder* decoder, std::size_t channels) : decoder_(decoder), gains_(gains_of(channels)) {}

  Result<media::AudioBlock> decode(Bytes packet) override {
    const std::size_t length = opus_samples_in(packet);
    const int made = length == 0 ? OPUS_INVALID_PACKET : run(packet, length, false);
    if (made < 0)
      return fail(ErrorKind::Damaged, "malformed Opus packet of {} bytes: {}", packet.size(),
                  opus_strerror(made));
    return mixed_down(static_cast<std::size_t>(made));
  }

  media::AudioBlock conceal(std::size_t length, Bytes next) override {
    const std::size_t whole = (length + ShortestFrame - 1) / ShortestFrame * ShortestFrame;
    const bool use_copy = opus_samples_in(next) > 0;
    if (run(use_copy ? next : Bytes{}, whole, use_copy) < 0)
      std::fill(decoded_.begin(), decoded_.end(), 0.0F);
    media::AudioBlock block = mixed_down(whole);
    block.samples.resize(length * 2);
    return block;
  }

  void reset() override { opus_multistream_decoder_ctl(decoder_.get(), OPUS_RESET_STATE); }
  std::uint32_t sample_rate_hz() const override { return DecodedRate; }
  int channels() const override { return 2; }

 private:
  int run(Bytes packet, std::size_t length, bool copy) {
    decoded_.assign(length * gains_.size(), 0.0F);
    return opus_multistream_decode_float(decoder_.get(), packet.empty() ? nullptr : packet.data(),
                                         static_cast<opus_int32>(packet.size()), decoded_.data(),
                                         static_cast<int>(length), copy ? 1 : 0);
  }

  media::AudioBlock mixed_down(std::size_t length) const {
    media::AudioBlock block{DecodedRate, 2, std::vector<float>(length * 2)};
    for (std::size_t i = 0; i < length; ++i) {
      for (std::size_t c = 0; c < gains_.size(); ++c) {
        const float sample = decoded_[i * gains_.size() + c];
        block.samples[2 * i] += gains_[c].left * sample;
        block.samples[2 * i + 1] += gains_[c].right * sample;
      }
    }
    return block;
  }

  std::unique_ptr<OpusMSDecoder, Closer> decoder_;
  std::vector<StereoGains> gains_;
  std::vector<float> decoded_;  // interleaved, all channels
};

}  // namespace

Result<std::unique_ptr<AudioDecoder>> make_multi_opus_decoder(const media::OpusMapping& mapping,
                                                              int output_gain) {
  const std::size_t channels = mapping.channels.size();
  if (channels == 0 || channels > Layouts.size())
    return fail(ErrorKind::Damaged, "Opus of {} channels: 1 to {} can be heard", channels, Layouts.size());
  int error = OPUS_OK;
  OpusMSDecoder* decoder =
      opus_multistream_decoder_create(DecodedRate, static_cast<int>(channels), mapping.streams,
                                      mapping.coupled, mapping.channels.data(), &error);
  if (error != OPUS_OK) return fail("Opus decoder of {} streams: {}", mapping.streams, opus_strerror(error));
  opus_multistream_decoder_ctl(decoder, OPUS_SET_GAIN(output_gain));
  return std::make_unique<Decoder>(decoder, channels);
}

}  // namespace greffe::codec
