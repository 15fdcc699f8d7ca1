#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "layout/meetings.h"
#include "layout/plan.h"
#include "layout/read_regions.h"
#include "layout/read_scenes.h"
#include "support/samples.h"
#include "support/schema.h"

namespace greffe::layout {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

RegionsRead read(const std::string& text) { return read_regions(*json::parse(text), {0, 0, 1280, 720}); }

std::vector<std::string> wrong(const std::string& text) {
  std::vector<std::string> told;
  for (const json::Mistake& mistake : read(text).mistakes) told.push_back(mistake.place + ": " + mistake.why);
  return told;
}

TEST(Pattern, StarsStandForAnything) {
  EXPECT_TRUE(fits("*", ""));
  EXPECT_TRUE(fits("ann*", "ann-camera-1"));
  EXPECT_TRUE(fits("*-screen-*", "ann-screen-1"));
  EXPECT_TRUE(fits("a*b*b", "abbab"));
  EXPECT_FALSE(fits("ann", "anna"));
  EXPECT_FALSE(fits("", "a"));
  EXPECT_FALSE(fits("*x", "ann"));
  EXPECT_FALSE(fits(std::string(200, '*') + "y", std::string(2000, 'x')));
}

// An interview as somebody who comes from another system describes it.
constexpr const char* Interview = R"({
  "resolution": "1280x720",
  "video_layout": {
    "guest": {"z_pos": 0, "x_pos": 426, "y_pos": 240, "width": 427, "height": 240, "max_rows": 1,
              "max_columns": 1, "reuse": "show_newest", "video_sources": ["guest*"]},
    "hosts": {"z_pos": 1, "x_pos": 0, "y_pos": 0, "width": 1280, "height": 720, "max_rows": 3,
              "max_columns": 3, "cells_excluded": [4], "video_sources": ["*"],
              "video_sources_excluded": ["guest*"]}
  }
})";

