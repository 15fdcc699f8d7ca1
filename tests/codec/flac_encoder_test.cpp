#include "codec/flac_encoder.h"

#include <gtest/gtest.h>

#include <numeric>

namespace greffe::codec {
namespace {

std::vector<std::int32_t> noise(std::size_t samples) {
  std::vector<std::int32_t> made;
  std::uint32_t random = 7;
  for (std::size_t i = 0; i < samples; ++i) {
    random = random * 1'664'525 + 1'013'904'223;
    made.push_back(static_cast<std::int32_t>(random) >> 8);
  }
  return made;
}

std::vector<std::uint8_t> coded(const std::vector<std::int32_t>& stereo, std::size_t block) {
  auto encoder = FlacEncoder::create();
  EXPECT_TRUE(encoder) << encoder.error().message();
  std::vector<std::uint8_t> bytes;
  for (std::size_t at = 0; at < stereo.size(); at += block) {
    const auto part = encoder->encode(std::span(stereo).subspan(at, std::min(block, stereo.size() - at)));
    EXPECT_TRUE(part);
    bytes.insert(bytes.end(), part->begin(), part->end());
  }
  const auto rest = encoder->finish();
  EXPECT_TRUE(rest);
  bytes.insert(bytes.end(), rest->begin(), rest->end());
  const auto head = encoder->head();
  bytes.insert(bytes.begin(), head.begin(), head.end());
  return bytes;
}

TEST(FlacEncoder, TheSameWhateverTheBlocks) {
  const auto sound = noise(2 * 20'000);
  EXPECT_EQ(coded(sound, 19'200), coded(sound, 126));
}

// RFC 9639 §8.2: 20 bits of rate, 3 of channels less one, 5 of bits less one, 36 of samples.
TEST(FlacEncoder, TheHeadSaysWhatFollows) {
  const auto bytes = coded(noise(2 * 20'000), 9'600);
  EXPECT_EQ(std::string(bytes.begin(), bytes.begin() + 4), "fLaC");
  EXPECT_EQ(bytes[4], 0x80);
  EXPECT_EQ(bytes[7], 34);
  const auto packed = std::accumulate(bytes.begin() + 18, bytes.begin() + 26, std::uint64_t{0},
                                      [](std::uint64_t sum, std::uint8_t byte) { return sum << 8 | byte; });
  EXPECT_EQ(packed >> 44, 48'000U);
  EXPECT_EQ(packed >> 41 & 7, 1U);
  EXPECT_EQ(packed >> 36 & 31, 23U);
  EXPECT_EQ(packed & 0xF'FFFF'FFFF, 20'000U);
  EXPECT_NE(std::vector<std::uint8_t>(bytes.begin() + 26, bytes.begin() + 42), std::vector<std::uint8_t>(16));
}

TEST(FlacEncoder, OfNothingIsAHead) { EXPECT_EQ(coded({}, 2).size(), 42U); }

}  // namespace
}  // namespace greffe::codec
