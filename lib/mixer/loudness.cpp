#include "mixer/loudness.h"

#include <ebur128.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <memory>

namespace greffe::mixer {
namespace {

constexpr double AbsoluteGate = -70;  // LUFS, BS.1770-4 annex 1
constexpr double RelativeGate = -10;  // LU
constexpr double NoiseBelow = -50;    // LUFS
constexpr std::size_t FewestBlocks = 10;
constexpr int MostLift = 1200;                        // hundredths of a decibel
constexpr Duration BlockReach = 5 * LoudnessStep;     // after so much silence no block hears what was before
constexpr std::int32_t FarthestStep = 1'000'000'000;  // three years: of no meeting

double energy_of(double lufs) { return std::pow(10.0, (lufs + 0.691) / 10.0); }
double lufs_of(double energy) { return 10.0 * std::log10(energy) - 0.691; }

struct Closer {
  void operator()(ebur128_state* state) const { ebur128_destroy(&state); }
};

bool is_one(std::span<const float> stereo) {
  for (std::size_t i = 0; i + 1 < stereo.size(); i += 2)
    if (stereo[i] != stereo[i + 1]) return false;
  return true;
}

// The least energy that passes the relative gate.
double gate_of(std::span<const LoudBlock> blocks) {
  double sum = 0;
  for (const LoudBlock& block : blocks) sum += double{block.energy};
  return sum / static_cast<double>(blocks.size()) * std::pow(10.0, RelativeGate / 10);
}

// The mix as it would be: what different people say adds up by energy.
std::vector<LoudBlock> mixed(std::span<const std::vector<LoudBlock>> sounds, std::span<const int> gains) {
  std::vector<LoudBlock> all;
  for (std::size_t i = 0; i < sounds.size(); ++i) {
    if (sounds[i].empty()) continue;
    const double gate = gate_of(sounds[i]);
    const float factor = factor_of(gains[i]);
    // What is too soft to count for a track is too soft to count for the mix.
    for (const LoudBlock& block : sounds[i])
      if (double{block.energy} >= gate) all.push_back({block.step, block.energy * factor * factor});
  }
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.step < b.step; });
  std::size_t kept = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (kept > 0 && all[kept - 1].step == all[i].step)
      all[kept - 1].energy += all[i].energy;
    else
      all[kept++] = all[i];
  }
  all.resize(kept);
  return all;
}

int gain_for(const std::vector<LoudBlock>& blocks, double target_lufs) {
  const Loudness loudness = integrated(blocks);
  if (loudness.blocks == 0) return 0;
  const bool voice = loudness.lufs >= NoiseBelow && loudness.blocks >= FewestBlocks;
  const double gain = 100 * (target_lufs - loudness.lufs);
  return std::min(static_cast<int>(std::lround(gain)), voice ? MostLift : 0);
}

}  // namespace

// One source on its way through the meter.
class MeteredSound::Meter {
 public:
  Status take(const SoundPiece& piece);
  std::vector<LoudBlock> blocks() && { return std::move(blocks_); }

 private:
  Status open(std::uint32_t rate_hz, int channels);
  Status begin_run(const SampleLine& line, const media::AudioBlock& block);
  Status feed(std::span<const float> samples);
  Status feed_silence(Duration length);
  void note_step();
  // First sample of the run at or behind the end of step `step`.
  std::int64_t sample_at(std::int64_t step) const;

  std::unique_ptr<ebur128_state, Closer> state_;
  std::uint32_t rate_hz_ = 0;
  int channels_ = 0;  // that are metered: 1 until two differ
  std::vector<float> one_or_two_;
  SampleLine line_;
  std::int64_t index_ = 0;         // in the run
  std::int64_t step_ = 0;          // that ends next
  std::array<double, 4> steps_{};  // energies of the last steps
  std::vector<LoudBlock> blocks_;
};

std::int64_t MeteredSound::Meter::sample_at(std::int64_t step) const {
  const __int128 ns =
      static_cast<__int128>(step) * LoudnessStep.count() - line_.start.time_since_epoch().count();
  const __int128 scaled = ns * line_.rate_samples;
  return static_cast<std::int64_t>(scaled > 0 ? (scaled + line_.rate_ns - 1) / line_.rate_ns : 0);
}

// A block is the mean of its four steps. Asked for each step alone, the library adds up a quarter of what it
// would for ebur128_loudness_momentary.
void MeteredSound::Meter::note_step() {
  constexpr unsigned StepMs = LoudnessStep / std::chrono::milliseconds(1);
  double lufs = 0;
  const bool known = ebur128_loudness_window(state_.get(), StepMs, &lufs) == EBUR128_SUCCESS;
  std::rotate(steps_.begin(), steps_.begin() + 1, steps_.end());
  steps_.back() = known && std::isfinite(lufs) ? energy_of(lufs) : 0;
  const double energy = (steps_[0] + steps_[1] + steps_[2] + steps_[3]) / 4;
  if (energy > energy_of(AbsoluteGate) && std::abs(step_) < FarthestStep)
    blocks_.push_back({static_cast<std::int32_t>(step_), static_cast<float>(energy)});
  ++step_;
}

