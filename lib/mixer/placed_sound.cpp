#include "mixer/placed_sound.h"

#include <algorithm>
#include <cassert>
#include <span>

#include "mixer/resampler.h"

namespace greffe::mixer {
namespace {

constexpr std::int64_t FadeOutputs = MixRate / 200;  // 5 ms
constexpr std::int64_t NsPerSecond = 1'000'000'000;

// Rounded towards minus infinity.
std::int64_t floor_divide(__int128 value, __int128 divisor) {
  const __int128 quotient = value / divisor;
  return static_cast<std::int64_t>(value % divisor != 0 && (value < 0) != (divisor < 0) ? quotient - 1
                                                                                        : quotient);
}

// Samples for each output.
double density_of(const SampleLine& line) {
  return static_cast<double>(line.rate_samples) * NsPerSecond / static_cast<double>(line.rate_ns) / MixRate;
}

}  // namespace

PlacedSound::Run::Position PlacedSound::Run::position_of(std::int64_t output) const {
  // (k / 48000 s − start) × samples per ns × 2^32, the shift last so that 128 bits hold it.
  const __int128 since_start = static_cast<__int128>(output) * NsPerSecond -
                               static_cast<__int128>(line.start.time_since_epoch().count()) * MixRate;
  const __int128 scaled = since_start * line.rate_samples;
  const __int128 divisor = static_cast<__int128>(line.rate_ns) * MixRate;
  const std::int64_t whole = floor_divide(scaled, divisor);
  const __int128 rest = scaled - static_cast<__int128>(whole) * divisor;
  return {whole, static_cast<std::uint32_t>((rest << 32) / divisor)};
}

std::int64_t PlacedSound::Run::output_at(std::int64_t index) const {
  const __int128 ns_times_rate = static_cast<__int128>(line.at(index).time_since_epoch().count()) * MixRate;
  return floor_divide(ns_times_rate + NsPerSecond - 1, NsPerSecond);
}

void PlacedSound::Run::append(const media::AudioBlock& block) {
  assert(block.channels == channels);
  const std::size_t length = block.length(), stride = static_cast<std::size_t>(channels);
  for (std::size_t c = 0; c < stride; ++c) {
    std::vector<float> unfiltered;
    std::vector<float>& samples = low_pass.empty() ? buffer[c] : unfiltered;
    const std::size_t at = samples.size();
    samples.resize(at + length);
    for (std::size_t i = 0; i < length; ++i) samples[at + i] = block.samples[i * stride + c];
    if (!low_pass.empty()) low_pass[c].filter(unfiltered, buffer[c]);
  }
}

void PlacedSound::Run::append_silence(int length) {
  for (std::size_t c = 0; c < static_cast<std::size_t>(channels); ++c)
    buffer[c].resize(buffer[c].size() + static_cast<std::size_t>(length));
}

// No more samples come.
void PlacedSound::Run::end() {
  ended = true;
  for (std::size_t c = 0; c < low_pass.size(); ++c) low_pass[c].finish(buffer[c]);
  append_silence(Resampler::After);
}

void PlacedSound::Run::drop_before(std::int64_t index) {
  const std::int64_t dropped = std::min(index, buffer_end()) - buffer_first;
  if (dropped < MixRate / 10) return;  // moved rarely, in pieces of 100 ms or more
  for (std::size_t c = 0; c < static_cast<std::size_t>(channels); ++c)
    buffer[c].erase(buffer[c].begin(), buffer[c].begin() + dropped);
  buffer_first += dropped;
}

// Adds outputs [first, end), all of whose samples are buffered, times `loudness`. Where a voice is panned, it
// is one: the mean of what the microphone gave.
void PlacedSound::Run::render(std::int64_t first, std::int64_t end, float loudness, Pan& pan, float* stereo) {
  // In 2^-32 samples of the buffer, which is short enough for 64 bits.
  const auto in_buffer = [&](std::int64_t output) {
    const Position position = position_of(output);
    return ((position.whole - buffer_first) << 32) + position.fraction;
  };
  const std::int64_t start = in_buffer(first);
  const std::int64_t step = end - first > 1 ? (in_buffer(end - 1) - start) / (end - 1 - first) : 0;
  const std::int64_t fade_out_from = ended ? output_at(buffer_end() - Resampler::After) - FadeOutputs : end;
  const Resampler& resampler = Resampler::instance();
  for (std::int64_t k = first; k < end; ++k, stereo += 2) {
    const std::int64_t position = start + (k - first) * step;
    const auto at = static_cast<std::size_t>(position >> 32);
    const auto fraction = static_cast<std::uint32_t>(position & 0xFFFF'FFFF);
    float gain = 1.0F;
    if (faded_in < FadeOutputs) gain = static_cast<float>(++faded_in) / static_cast<float>(FadeOutputs);
    if (k >= fade_out_from)
      gain = std::min(gain,
                      static_cast<float>(fade_out_from + FadeOutputs - k) / static_cast<float>(FadeOutputs));
    std::array<float, 2> value{};
    if (fraction == 0) {
      for (std::size_t c = 0; c < static_cast<std::size_t>(channels); ++c) value[c] = buffer[c][at];
    } else {
      const Resampler::Weights weights = resampler.weights(fraction);
      for (std::size_t c = 0; c < static_cast<std::size_t>(channels); ++c)
        value[c] = Resampler::sum(weights, buffer[c].data() + at - Resampler::Before);
    }
    gain *= loudness;
    if (channels == 1) value[1] = value[0];
    if (pan.moves()) {
      const float voice = (value[0] + value[1]) / 2;
      const std::array<float, 2> sides = pan.gains_at(k);
      value = {sides[0] * voice, sides[1] * voice};
    }
    stereo[0] += gain * value[0];
    stereo[1] += gain * value[1];
  }
}

bool PlacedSound::is_due(std::int64_t end) const {
  return static_cast<__int128>(due_.time_since_epoch().count()) * MixRate <
         static_cast<__int128>(end) * NsPerSecond;
}

Status PlacedSound::pull(std::optional<SoundPiece>& piece) {
  piece.reset();
  if (!source_) return {};
  GREFFE_TRY(piece, source_->next());
  if (!piece) source_.reset();
  return {};
}

Status PlacedSound::open_run() {
  if (!waiting_) GREFFE_CHECK(pull(waiting_));
  if (!waiting_) return {};
  if (!waiting_->new_run) return fail("sound that starts in the middle of a run");
  Run run;
  run.line = *waiting_->new_run;
  run.channels = waiting_->block.channels;
  run.buffer_first = -Resampler::Before;
  run.append_silence(Resampler::Before);
  if (const double ratio = density_of(run.line); LowPass::is_needed(ratio))
    run.low_pass.assign(static_cast<std::size_t>(run.channels), LowPass(ratio));
  run.append(waiting_->block);
  run.first_output = run.output_at(0);
  run_ = std::move(run);
  waiting_.reset();
  return {};
}

Status PlacedSound::fill(std::int64_t first, std::int64_t end) {
  Run& run = *run_;
  const std::int64_t first_needed = run.position_of(first).whole - Resampler::Before;
  // The fade at the end of a run must be known of before its first sample is given.
  const std::int64_t last_needed = run.position_of(end + FadeOutputs).whole + Resampler::After;
  while (!run.ended && run.buffer_end() <= last_needed) {
    run.drop_before(first_needed);
    std::optional<SoundPiece> piece;
    GREFFE_CHECK(pull(piece));
    if (piece && !piece->new_run) {
      run.append(piece->block);
      continue;
    }
    waiting_ = std::move(piece);
    run.end();
  }
  run.drop_before(first_needed);
  return {};
}

Status PlacedSound::add_to(std::int64_t first, std::span<float> stereo) {
  const std::int64_t end = first + static_cast<std::int64_t>(stereo.size() / 2);
  if (!run_ && !waiting_ && (!source_ || !is_due(end))) return {};
  std::int64_t at = first;
  while (at < end) {
    if (!run_) GREFFE_CHECK(open_run());
    if (!run_) break;
    at = std::max(at, run_->first_output);
    if (at >= end) break;
    GREFFE_CHECK(fill(at, end));
    const std::int64_t run_end = run_->ended ? run_->output_at(run_->buffer_end() - Resampler::After) : end;
    const std::int64_t stop = std::min(end, run_end);
    if (at < stop) {
      run_->render(at, stop, gain_, pan_, stereo.data() + 2 * (at - first));
      at = stop;
    }
    if (run_->ended && at >= run_end) run_.reset();
  }
  return {};
}

}  // namespace greffe::mixer
