#include "mixer/mixer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>

#include "mixer/levels.h"
#include "mixer/made_sound.h"

namespace greffe::mixer {
namespace {

using namespace std::chrono_literals;

std::vector<float> left_of(Mixer& mixer, std::size_t length, std::size_t block = 960) {
  std::vector<float> left;
  while (left.size() < length) {
    const auto got = mixer.next(std::min(block, length - left.size()));
    EXPECT_TRUE(got);
    for (std::size_t i = 0; i < got->length(); ++i) left.push_back(got->samples[2 * i]);
  }
  return left;
}

std::vector<float> mixed(std::vector<MadeSound::Run> runs, std::size_t length, std::size_t block = 960) {
  Mixer mixer;
  mixer.add(std::make_unique<MadeSound>(std::move(runs)));
  return left_of(mixer, length, block);
}

double amplitude_at(std::span<const float> samples, double frequency_hz) {
  std::complex<double> sum = 0;
  double weight = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const double window = 0.5 - 0.5 * std::cos(2 * std::numbers::pi * static_cast<double>(i) /
                                               static_cast<double>(samples.size()));
    sum += window * double{samples[i]} *
           std::polar(1.0, -2 * std::numbers::pi * frequency_hz * static_cast<double>(i) / 48'000);
    weight += window;
  }
  return 2 * std::abs(sum) / weight;
}

TEST(Mixer, WholePositionsAreTransparent) {
  const auto sample = tone(440, 48'000);
  const auto out = mixed({{at_ms(100), 48'000, 48'000, 1'000'000'000, sample}}, 60'000);
  for (std::size_t i = 0; i < 4800; ++i) ASSERT_EQ(out[i], 0.0F);
  for (std::int64_t i = 240; i < 48'000 - 240; ++i)
    ASSERT_EQ(out[static_cast<std::size_t>(4800 + i)], sample(i)) << i;
  for (std::size_t i = 4800 + 48'000; i < out.size(); ++i) ASSERT_EQ(out[i], 0.0F);
}

TEST(Mixer, PlacesBetweenSamplesToAFractionOfOne) {
  // A tone that starts 0.37 samples after sample 4800.
  const double frequency = 1000, offset = 0.37;
  const auto out =
      mixed({{MeetingTime(Duration(100'000'000 + static_cast<std::int64_t>(offset / 48'000 * 1e9))), 48'000,
              48'000, 1'000'000'000, tone(frequency, 48'000)}},
            52'000);
  for (int i = 1000; i < 40'000; ++i) {
    const double expected = 0.5 * std::sin(2 * std::numbers::pi * frequency * (i - offset) / 48'000);
    ASSERT_NEAR(out[static_cast<std::size_t>(4800 + i)], expected, 2e-4) << i;
  }
}

// A sender 100 ppm fast: after ten minutes its sound still lies where the clock map has it.
TEST(Mixer, DriftDoesNotAddUp) {
  const std::int64_t length = 100 * 48'000 + 480;  // 100.01 s of the sender's clock
  const std::int64_t rate_ns = 999'900'060;
  const std::int64_t click = length - 48'000;
  const auto out =
      mixed({{at_ms(0), length, 48'000, rate_ns, [=](std::int64_t i) { return i == click ? 0.8F : 0.0F; }}},
            100 * 48'000, 800);
  const auto loudest = std::max_element(out.begin(), out.end()) - out.begin();
  const double expected = static_cast<double>(click) / 48'000 * static_cast<double>(rate_ns) * 1e-9 * 48'000;
  EXPECT_NEAR(static_cast<double>(loudest), expected, 0.51);
}

TEST(Mixer, TelephoneSoundIsBandLimited) {
  for (const std::uint32_t rate : {8'000U, 16'000U}) {
    const auto out = mixed({{at_ms(0), rate, rate, 1'000'000'000, tone(1000, rate)}}, 48'000);
    const std::span<const float> middle = std::span(out).subspan(4'800, 38'400);
    EXPECT_NEAR(amplitude_at(middle, 1000), 0.5, 0.001);
    EXPECT_LT(amplitude_at(middle, rate - 1000), 0.5e-4);  // the image, 80 dB down
    EXPECT_LT(amplitude_at(middle, rate + 1000), 0.5e-4);
  }
}

// What 48 kHz cannot hold is not heard as another tone; what it can is as loud as before, and in its place.
TEST(Mixer, DenserSoundKeepsWhatTheOutputCanHold) {
  for (const std::uint32_t rate : {88'200U, 96'000U, 192'000U}) {
    for (const double frequency : {30'000.0, 40'000.0}) {
      const auto out = mixed({{at_ms(0), rate, rate, 1'000'000'000, tone(frequency, rate)}}, 48'000);
      EXPECT_LT(amplitude_at(std::span(out).subspan(4'800, 38'400), 48'000 - frequency), 0.5e-4) << rate;
    }
    const auto out = mixed({{at_ms(0), rate, rate, 1'000'000'000, tone(1000, rate)}}, 48'000 + 480);
    for (std::size_t i = 4'800; i < 43'200; ++i)
      ASSERT_NEAR(out[i], 0.5 * std::sin(2 * std::numbers::pi * 1000 * static_cast<double>(i) / 48'000), 2e-4)
          << rate << " at " << i;
    EXPECT_GT(amplitude_at(std::span(out).subspan(47'000, 700), 1000), 0.3) << "up to its end";
    for (std::size_t i = 48'000; i < out.size(); ++i) ASSERT_EQ(out[i], 0.0F) << "and no further";
  }
}

TEST(Mixer, JoinsAndLeavesWithoutAClick) {
  const auto high = [](std::int64_t) { return 0.7F; };
  const auto out = mixed(
      {{at_ms(20), 9'600, 48'000, 1'000'000'000, high}, {at_ms(400), 9'600, 48'000, 1'000'000'000, high}},
      40'000);
  for (std::size_t i = 1; i < out.size(); ++i) ASSERT_LT(std::abs(out[i] - out[i - 1]), 0.01F) << i;
  EXPECT_EQ(*std::max_element(out.begin(), out.end()), 0.7F);
}

TEST(Mixer, TheSameWhateverTheBlockLength) {
  const std::vector<MadeSound::Run> runs{{at_ms(-31.7), 30'000, 48'000, 1'000'012'345, tone(333, 48'000)},
                                         {at_ms(700.3), 8'000, 8'000, 999'987'654, tone(777, 8'000)}};
  const auto one = mixed(runs, 96'000, 96'000);
  const auto many = mixed(runs, 96'000, 777);
  for (std::size_t i = 0; i < one.size(); ++i) ASSERT_NEAR(one[i], many[i], 1e-5) << i;
}

TEST(Mixer, LongGapsCostNothing) {
  auto sound = std::make_unique<MadeSound>(
      std::vector<MadeSound::Run>{{at_ms(0), 4'800, 48'000, 1'000'000'000, tone(440, 48'000)},
                                  {at_ms(3'600'000), 4'800, 48'000, 1'000'000'000, tone(440, 48'000)}});
  MadeSound* const watched = sound.get();
  Mixer mixer;
  mixer.add(std::move(sound));
  left_of(mixer, 480'000);
  EXPECT_EQ(watched->pieces, 6);
}

TEST(Mixer, R67_AsksASourceFromWhenItIsDueUntilItEnds) {
  // Says when it is let go.
  struct Watched final : SoundSource {
    Watched(std::vector<MadeSound::Run> runs, bool& is_there, bool& was_asked)
        : sound(std::move(runs)), there(is_there), asked(was_asked) {
      there = true;
    }
    ~Watched() override { there = false; }
    Result<std::optional<SoundPiece>> next() override {
      asked = true;
      return sound.next();
    }
    MadeSound sound;
    bool &there, &asked;
  };
  bool there = false;
  bool asked = false;
  const std::vector<MadeSound::Run> runs{{at_ms(5'000), 4'800, 48'000, 1'000'000'000, tone(440, 48'000)}};
  Mixer mixer;
  mixer.add(std::make_unique<Watched>(runs, there, asked), at_ms(4'900));
  const auto before = left_of(mixer, 4 * 48'000);
  EXPECT_FALSE(asked);
  auto all = left_of(mixer, 48'000 + 48'000 / 2);
  EXPECT_TRUE(asked);
  EXPECT_FALSE(there);
  all.insert(all.begin(), before.begin(), before.end());
  EXPECT_EQ(all, mixed(runs, all.size()));
}

TEST(Mixer, NeverClipsAndIsTransparentBelow) {
  Mixer mixer;
  for (int voice = 0; voice < 9; ++voice)
    mixer.add(std::make_unique<MadeSound>(std::vector<MadeSound::Run>{
        {at_ms(500), 24'000, 48'000, 1'000'000'000, tone(200 + 37 * voice, 48'000, 0.7)}}));
  const auto quiet = tone(440, 48'000, 0.5);
  mixer.add(std::make_unique<MadeSound>(
      std::vector<MadeSound::Run>{{at_ms(0), 144'000, 48'000, 1'000'000'000, quiet}}));
  const auto out = left_of(mixer, 144'000);
  for (const float sample : out) ASSERT_LE(std::abs(sample), Limiter::Threshold + 1e-4F);
  for (std::int64_t i = 240; i < 23'000; ++i) ASSERT_EQ(out[static_cast<std::size_t>(i)], quiet(i)) << i;
  for (std::int64_t i = 142'000; i < 143'700; ++i)
    ASSERT_NEAR(out[static_cast<std::size_t>(i)], quiet(i), 1e-3) << i;
}

// A tone of 12 kHz whose samples lie at 45° of it: each is 3 dB below the tone's peak.
TEST(Limiter, KeepsThePeaksBetweenSamplesBelowItsThreshold) {
  const auto between = [](std::int64_t i) {
    return static_cast<float>(1.2 * std::sin(std::numbers::pi * (0.25 + 0.5 * static_cast<double>(i))));
  };
  const auto out = mixed({{at_ms(20), 48'000, 48'000, 1'000'000'000, between}}, 60'000);
  EXPECT_LT(*std::max_element(out.begin(), out.end()), 0.64F);
  TruePeak meter;
  float peak = 0;
  for (const float sample : out) peak = std::max(peak, meter.push(sample));
  EXPECT_LE(peak, Limiter::Threshold * 1.001F);
  EXPECT_GT(peak, Limiter::Threshold * 0.97F);
}

// BS.1770-4 annex 2: at four times the rate the reading is low by 0.688 dB at most.
TEST(TruePeak, IsThatOfTheTone) {
  for (const double frequency : {50.0, 997.0, 4'000.0, 12'000.0, 16'000.0}) {
    TruePeak meter;
    const auto sample = tone(frequency, 48'000, 0.5);
    float peak = 0;
    for (std::int64_t i = 0; i < 4'800; ++i) {
      const float found = meter.push(sample(i));
      if (i > 100) peak = std::max(peak, found);
    }
    EXPECT_NEAR(20 * std::log10(double{peak} / 0.5), 0, 0.69) << frequency;
  }
}

TEST(TruePeak, WhatIsOfNoInterestChangesNothingElse) {
  TruePeak all, some;
  std::uint32_t random = 1;
  for (int i = 0; i < 20'000; ++i) {
    random = random * 1'664'525 + 1'013'904'223;
    const float loudness = i / 2'000 % 2 ? 1.0F : 0.1F;
    const float sample = loudness * (static_cast<float>(random >> 8) / static_cast<float>(1 << 23) - 1.0F);
    const float peak = all.push(sample), found = some.push(sample, 0.9F);
    ASSERT_EQ(std::max(peak, 0.9F), std::max(found, 0.9F)) << i;
  }
}

TEST(Levels, CountInDecibelsBelowOverload) {
  EXPECT_EQ(level_of(std::vector<float>(960, 1.0F)), 0);
  EXPECT_EQ(level_of(std::vector<float>(960, 0.1F)), 20);
  EXPECT_EQ(level_of(std::vector<float>(960, 0.0F)), 127);
  EXPECT_EQ(level_of(std::vector<float>(960, 1e-9F)), 127);
}

TEST(Levels, GiveTheLoudestOfEachStep) {
  MadeSound sound({{at_ms(150), 9'600, 48'000, 1'000'000'000, [](std::int64_t) { return 0.1F; }}});
  const auto levels = levels_of(sound, {at_ms(0), at_ms(500)});
  ASSERT_TRUE(levels);
  EXPECT_EQ(*levels, (std::vector<std::uint8_t>{127, 20, 20, 20, 127}));
}

}  // namespace
}  // namespace greffe::mixer
