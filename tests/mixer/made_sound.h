// Sounds that tests make up.
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>
#include <vector>

#include "mixer/sound_source.h"

namespace greffe::mixer {

// Runs of samples made up by a function, in pieces of 20 ms.
class MadeSound final : public SoundSource {
 public:
  struct Run {
    MeetingTime start{};
    std::int64_t length = 0;  // samples
    std::uint32_t rate_hz = 48'000;
    std::int64_t rate_ns = 1'000'000'000;  // that rate_hz samples last
    std::function<float(std::int64_t)> sample;
  };
  explicit MadeSound(std::vector<Run> runs) : runs_(std::move(runs)) {}

  Result<std::optional<SoundPiece>> next() override {
    while (run_ < runs_.size() && at_ >= runs_[run_].length) ++run_, at_ = 0;
    if (run_ == runs_.size()) return std::nullopt;
    const Run& run = runs_[run_];
    SoundPiece piece{{run.rate_hz, 1, {}}, {}};
    if (at_ == 0) piece.new_run = SampleLine{run.start, run.rate_hz, run.rate_ns};
    const std::int64_t end = std::min(run.length, at_ + run.rate_hz / 50);
    for (; at_ < end; ++at_) piece.block.samples.push_back(run.sample(at_));
    ++pieces;
    return piece;
  }
  int pieces = 0;

 private:
  std::vector<Run> runs_;
  std::size_t run_ = 0;
  std::int64_t at_ = 0;
};

inline std::function<float(std::int64_t)> tone(double frequency_hz, double rate_hz, double amplitude = 0.5) {
  return [=](std::int64_t i) {
    return static_cast<float>(
        amplitude * std::sin(2 * std::numbers::pi * frequency_hz * static_cast<double>(i) / rate_hz));
  };
}

inline MeetingTime at_ms(double ms) { return MeetingTime(Duration(static_cast<std::int64_t>(ms * 1e6))); }

}  // namespace greffe::mixer
