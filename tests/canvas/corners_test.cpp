#include "canvas/corners.h"

#include <gtest/gtest.h>

namespace greffe::canvas {
namespace {

TEST(Corners, TheBackgroundCoversWhatIsOutside) {
  const Corners corners = corners_of(20, 0, DarkPalette);
  const auto cover = [&](int corner, int x, int y) {
    return int{
        corners.overlays[static_cast<std::size_t>(corner)].y_cover[static_cast<std::size_t>(y * 20 + x)]};
  };
  EXPECT_EQ(cover(0, 0, 0), 255);
  EXPECT_EQ(cover(0, 19, 19), 0);
  EXPECT_EQ(cover(0, 19, 1), 0);
  EXPECT_EQ(cover(1, 19, 0), 255);
  EXPECT_EQ(cover(1, 0, 19), 0);
  EXPECT_EQ(cover(2, 0, 19), 255);
  EXPECT_EQ(cover(3, 19, 19), 255);
  for (int x = 0; x < 20; ++x) EXPECT_EQ(cover(0, x, 3), cover(1, 19 - x, 3));
  for (int y = 0; y < 20; ++y) EXPECT_EQ(cover(0, 3, y), cover(2, 3, 19 - y));
  const Overlay& first = corners.overlays[0];
  EXPECT_EQ(first.y[0], DarkPalette.background.y);
  EXPECT_EQ(first.u.size(), 100U);
  EXPECT_EQ(first.chroma_cover[0], 255);
  EXPECT_EQ(first.chroma_cover[99], 0);
}

TEST(Corners, ABorderGoesOnAlongTheRound) {
  const Corners corners = corners_of(20, 4, LightPalette);
  const Overlay& first = corners.overlays[0];
  const auto at = [&](int x, int y) { return static_cast<std::size_t>(y * 20 + x); };
  EXPECT_EQ(first.y[at(0, 0)], LightPalette.background.y);
  EXPECT_EQ(first.y[at(19, 1)], LightPalette.highlight.y);
  EXPECT_EQ(first.y_cover[at(19, 1)], 255);
  EXPECT_EQ(first.y_cover[at(19, 6)], 0);
}

}  // namespace
}  // namespace greffe::canvas
