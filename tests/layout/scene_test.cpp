#include "layout/scene.h"

#include <gtest/gtest.h>

#include "support/samples.h"
#include "support/schema.h"

namespace greffe::layout {
namespace {

TimeRange ms(int start, int end) {
  return {MeetingTime(std::chrono::milliseconds(start)), MeetingTime(std::chrono::milliseconds(end))};
}

ScenePlan small_plan() {
  ScenePlan plan{"20260101-000000Z-0123456789", 640, 360, {}};
  Tile camera{"ann", "ann-camera-1",    TileKind::Camera, {0, 0, 320, 360},
              0,     {0, 90, 320, 180}, {ms(100, 200)}};
  Tile empty{"bob", "", TileKind::Placeholder, {320, 0, 320, 360}, 0, {320, 0, 320, 360}, {}};
  plan.scenes.push_back({ms(0, 1000), "grid", "start", {camera, empty}});
  plan.scenes.push_back({ms(1000, 2500), "grid", "bob left", {camera}});
  return plan;
}

std::string refusal(const std::string& text, const std::string& instead) {
  std::string document = json::write(to_json(small_plan()));
  const auto found = document.find(text);
  EXPECT_NE(found, std::string::npos) << text;
  document.replace(found, text.size(), instead);
  const auto plan = scene_plan_of(*json::parse(document));
  return plan ? "" : plan.error().message();
}

TEST(ScenePlan, ReadsWhatItWrites) {
  const auto plan = scene_plan_of(to_json(small_plan()));
  ASSERT_TRUE(plan) << plan.error().message();
  EXPECT_EQ(plan->scenes[0].tiles, small_plan().scenes[0].tiles);
  EXPECT_EQ(json::write(to_json(*plan)), json::write(to_json(small_plan())));
}

TEST(ScenePlan, HoldsItsSchema) {
  const std::string schema =
      test::file_text(std::filesystem::path(GREFFE_SOURCE_DIR) / "schemas/scenes.schema.json");
  const auto found = test::violations(*json::parse(schema), to_json(small_plan()));
  ASSERT_TRUE(found) << found.error().message();
  EXPECT_TRUE(found->empty()) << found->front();
}

TEST(ScenePlan, SaysWhereAnEditIsWrong) {
  EXPECT_EQ(refusal("\"start_ms\":1000", "\"start_ms\":1001"),
            "scenes[1].start_ms: 1001 does not follow on from 1000");
  EXPECT_EQ(refusal("\"end_ms\":2500", "\"end_ms\":900"), "scenes[1].end_ms: not after start_ms");
  EXPECT_EQ(refusal("\"x\":320", "\"x\":321"), "scenes[0].tiles[1].x: 321 is not even");
  EXPECT_EQ(refusal("\"width\":320", "\"width\":700"),
            "scenes[0].tiles[0].width: 700 is not within 2 to 640");
  EXPECT_EQ(refusal("\"y\":90", "\"y\":200"),
            "scenes[0].tiles[0].picture.height: 180 is not within 2 to 160");
  EXPECT_EQ(refusal("\"camera\"", "\"robot\""),
            "scenes[0].tiles[0].kind: \"robot\" is none of camera, screen, placeholder");
  EXPECT_EQ(refusal("\"ann-camera-1\"", "\"\""),
            "scenes[0].tiles[0].track: cameras and screens have one, placeholders none");
  EXPECT_EQ(refusal("greffe.scenes/1", "greffe.scenes/2"), "schema: expected \"greffe.scenes/1\"");
  EXPECT_EQ(refusal("[[100,200]]", "[[200,100]]"),
            "scenes[0].tiles[0].highlight: expected pairs [start_ms, end_ms]");
}

}  // namespace
}  // namespace greffe::layout
