#include "codec/comfort_noise.h"

#include <gtest/gtest.h>

#include <cmath>

namespace greffe::codec {
namespace {

double dbov(std::span<const float> samples) {
  double energy = 0;
  for (const float sample : samples) energy += double{sample} * sample;
  return 10 * std::log10(energy / static_cast<double>(samples.size()));
}

// Of neighbours: 0 of white noise.
double correlation(std::span<const float> samples) {
  double energy = 0, product = 0;
  for (std::size_t i = 1; i < samples.size(); ++i) {
    energy += double{samples[i]} * samples[i];
    product += double{samples[i]} * samples[i - 1];
  }
  return product / energy;
}

std::vector<float> noise_of(const media::ComfortNoise& noise) {
  NoiseGenerator generator;
  generator.set(noise);
  std::vector<float> samples(80'000);
  generator.fill(samples);
  return samples;
}

TEST(NoiseGenerator, R22_IsAsLoudAsThePacketSays) {
  for (const int level : {20, 40, 60, 78}) {
    const auto white = noise_of({static_cast<std::uint8_t>(level), {}});
    EXPECT_NEAR(dbov(white), -level, 0.2);
    EXPECT_NEAR(correlation(white), 0, 0.02);
  }
  EXPECT_EQ(noise_of({127, {}}), std::vector<float>(80'000));
}

TEST(NoiseGenerator, R22_IsAsLoudWhateverItsShape) {
  for (const std::vector<std::uint8_t>& shape :
       {std::vector<std::uint8_t>{64}, {190}, {40, 160}, {60, 150, 110, 140, 127, 120, 130, 127, 127, 127}})
    EXPECT_NEAR(dbov(noise_of({45, shape})), -45, 0.7);
  // What is nearly a tone stays within bounds, too.
  for (const float sample : noise_of({20, {0, 254, 0, 255}})) ASSERT_LE(std::abs(sample), 1.0F);
}

TEST(NoiseGenerator, ReflectionShapesIt) {
  EXPECT_NEAR(correlation(noise_of({40, {64}})), 258.0 * 63 / 32768, 0.03);
  EXPECT_NEAR(correlation(noise_of({40, {190}})), -258.0 * 63 / 32768, 0.03);
}

TEST(NoiseGenerator, IsTheSameEachTimeInAnyPieces) {
  const auto whole = noise_of({30, {64, 140}});
  NoiseGenerator generator;
  generator.set({30, {64, 140}});
  std::vector<float> pieces(whole.size());
  for (std::size_t at = 0; at < pieces.size(); at += 37)
    generator.fill(std::span(pieces).subspan(at, std::min<std::size_t>(37, pieces.size() - at)));
  EXPECT_EQ(pieces, whole);
}

}  // namespace
}  // namespace greffe::codec
