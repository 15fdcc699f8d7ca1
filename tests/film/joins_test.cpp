// Whether joins click, in numbers: the largest step between two samples of the mix, against the largest that
// the sound itself has.
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "film/track_sound.h"
#include "mixer/mixer.h"

namespace greffe::film {
namespace {

constexpr double Loudest = 0.5, Frequency = 200;
constexpr int Rate = 16'000;
constexpr double OwnStep = Loudest * 2 * std::numbers::pi * Frequency / 48'000;  // 0.013 at 48 kHz
// A fade of 5 ms over the whole height adds so much, and so does what is evened out at a seam.
constexpr double FadeStep = 2 * Loudest / 240;

struct Part {
  std::int64_t tick = 0;
  int length = 320;
  bool malformed = false;
};

// L16 of a tone that goes on in RTP time, so that what is missing or repeated makes a seam.
class JoinsOf {
 public:
  explicit JoinsOf(const std::vector<Part>& parts) {
    track.track = "ann-microphone-1";
    track.codec = media::CodecId::L16;
    track.channels = 1;
    track.clock.clock_rate = ClockRate{Rate};
    track.clock.segments.push_back({parts.front().tick, parts.back().tick, parts.front().tick,
                                    MeetingTime(std::chrono::milliseconds(50)), Rate, 1'000'000'000});
    timeline::FrameTicks frames{parts.front().tick, {}};
    for (std::size_t i = 1; i < parts.size(); ++i)
      frames.runs.push_back({parts[i].tick - parts[i - 1].tick, 1});
    track.ticks.push_back(frames);
    for (const Part& part : parts) packets_.push_back(packet_of(part));
  }
  // From `from` to `to`, in ticks, the sender was silent on purpose.
  void silent(std::int64_t from, std::int64_t to) {
    track.gaps.push_back({{track.clock.at(0, from), track.clock.at(0, to)}, "comfort-noise"});
  }
  double largest_step() {
    DamageLog damage;
    auto source = TrackSound::create(
        track,
        [this]() -> Result<std::optional<Bytes>> {
          if (next_ == packets_.size()) return std::nullopt;
          return Bytes(packets_[next_++]);
        },
        damage);
    EXPECT_TRUE(source);
    mixer::Mixer mixer;
    mixer.add(std::move(*source));
    double largest = 0, before = 0;
    for (int block = 0; block < 100; ++block) {
      const auto mixed = mixer.next(960);
      EXPECT_TRUE(mixed);
      for (std::size_t i = 0; i < mixed->samples.size(); i += 2) {
        const double sample = double{mixed->samples[i]};
        largest = std::max(largest, std::abs(sample - before));
        loudest = std::max(loudest, std::abs(sample));
        before = sample;
      }
    }
    return largest;
  }

  timeline::TrackSidecar track;
  double loudest = 0;

 private:
  static std::vector<std::uint8_t> packet_of(const Part& part) {
    if (part.malformed) return {0};
    std::vector<std::uint8_t> bytes;
    for (int i = 0; i < part.length; ++i) {
      const double phase = 2 * std::numbers::pi * Frequency * static_cast<double>(part.tick + i) / Rate;
      const auto value = static_cast<std::int16_t>(std::lround(32'767 * Loudest * std::cos(phase)));
      bytes.push_back(static_cast<std::uint8_t>(value >> 8 & 0xFF));
      bytes.push_back(static_cast<std::uint8_t>(value & 0xFF));
    }
    return bytes;
  }
  std::vector<std::vector<std::uint8_t>> packets_;
  std::size_t next_ = 0;
};

void expect_no_click(JoinsOf joins, const char* what) {
  EXPECT_LE(joins.largest_step(), OwnStep + FadeStep) << what;
  EXPECT_GT(joins.loudest, 0.9 * Loudest) << what;
}

// A cosine at its height at both ends: the worst there is.
TEST(Joins, StartAndEnd) { expect_no_click(JoinsOf({{0}, {320}, {640}}), "start and end"); }

TEST(Joins, LeavesAndJoinsAgain) {
  expect_no_click(JoinsOf({{0}, {320}, {4'000}, {4'320}}), "a gap of 210 ms");
}

TEST(Joins, R7_EdgesOfConcealment) {
  for (const std::int64_t lost : {1, 40, 320, 333, 1'600})
    expect_no_click(JoinsOf({{0}, {320}, {640 + lost}, {960 + lost}}), "a concealed hole");
}

TEST(Joins, R28_AMalformedPacket) {
  expect_no_click(JoinsOf({{0}, {320}, {640, 320, true}, {960}, {1'280}}), "a malformed packet");
}

TEST(Joins, R22_EdgesOfSilenceAndOfNoise) {
  for (const std::int64_t long_silence : {720, 8'040}) {
    JoinsOf joins({{0}, {320}, {640 + long_silence}, {960 + long_silence}});
    joins.silent(640, 640 + long_silence);
    expect_no_click(joins, "silence on purpose");
    joins.track.comfort_noise = {{joins.track.clock.at(0, 640), {75, {}}}};
    expect_no_click(joins, "noise");
  }
}

TEST(Joins, TimeGivenTwice) {
  for (const std::int64_t twice : {1, 40, 100, 300})
    expect_no_click(JoinsOf({{0}, {320}, {640 - twice}, {960 - twice}}), "time given twice");
}

}  // namespace
}  // namespace greffe::film
