#include "rtp/lost_numbers.h"

#include <gtest/gtest.h>

namespace greffe::rtp {
namespace {

TEST(LostNumbers, FindsEachNumberOnceInWhateverOrderTheyCome) {
  for (const std::int64_t first : {10, 11, 12, 13}) {
    LostNumbers lost;
    lost.add(10, 4);
    lost.add(20, 1);
    for (std::int64_t step = 0; step < 4; ++step) {
      const std::int64_t number = 10 + (first - 10 + step * 3) % 4;
      EXPECT_TRUE(lost.take(number)) << first << ' ' << number;
      EXPECT_FALSE(lost.take(number)) << first << ' ' << number;
    }
    for (const std::int64_t number : {9, 14, 19, 21}) EXPECT_FALSE(lost.take(number)) << number;
    EXPECT_TRUE(lost.take(20));
  }
}

TEST(LostNumbers, ForgetsTheOldestGapsBeyondItsBound) {
  LostNumbers lost;
  for (std::int64_t gap = 0; gap <= static_cast<std::int64_t>(LostNumbers::Most); ++gap)
    lost.add(gap * 10, 2);
  EXPECT_FALSE(lost.take(0));
  EXPECT_TRUE(lost.take(10));
}

}  // namespace
}  // namespace greffe::rtp