Status MeteredSound::Meter::feed(std::span<const float> samples) {
  const auto channels = static_cast<std::size_t>(channels_);
  while (!samples.empty()) {
    const auto left = static_cast<std::int64_t>(samples.size() / channels);
    const std::int64_t length = std::clamp<std::int64_t>(sample_at(step_) - index_, 0, left);
    const auto part = samples.first(static_cast<std::size_t>(length) * channels);
    if (length > 0 && ebur128_add_frames_float(state_.get(), part.data(), static_cast<std::size_t>(length)))
      return fail("out of memory");
    samples = samples.subspan(part.size());
    index_ += length;
    if (index_ >= sample_at(step_)) note_step();
  }
  return {};
}

Status MeteredSound::Meter::feed_silence(Duration length) {
  const std::int64_t samples = length.count() * line_.rate_samples / line_.rate_ns;
  return feed(std::vector<float>(static_cast<std::size_t>(samples * channels_)));
}

// Two channels that are one are metered as one: Opus gives the voices of microphones so.
Status MeteredSound::Meter::open(std::uint32_t rate_hz, int channels) {
  if (state_ && rate_hz == rate_hz_ && channels == channels_) return {};
  if (rate_hz != rate_hz_) steps_ = {};
  rate_hz_ = rate_hz;
  channels_ = channels;
  state_.reset(ebur128_init(static_cast<unsigned>(channels_), rate_hz_, EBUR128_MODE_M));
  if (!state_) return fail("no loudness of {} channels at {} Hz", channels_, rate_hz_);
  if (channels_ == 1) ebur128_set_channel(state_.get(), 0, EBUR128_DUAL_MONO);
  return {};
}

Status MeteredSound::Meter::begin_run(const SampleLine& line, const media::AudioBlock& block) {
  if (state_) {
    const Duration gap = line.start - line_.at(index_);
    GREFFE_CHECK(feed_silence(std::clamp(gap, Duration::zero(), BlockReach)));
  }
  const std::int64_t start = line.start.time_since_epoch().count();
  const std::int64_t next = start / LoudnessStep.count() + (start >= 0 ? 1 : 0);
  step_ = state_ ? std::max(step_, next) : next;
  line_ = line;
  index_ = 0;
  const bool goes_on = state_ && block.sample_rate_hz == rate_hz_;
  return goes_on ? Status{} : open(block.sample_rate_hz, 1);
}

Status MeteredSound::Meter::take(const SoundPiece& piece) {
  if (piece.new_run) GREFFE_CHECK(begin_run(*piece.new_run, piece.block));
  if (!state_) return fail("sound that starts in the middle of a run");
  const std::span<const float> samples = piece.block.samples;
  if (channels_ == 1 && piece.block.channels == 2 && !is_one(samples)) GREFFE_CHECK(open(rate_hz_, 2));
  if (piece.block.channels == channels_) return feed(samples);
  one_or_two_.clear();
  if (channels_ == 1)
    for (std::size_t i = 0; i + 1 < samples.size(); i += 2) one_or_two_.push_back(samples[i]);
  else
    for (const float sample : samples) one_or_two_.insert(one_or_two_.end(), 2, sample);
  return feed(one_or_two_);
}

MeteredSound::MeteredSound(SoundSource& source) : source_(source), meter_(std::make_unique<Meter>()) {}
MeteredSound::~MeteredSound() = default;

Result<std::optional<SoundPiece>> MeteredSound::next() {
  auto piece = source_.next();
  if (piece && *piece) GREFFE_CHECK(meter_->take(**piece));
  return piece;
}

std::vector<LoudBlock> MeteredSound::blocks() && { return std::move(*meter_).blocks(); }

Result<std::vector<LoudBlock>> loudness_of(SoundSource& source) {
  MeteredSound metered(source);
  while (true) {
    GREFFE_TRY(const std::optional<SoundPiece> piece, metered.next());
    if (!piece) return std::move(metered).blocks();
  }
}

Loudness integrated(std::span<const LoudBlock> blocks) {
  if (blocks.empty()) return {-std::numeric_limits<double>::infinity(), 0};
  const double gate = gate_of(blocks);
  double sum = 0;
  std::size_t passed = 0;
  for (const LoudBlock& block : blocks) {
    if (double{block.energy} < gate) continue;
    sum += double{block.energy};
    ++passed;
  }
  return {lufs_of(sum / static_cast<double>(passed)), passed};
}

std::vector<int> gains_for(std::span<const std::vector<LoudBlock>> sounds, double target_lufs) {
  std::vector<int> gains;
  for (const std::vector<LoudBlock>& sound : sounds) gains.push_back(gain_for(sound, target_lufs));
  const Loudness mix = integrated(mixed(sounds, gains));
  if (mix.blocks == 0 || mix.lufs <= target_lufs) return gains;
  const int too_loud = static_cast<int>(std::lround(100 * (mix.lufs - target_lufs)));
  for (int& gain : gains) gain -= too_loud;
  return gains;
}

float factor_of(int gain) { return gain == 0 ? 1.0F : static_cast<float>(std::pow(10.0, gain / 2000.0)); }

LibraryVersions loudness_library_versions() {
  int major = 0, minor = 0, patch = 0;
  ebur128_get_version(&major, &minor, &patch);
  return {{"libebur128", fmt::format("{}.{}.{}", major, minor, patch)}};
}

}  // namespace greffe::mixer
