#include "mixer/pan.h"

#include <gtest/gtest.h>

#include "mixer/made_sound.h"
#include "mixer/mixer.h"

namespace greffe::mixer {
namespace {

TEST(Pan, KeepsThePower) {
  for (const float position : {-1.0F, -0.6F, -0.1F, 0.0F, 0.35F, 1.0F}) {
    const auto [left, right] = Pan({{0, position}}).gains_at(100);
    EXPECT_NEAR(left * left + right * right, 2, 1e-5) << position;
    EXPECT_EQ(left > right, position < 0);
  }
  EXPECT_EQ(Pan({{0, 0}}).gains_at(0), (std::array<float, 2>{1, 1}));
}

TEST(Pan, MovesIn100MsWithoutAJump) {
  Pan pan({{0, -0.6F}, {48'000, 0.6F}, {50'000, 0.0F}});
  std::array<float, 2> before = pan.gains_at(0);
  for (std::int64_t k = 1; k < 100'000; ++k) {
    const std::array<float, 2> now = pan.gains_at(k);
    ASSERT_LT(std::abs(now[0] - before[0]), 4e-4F) << k;
    before = now;
  }
  EXPECT_EQ(before, (std::array<float, 2>{1, 1}));
}

TEST(Pan, OfAMixIsHeardOnItsSide) {
  Mixer mixer;
  mixer.add(std::make_unique<MadeSound>(std::vector<MadeSound::Run>{
                {at_ms(0), 48'000, 48'000, 1'000'000'000, tone(440, 48'000, 0.3)}}),
            MeetingTime::min(), 1.0F, Pan({{0, -0.5F}}));
  const auto block = mixer.next(48'000);
  ASSERT_TRUE(block);
  double left = 0, right = 0;
  for (std::size_t i = 0; i < block->samples.size(); i += 2) {
    left += double{block->samples[i]} * double{block->samples[i]};
    right += double{block->samples[i + 1]} * double{block->samples[i + 1]};
  }
  EXPECT_NEAR((left + right) / 48'000, 0.3 * 0.3, 0.001);
  EXPECT_NEAR(10 * std::log10(left / right), 7.66, 0.1);  // cot² of 22.5°
}

}  // namespace
}  // namespace greffe::mixer
