#include "layout/caption_floor.h"

#include <gtest/gtest.h>

namespace greffe::layout {
namespace {

Scene scene_of(const std::vector<Rectangle>& areas) {
  Scene scene;
  for (const Rectangle& area : areas) scene.tiles.push_back({.area = area});
  return scene;
}

constexpr Rectangle Main{160, 0, 960, 540};

TEST(CaptionFloor, IsTheCanvasWhereNoStripLiesBelow) {
  EXPECT_EQ(caption_floor(scene_of({}), 720), 720);
  EXPECT_EQ(caption_floor(scene_of({{0, 0, 1280, 720}}), 720), 720);
  EXPECT_EQ(caption_floor(scene_of({{0, 0, 960, 720}, {960, 0, 320, 180}, {960, 180, 320, 180}}), 720), 720);
  EXPECT_EQ(caption_floor(scene_of({{0, 0, 640, 360}, {640, 0, 640, 360}, {320, 360, 640, 360}}), 720), 720);
  EXPECT_EQ(caption_floor(scene_of({{0, 0, 1280, 720}, {960, 520, 300, 180}}), 720), 720);  // over it
}

TEST(CaptionFloor, IsTheMainTilesLowerEdgeAboveAStrip) {
  EXPECT_EQ(caption_floor(scene_of({Main, {0, 540, 320, 180}, {320, 540, 320, 180}}), 720), 540);
  EXPECT_EQ(caption_floor(scene_of({{0, 540, 320, 180}, Main}), 720), 540);
}

TEST(CaptionFloor, IsTheCanvasWhereWhatLiesBelowIsNoStrip) {
  EXPECT_EQ(caption_floor(scene_of({Main, {0, 540, 1280, 180}}), 720), 720);
  EXPECT_EQ(caption_floor(scene_of({{0, 0, 1280, 200}, {0, 200, 100, 100}}), 720), 720);  // far above
}

}  // namespace
}  // namespace greffe::layout
