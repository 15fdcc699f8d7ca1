#include "codec/g711.h"

#include <array>

#include "codec/waveform_concealer.h"

namespace greffe::codec {
namespace {

using Table = std::array<float, 256>;

// G.711 §2, 14 bits scaled to 16: sign, three bits of chord, four of step, all inverted.
constexpr float mu_law_sample(std::uint8_t octet) {
  const int code = ~octet & 0xFF;
  const int magnitude = ((((code & 0x0F) << 3) + 0x84) << (code >> 4 & 7)) - 0x84;
  return static_cast<float>((code & 0x80) != 0 ? -magnitude : magnitude) / 32768.0F;
}

// G.711 §2, 13 bits scaled to 16: even bits inverted, sign bit set for positive.
constexpr float a_law_sample(std::uint8_t octet) {
  const int code = octet ^ 0x55;
  const int chord = code >> 4 & 7;
  const int step = ((code & 0x0F) << 4) + 8;
  const int magnitude = chord == 0 ? step : (step + 0x100) << (chord - 1);
  return static_cast<float>((code & 0x80) != 0 ? magnitude : -magnitude) / 32768.0F;
}

constexpr Table table_of(float (*sample)(std::uint8_t)) {
  Table table{};
  for (unsigned octet = 0; octet < table.size(); ++octet)
    table[octet] = sample(static_cast<std::uint8_t>(octet));
  return table;
}

constexpr Table MuLaw = table_of(mu_law_sample);
constexpr Table ALaw = table_of(a_law_sample);

class G711Decoder final : public AudioDecoder {
 public:
  explicit G711Decoder(const Table& table) : table_(table), concealer_(Rate) {}

  Result<media::AudioBlock> decode(Bytes packet) override {
    media::AudioBlock block{Rate, 1, {}};
    block.samples.reserve(packet.size());
    for (const std::uint8_t octet : packet) block.samples.push_back(table_[octet]);
    concealer_.heard(block.samples);
    return block;
  }
  media::AudioBlock conceal(std::size_t length, Bytes) override {
    return {Rate, 1, concealer_.conceal(length)};
  }
  void reset() override { concealer_.reset(); }
  std::uint32_t sample_rate_hz() const override { return Rate; }
  int channels() const override { return 1; }

 private:
  static constexpr std::uint32_t Rate = 8'000;
  const Table& table_;
  WaveformConcealer concealer_;
};

}  // namespace

std::unique_ptr<AudioDecoder> make_g711_decoder(G711Law law) {
  return std::make_unique<G711Decoder>(law == G711Law::Mu ? MuLaw : ALaw);
}

}  // namespace greffe::codec
