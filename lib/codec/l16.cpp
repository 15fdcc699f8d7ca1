#include "codec/l16.h"

#include "codec/waveform_concealer.h"

namespace greffe::codec {
namespace {

class L16Decoder final : public AudioDecoder {
 public:
  L16Decoder(std::uint32_t rate_hz, std::size_t channels)
      : rate_hz_(rate_hz), concealers_(channels, WaveformConcealer(rate_hz)) {}

  Result<media::AudioBlock> decode(Bytes packet) override {
    const std::size_t length = packet.size() / 2 / concealers_.size();
    if (length == 0) return fail(ErrorKind::Damaged, "L16 packet of {} bytes", packet.size());
    std::vector<std::vector<float>> parted(concealers_.size(), std::vector<float>(length));
    ByteReader reader(packet);
    for (std::size_t i = 0; i < length; ++i)
      for (auto& samples : parted)
        samples[i] = static_cast<float>(static_cast<std::int16_t>(reader.u16())) / 32768.0F;
    for (std::size_t c = 0; c < parted.size(); ++c) concealers_[c].heard(parted[c]);
    return joined(parted, length);
  }

  media::AudioBlock conceal(std::size_t length, Bytes) override {
    std::vector<std::vector<float>> parted;
    for (WaveformConcealer& concealer : concealers_) parted.push_back(concealer.conceal(length));
    return joined(parted, length);
  }

  void reset() override {
    for (WaveformConcealer& concealer : concealers_) concealer.reset();
  }
  std::uint32_t sample_rate_hz() const override { return rate_hz_; }
  int channels() const override { return static_cast<int>(concealers_.size()); }

 private:
  media::AudioBlock joined(const std::vector<std::vector<float>>& parted, std::size_t length) const {
    media::AudioBlock block{rate_hz_, channels(), {}};
    block.samples.reserve(length * parted.size());
    for (std::size_t i = 0; i < length; ++i)
      for (const auto& samples : parted) block.samples.push_back(samples[i]);
    return block;
  }

  std::uint32_t rate_hz_;
  std::vector<WaveformConcealer> concealers_;
};

}  // namespace

std::unique_ptr<AudioDecoder> make_l16_decoder(const media::AudioFormat& format) {
  return std::make_unique<L16Decoder>(format.clock.hz, static_cast<std::size_t>(format.channels));
}

}  // namespace greffe::codec