timeline::Meeting interview() {
  return meeting_of_tracks({video("ann", "camera", {{0, 30'000}}), video("guest", "camera", {{0, 30'000}}),
                            video("bob", "camera", {{0, 30'000}}), video("cy", "camera", {{0, 30'000}}),
                            video("dan", "camera", {{0, 30'000}}),
                            video("guest2", "camera", {{10'000, 30'000}})});
}

TEST(Regions, PlaceWhoTheirSourcesName) {
  const RegionsRead regions = read(Interview);
  ASSERT_THAT(wrong(Interview), IsEmpty());
  ASSERT_EQ(regions.regions.size(), 2U);
  EXPECT_EQ(regions.regions[0].area, (Rectangle{426, 240, 426, 240}));
  EXPECT_EQ(regions.canvas, (Rectangle{0, 0, 1280, 720}));
  const auto plan = plan_of(interview(), {}, {.layout = LayoutKind::Regions, .regions = regions.regions});
  ASSERT_TRUE(plan) << plan.error().message();
  EXPECT_THAT(read_scenes(to_json(*plan)).mistakes, IsEmpty());
  ASSERT_EQ(plan->scenes.size(), 2U);
  std::vector<std::string> first;
  for (const Tile& tile : plan->scenes[0].tiles)
    first.push_back(fmt::format("{} {},{} z{}", tile.participant, tile.area.x, tile.area.y, tile.z));
  EXPECT_THAT(first,
              ElementsAre("guest 426,240 z0", "ann 0,0 z1", "bob 426,0 z1", "cy 854,0 z1", "dan 0,240 z1"));
  EXPECT_EQ(plan->scenes[1].tiles[0].participant, "guest2");  // the newest
}

std::vector<std::string> shown(const std::string& reuse, std::size_t scene) {
  const RegionsRead regions = read(
      R"({"all": {"max_rows": 1, "max_columns": 2, "video_sources": ["*"], "reuse": ")" + reuse + "\"}}");
  const auto plan = plan_of(
      meeting_of_tracks({video("ann", "camera", {{0, 20'000}}), video("bob", "camera", {{2'000, 30'000}}),
                         video("cy", "camera", {{10'000, 30'000}})}),
      {}, {.layout = LayoutKind::Regions, .regions = regions.regions});
  std::vector<std::string> names;
  const std::size_t at = std::min(scene, plan->scenes.size() - 1);
  for (const Tile& tile : plan->scenes[at].tiles)
    names.push_back(fmt::format("{}@{}", tile.participant, tile.area.x));
  return names;
}

TEST(Regions, ReuseRules) {
  EXPECT_THAT(shown("show_oldest", 1), ElementsAre("ann@0", "bob@640"));
  EXPECT_THAT(shown("show_oldest", 9), ElementsAre("bob@640", "cy@0"));
  EXPECT_THAT(shown("show_newest", 2), ElementsAre("bob@640", "cy@0"));
  EXPECT_THAT(shown("none", 9), ElementsAre("bob@640"));
}

TEST(Regions, OneForSlidesAndOneForWhoSpeaks) {
  const RegionsRead regions = read(R"({"regions": {
    "slides": {"width": 960, "max_rows": 1, "max_columns": 1, "video_sources": ["@screen"]},
    "voice": {"x_pos": 960, "height": 240, "max_rows": 1, "max_columns": 1, "video_sources": ["@speaker"]}}})");
  const auto plan =
      plan_of(meeting_of_tracks({video("ann", "camera", {{0, 30'000}}), video("bob", "camera", {{0, 30'000}}),
                                 video("ann", "screen", {{10'000, 30'000}})}),
              {{"bob", {at_ms(0), at_ms(9'000)}}, {"ann", {at_ms(20'000), at_ms(29'000)}}},
              {.layout = LayoutKind::Regions, .regions = regions.regions});
  ASSERT_EQ(plan->scenes.size(), 3U);
  EXPECT_EQ(plan->scenes[0].tiles[0].participant, "bob");
  EXPECT_EQ(plan->scenes[1].tiles[0].kind, TileKind::Screen);
  EXPECT_EQ(plan->scenes[2].tiles[1].participant, "ann");
  EXPECT_EQ(plan->scenes[2].tiles[1].area, (Rectangle{960, 0, 320, 240}));
}

TEST(Regions, KindsOfAnotherSystem) {
  EXPECT_EQ(read(R"({"type": "bestFit"})").kind, LayoutKind::Grid);
  EXPECT_EQ(read(R"({"type": "bestFit", "screenshareType": "verticalPresentation"})").kind,
            LayoutKind::Speaker);
  EXPECT_EQ(read(R"({"layout": {"type": "horizontalPresentation"}})").kind, LayoutKind::StripBottom);
  EXPECT_THAT(wrong(R"({"type": "custom", "stylesheet": "stream {}"})"),
              ElementsAre("type: style sheets are not read: describe regions instead"));
}

TEST(Regions, AllMistakesAreTold) {
  EXPECT_THAT(
      wrong(R"({"canvas": {"width": 640, "height": 360}, "regions": {
      "a": {"width": 700, "video_sources": ["ann"], "max_rows": 2, "cells_excluded": [0]},
      "b": {"reuse": "sometimes", "colour": "red"},
      "c": {"z_pos": 5000, "video_sources": ["@everybody", 3]}}})"),
      ElementsAre("regions.a.width: 700 is not within 16 to 640",
                  "regions.a.cells_excluded: needs both max_rows and max_columns",
                  "regions.b.reuse: \"sometimes\" is none of none, show_oldest, show_newest, speaking",
                  "regions.b.video_sources: there is none", "regions.b.colour: no field of a region",
                  "regions.c.z_pos: 5000 is not within -1000 to 1000",
                  "regions.c.video_sources: \"@everybody\" is none of @screen, @camera, @speaker"));
  EXPECT_THAT(wrong(R"({"a": {"video_sources": ["*"]}, "b": {"video_sources": ["*"]}})"),
              ElementsAre("b: overlaps a, and both have z_pos 0: the one above needs a higher one"));
  EXPECT_THAT(wrong(R"({"a": {"height": 16, "max_rows": 5, "video_sources": ["*"]}})"),
              ElementsAre("a.max_rows: more than it is high enough for"));
  EXPECT_THAT(wrong("{}"), ElementsAre("regions: there is none"));
  EXPECT_THAT(wrong("[]"), ElementsAre(": expected an object"));
  EXPECT_THAT(wrong(R"({"a": 3})"), testing::Contains("a: expected an object"));
}

TEST(Regions, HoldTheirSchema) {
  json::Object regions;
  for (const Region& region : read(Interview).regions) regions.set(region.name, to_json(region));
  const json::Object document{{"schema", "greffe.regions/1"},
                              {"canvas", json::Object{{"width", 1280}, {"height", 720}}},
                              {"regions", std::move(regions)}};
  const std::string schema =
      test::file_text(std::filesystem::path(GREFFE_SOURCE_DIR) / "schemas/regions.schema.json");
  EXPECT_THAT(*test::violations(*json::parse(schema), document), IsEmpty());
  EXPECT_EQ(read(json::write(document)).regions, read(Interview).regions);
}

}  // namespace
}  // namespace greffe::layout
