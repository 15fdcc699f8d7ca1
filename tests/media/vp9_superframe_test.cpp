#include "media/vp9_superframe.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "support/packets.h"

namespace greffe::media {
namespace {

using test::Octets;

TEST(Vp9Superframe, JoinsAndSplits) {
  const Octets small(3, 1), large(300, 2), larger(70'000, 3);
  EXPECT_EQ(join_superframe({small}), small);
  const Octets two = join_superframe({small, large});
  EXPECT_EQ(two.size(), 303u + 2 + 2 * 2);
  EXPECT_EQ(two.back(), 0xc9);  // 2 bytes a size, 2 frames
  EXPECT_EQ(two[303], 0xc9);
  const Octets three = join_superframe({small, large, larger});
  const auto split = split_superframe(three);
  ASSERT_EQ(split.size(), 3u);
  EXPECT_TRUE(std::ranges::equal(split[2], larger));
}

TEST(Vp9Superframe, AnIndexThatDoesNotFitIsNone) {
  const Octets good = join_superframe({Octets(3, 1), Octets(5, 2)});
  for (std::size_t at = good.size() - 4; at < good.size(); ++at) {
    Octets wrong = good;
    wrong[at] ^= 0x0f;
    const auto split = split_superframe(wrong);
    EXPECT_EQ(split.size(), 1u) << at;
    EXPECT_EQ(split[0].size(), wrong.size());
  }
  EXPECT_EQ(split_superframe(Octets{0xc9}).size(), 1u);
  EXPECT_EQ(split_superframe(Octets{0xc0, 0, 0xc0})[0].size(), 3u);  // a frame of no bytes
}

}  // namespace
}  // namespace greffe::media
