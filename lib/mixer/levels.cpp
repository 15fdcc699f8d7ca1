#include "mixer/levels.h"

#include <algorithm>
#include <cmath>
#include <span>

namespace greffe::mixer {
namespace {
constexpr std::uint8_t Silence = 127;
}

std::uint8_t level_of(std::span<const float> samples) {
  double energy = 0;
  for (const float sample : samples) energy += double{sample} * sample;
  if (samples.empty() || energy <= 0) return Silence;
  const double level = -10.0 * std::log10(energy / static_cast<double>(samples.size()));
  return static_cast<std::uint8_t>(std::lround(std::clamp(level, 0.0, double{Silence})));
}

Result<std::vector<std::uint8_t>> levels_of(SoundSource& source, TimeRange range, Duration step) {
  const std::int64_t count = range.empty() ? 0 : (range.duration() + step - Duration(1)) / step;
  std::vector<std::uint8_t> levels(static_cast<std::size_t>(count), Silence);
  SampleLine line;
  std::int64_t index = 0;  // in the run
  while (true) {
    GREFFE_TRY(const std::optional<SoundPiece> piece, source.next());
    if (!piece) return levels;
    if (piece->new_run) {
      line = *piece->new_run;
      index = 0;
    }
    const std::span<const float> samples = piece->block.samples;
    const auto channels = static_cast<std::size_t>(piece->block.channels);
    const std::size_t slice = std::max<std::size_t>(1, piece->block.sample_rate_hz / 50) * channels;
    for (std::size_t at = 0; at < samples.size(); at += slice) {
      const auto part = samples.subspan(at, std::min(slice, samples.size() - at));
      const std::int64_t place =
          (line.at(index + static_cast<std::int64_t>(at / channels)) - range.start) / step;
      if (place < 0 || place >= count) continue;
      std::uint8_t& level = levels[static_cast<std::size_t>(place)];
      level = std::min(level, level_of(part));
    }
    index += static_cast<std::int64_t>(piece->block.length());
  }
}

}  // namespace greffe::mixer
