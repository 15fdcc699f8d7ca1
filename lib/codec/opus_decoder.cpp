#include "codec/opus_decoder.h"

#include <opus.h>

#include <algorithm>

namespace greffe::codec {
namespace {

constexpr int Rate = 48'000;
constexpr int Channels = 2;
constexpr std::size_t LongestPacket = Rate * 120 / 1000;
constexpr std::size_t ShortestFrame = Rate / 400;  // 2.5 ms: libopus conceals in whole multiples of it

struct Closer {
  void operator()(OpusDecoder* decoder) const { opus_decoder_destroy(decoder); }
};

class Decoder final : public AudioDecoder {
 public:
  explicit Decoder(OpusDecoder* decoder) : decoder_(decoder) {}

  Result<media::AudioBlock> decode(Bytes packet) override {
    const std::size_t length = opus_samples_in(packet);
    if (length == 0) return fail(ErrorKind::Damaged, "malformed Opus packet of {} bytes", packet.size());
    media::AudioBlock block = silence(length);
    const int made = opus_decode_float(decoder_.get(), packet.data(), static_cast<opus_int32>(packet.size()),
                                       block.samples.data(), static_cast<int>(length), 0);
    if (made < 0)
      return fail(ErrorKind::Damaged, "malformed Opus packet of {} bytes: {}", packet.size(),
                  opus_strerror(made));
    block.samples.resize(static_cast<std::size_t>(made) * Channels);
    return block;
  }

  media::AudioBlock conceal(std::size_t length, Bytes next) override {
    const std::size_t whole = (length + ShortestFrame - 1) / ShortestFrame * ShortestFrame;
    media::AudioBlock block = silence(whole);
    // With FEC asked for, libopus conceals what lies before the copy and decodes the copy at the end; without
    // one in the packet it conceals all (opus.h, opus_decode_float).
    const bool use_copy = opus_samples_in(next) > 0;
    const int made =
        use_copy
            ? opus_decode_float(decoder_.get(), next.data(), static_cast<opus_int32>(next.size()),
                                block.samples.data(), static_cast<int>(whole), 1)
            : opus_decode_float(decoder_.get(), nullptr, 0, block.samples.data(), static_cast<int>(whole), 0);
    if (made < 0) std::fill(block.samples.begin(), block.samples.end(), 0.0F);
    block.samples.resize(length * Channels);
    return block;
  }

  void reset() override { opus_decoder_ctl(decoder_.get(), OPUS_RESET_STATE); }
  std::uint32_t sample_rate_hz() const override { return Rate; }
  int channels() const override { return Channels; }

 private:
  static media::AudioBlock silence(std::size_t length) {
    return {Rate, Channels, std::vector<float>(length * Channels)};
  }

  std::unique_ptr<OpusDecoder, Closer> decoder_;
};

}  // namespace

Result<std::unique_ptr<AudioDecoder>> make_opus_decoder(int output_gain) {
  int error = OPUS_OK;
  OpusDecoder* decoder = opus_decoder_create(Rate, Channels, &error);
  if (error != OPUS_OK) return fail("Opus decoder: {}", opus_strerror(error));
  opus_decoder_ctl(decoder, OPUS_SET_GAIN(output_gain));
  return std::make_unique<Decoder>(decoder);
}

std::size_t opus_samples_in(Bytes packet) {
  if (packet.empty()) return 0;
  const int length = opus_packet_get_nb_samples(packet.data(), static_cast<opus_int32>(packet.size()), Rate);
  return length > 0 && static_cast<std::size_t>(length) <= LongestPacket ? static_cast<std::size_t>(length)
                                                                         : 0;
}

}  // namespace greffe::codec
