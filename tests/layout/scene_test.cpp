#include "layout/read_scenes.h"

#include <gmock/gmock.h>
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
  EXPECT_EQ(refusal("[[100,200]]", "[[100,200],[150,160]]"),
            "scenes[0].tiles[0].highlight: [150, 160] begins before the pair ahead of it ends");
}

std::vector<std::string> mistakes(const ScenesRead& read) {
  std::vector<std::string> told;
  for (const json::Mistake& mistake : read.mistakes) told.push_back(mistake.place + ": " + mistake.why);
  return told;
}

TEST(ScenePlan, TellsAllMistakesAtOnce) {
  ScenePlan plan = small_plan();
  plan.scenes[0].tiles[0].area.x = 1;
  plan.scenes[0].tiles[1].participant = "";
  plan.scenes[1].range = ms(1001, 900);
  plan.scenes[1].tiles[0].track = "";
  plan.scenes[1].tiles[0].crop = {500, 0, 401, 0};
  plan.chapters = {{ms(500, 501).start, "b"}, {ms(400, 401).start, "a"}};
  json::Value document = to_json(plan);
  document.find_object()->set("meeting", 3);
  EXPECT_EQ(mistakes(read_scenes(document)),
            (std::vector<std::string>{
                "meeting: expected text", "chapters[1].start_ms: before that of the chapter above",
                "scenes[0].tiles[0].x: 1 is not even", "scenes[1].end_ms: not after start_ms",
                "scenes[1].start_ms: 1001 does not follow on from 1000",
                "scenes[1].tiles[0].track: cameras and screens have one, placeholders none"}));
}

TEST(ScenePlan, AWrongCanvasAndMembersWithoutAMeaningHideNoOtherMistake) {
  json::Value document = to_json(small_plan());
  document.find_object()->set("canvas", json::Object{{"width", 641}, {"height", 360}, {"depth", 8}});
  document.find_object()->set("scene", json::Array{});
  json::Value scene = (*document.find_object()->find("scenes")->find_array())[0];
  scene.find_object()->set("end_ms", -1);
  scene.find_object()->set("tile", 1);
  json::Value tile = (*scene.find_object()->find("tiles")->find_array())[0];
  tile.find_object()->set("lable", "x");
  scene.find_object()->set("tiles", json::Array{tile});
  document.find_object()->set("scenes", json::Array{scene});
  EXPECT_EQ(mistakes(read_scenes(document)),
            (std::vector<std::string>{
                "canvas.width: 641 is not even", "canvas.depth: no field of a plan",
                "scene: no field of a plan", "scenes[0].end_ms: not a time of a meeting",
                "scenes[0].tile: no field of a plan", "scenes[0].tiles[0].lable: no field of a plan"}));
}

TEST(ScenePlan, TilesOfOneZAreApart) {
  ScenePlan plan = small_plan();
  plan.scenes[0].tiles[1].area.x = 318;
  plan.scenes[0].tiles[1].picture.x = 318;
  EXPECT_EQ(mistakes(read_scenes(to_json(plan))),
            (std::vector<std::string>{
                "scenes[0].tiles[1]: overlaps tiles[0], and both have z 0: the one above needs a higher z"}));
  plan.scenes[0].tiles[1].z = 1;
  EXPECT_TRUE(read_scenes(to_json(plan)).mistakes.empty());
}

TEST(ScenePlan, LabelsCropsAndChaptersComeBack) {
  ScenePlan plan = small_plan();
  plan.scenes[0].tiles[0].label = "The chair";
  plan.scenes[0].tiles[1].label = "";
  plan.scenes[0].tiles[0].crop = {100, 0, 100, 50};
  plan.chapters = {{ms(0, 1).start, "Opening"}, {ms(1200, 1201).start, "Budget"}};
  const ScenesRead read = read_scenes(to_json(plan));
  EXPECT_EQ(mistakes(read), std::vector<std::string>{});
  EXPECT_EQ(read.plan.scenes[0].tiles, plan.scenes[0].tiles);
  EXPECT_EQ(read.plan.chapters, plan.chapters);
  const std::string schema =
      test::file_text(std::filesystem::path(GREFFE_SOURCE_DIR) / "schemas/scenes.schema.json");
  EXPECT_THAT(*test::violations(*json::parse(schema), to_json(plan)), testing::IsEmpty());
}

TEST(ScenePlan, NamesWhatTheMeetingDoesNotHave) {
  timeline::Meeting meeting;
  meeting.participants = {{"ann", "Ann", {}}, {"bob", "Bob", {}}};
  meeting.tracks.resize(2);
  meeting.tracks[0].track = "ann-camera-1";
  meeting.tracks[0].participant = "ann";
  meeting.tracks[0].codec = media::CodecId::Vp8;
  meeting.tracks[1].track = "ann-microphone-1";
  meeting.tracks[1].participant = "ann";
  meeting.tracks[1].codec = media::CodecId::Opus;
  meeting.end = ms(0, 2500).end;
  EXPECT_TRUE(mistakes_of(small_plan(), meeting).empty());

  ScenePlan plan = small_plan();
  plan.scenes[0].tiles[0].participant = "bob";
  plan.scenes[0].tiles[1].participant = "cy";
  plan.scenes[1].tiles[0].track = "ann-microphone-1";
  plan.scenes[1].range.end = ms(0, 2501).end;
  plan.chapters = {{ms(2500, 2501).start, "late"}};
  EXPECT_EQ(mistakes({{}, mistakes_of(plan, meeting)}),
            (std::vector<std::string>{
                "scenes[0].tiles[0].track: \"ann-camera-1\" is of ann",
                "scenes[0].tiles[1].participant: no participant \"cy\" in this meeting",
                "scenes[1].end_ms: 2501 is after the end of the meeting, 2500",
                "scenes[1].tiles[0].track: no video track \"ann-microphone-1\" in this meeting",
                "chapters[0].start_ms: after the end of the last scene"}));
}

TEST(ScenePlan, AChapterBehindTheLastSceneIsNone) {
  timeline::Meeting meeting;
  meeting.end = ms(0, 60'000).end;
  ScenePlan plan;
  plan.scenes = {{.range = ms(0, 1000)}};
  plan.chapters = {{ms(20'000, 20'001).start, "Budget"}};
  const auto found = mistakes_of(plan, meeting);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].place, "chapters[0].start_ms");
}

}  // namespace
}  // namespace greffe::layout
