#include "layout/plan.h"
#include "layout/presence.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "layout/chapters.h"
#include "layout/grid.h"
#include "layout/meetings.h"

namespace greffe::layout {
namespace {

std::vector<std::string> reasons(const Result<ScenePlan>& plan) {
  std::vector<std::string> all;
  if (!plan) return {plan.error().message()};
  for (const Scene& scene : plan->scenes) all.push_back(scene.reason);
  return all;
}

TEST(Plan, ScenesFollowWhoIsThere) {
  const auto plan = plan_of(
      meeting_of_tracks({video("ann", "camera", {{0, 30'000}}), video("bob", "camera", {{100, 20'000}}),
                         video("cy", "camera", {{6'000, 30'000}})}),
      {}, {});
  EXPECT_EQ(reasons(plan), (std::vector<std::string>{"start", "cy joined", "bob left"}));
  EXPECT_EQ(plan->scenes[0].range.start, MeetingTime{});
  EXPECT_EQ(plan->scenes[0].tiles.size(), 2U);  // bob, 100 ms late, is there from the start
  EXPECT_EQ(plan->scenes[1].range.start, at_ms(6'000));
  EXPECT_EQ(plan->scenes[2].range, (TimeRange{at_ms(20'000), at_ms(30'000)}));
}

// The layers of one camera as simulcast sends them.
std::vector<timeline::TrackSidecar> layers(const std::string& who,
                                           std::vector<std::pair<int, int>> large_spans) {
  std::vector<timeline::TrackSidecar> tracks{video(who, "camera", {{0, 30'000}}),
                                             video(who, "camera", std::move(large_spans)),
                                             video(who, "camera", {{0, 30'000}})};
  const std::vector<media::PictureSize> sizes{{320, 180}, {1280, 720}, {160, 90}};
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    tracks[i].track = who + "-camera-" + std::to_string(i + 1);
    tracks[i].sizes = {{tracks[i].range.start, sizes[i]}};
    if (i > 0) tracks[i].alternative_of = who + "-camera-1";
  }
  return tracks;
}

TEST(Plan, R49_TheSmallestLayerThatFillsItsTile) {
  const std::vector<std::pair<PlanOptions, std::string>> cases{
      {{.width = 160, .height = 90}, "ann-camera-3"},    {{.width = 162, .height = 92}, "ann-camera-1"},
      {{.width = 320, .height = 180}, "ann-camera-1"},   {{.width = 640, .height = 360}, "ann-camera-2"},
      {{.width = 1920, .height = 1080}, "ann-camera-2"},  // none fills it: the largest
  };
  for (const auto& [options, track] : cases) {
    const auto plan = plan_of(meeting_of_tracks(layers("ann", {{0, 30'000}})), {}, options);
    ASSERT_TRUE(plan);
    ASSERT_EQ(plan->scenes.size(), 1U);
    ASSERT_EQ(plan->scenes[0].tiles.size(), 1U) << "never two tiles for one camera";
    EXPECT_EQ(plan->scenes[0].tiles[0].track, track) << options.width;
  }
}

TEST(Plan, R47_AnotherLayerWhileTheOneThatFillsIsAway) {
  const auto plan = plan_of(meeting_of_tracks(layers("ann", {{0, 10'000}, {20'000, 30'000}})), {}, {});
  ASSERT_TRUE(plan);
  ASSERT_EQ(plan->scenes.size(), 3U);
  EXPECT_EQ(plan->scenes[0].tiles[0].track, "ann-camera-2");
  EXPECT_EQ(plan->scenes[1].tiles[0].track, "ann-camera-1");
  EXPECT_EQ(plan->scenes[1].reason, "ann from ann-camera-1");
  EXPECT_EQ(plan->scenes[2].tiles[0].track, "ann-camera-2");
  for (const Scene& scene : plan->scenes) EXPECT_EQ(scene.tiles[0].picture, plan->scenes[0].tiles[0].picture);
}

// A renegotiation: the last picture of the first take stays until the second begins.
TEST(Plan, R11_OneTileGoesOnInAnotherTrack) {
  std::vector<timeline::TrackSidecar> takes{video("ann", "camera", {{0, 9'446}}),
                                            video("ann", "camera", {{9'582, 20'000}})};
  takes[1].track = "ann-camera-2";
  const auto plan = plan_of(meeting_of_tracks(takes), {}, {});
  ASSERT_TRUE(plan);
  ASSERT_EQ(plan->scenes.size(), 2U);
  EXPECT_EQ(plan->scenes[1].range.start, at_ms(9'582));
  EXPECT_EQ(plan->scenes[1].tiles[0].track, "ann-camera-2");
  EXPECT_EQ(plan->scenes[1].reason, "ann from ann-camera-2");
}

TEST(Plan, R49_LayersOfAScreenHaveOneTile) {
  auto tracks = layers("ann", {{0, 30'000}});
  for (auto& track : tracks) track.role = "screen";
  tracks[2].sizes = tracks[1].sizes;  // two of one size
  const auto plan = plan_of(meeting_of_tracks(tracks), {}, {});
  ASSERT_TRUE(plan);
  for (const Scene& scene : plan->scenes)
    EXPECT_EQ(std::count_if(scene.tiles.begin(), scene.tiles.end(),
                            [](const Tile& tile) { return tile.kind == TileKind::Screen; }),
              1);
}

TEST(Plan, R7_CameraIsOffAfterALongGapOnly) {
  const auto kept =
      plan_of(meeting_of_tracks({video("ann", "camera", {{0, 5'000}, {6'900, 20'000}})}), {}, {});
  EXPECT_EQ(reasons(kept), (std::vector<std::string>{"start"}));
  const auto off =
      plan_of(meeting_of_tracks({video("ann", "camera", {{0, 5'000}, {9'000, 20'000}})}), {}, {});
  ASSERT_EQ(reasons(off), (std::vector<std::string>{"start", "ann camera off", "ann camera on"}));
  EXPECT_EQ(off->scenes[1].range, (TimeRange{at_ms(6'000), at_ms(9'000)}));
  EXPECT_EQ(off->scenes[1].tiles[0].kind, TileKind::Placeholder);
}

TEST(Plan, ScreenShareTakesTheMainPlace) {
  PlanOptions speaker;
  speaker.layout = LayoutKind::Speaker;
  const auto plan =
      plan_of(meeting_of_tracks({video("ann", "camera", {{0, 60'000}}), video("bob", "camera", {{0, 60'000}}),
                                 video("bob", "screen", {{10'000, 10'040}, {20'000, 20'040}})}),
              {{"bob", {at_ms(2'000), at_ms(8'000)}}}, speaker);
  ASSERT_EQ(reasons(plan), (std::vector<std::string>{"start", "bob starts sharing", "bob stops sharing"}));
  for (const Tile& tile : plan->scenes[1].tiles)
    EXPECT_EQ(tile.area.width == 1024, tile.kind == TileKind::Screen);
  for (const Tile& tile : plan->scenes[0].tiles)
    EXPECT_EQ(tile.area.width == 1024, tile.participant == "bob");
}

TEST(Plan, R34_ShapeChangesMakeScenesSizesDoNot) {
  timeline::TrackSidecar track = video("ann", "camera", {{0, 30'000}});
  track.sizes.push_back({at_ms(10'000), {320, 180}});
  track.sizes.push_back({at_ms(20'000), {480, 360}});
  const auto plan = plan_of(meeting_of_tracks({track}), {}, {});
  ASSERT_EQ(reasons(plan), (std::vector<std::string>{"start", "picture shape"}));
  EXPECT_EQ(plan->scenes[1].tiles[0].picture, (Rectangle{160, 0, 960, 720}));
}

TEST(Plan, R66_NobodyIsRefused) {
  EXPECT_FALSE(plan_of(timeline::Meeting{}, {}, {}));
  EXPECT_EQ(plan_of(timeline::Meeting{}, {}, {.width = 321}).error().kind(), ErrorKind::Usage);
}

TEST(Plan, R67_ManyPeopleFillTheGridCamerasFirst) {
  std::vector<timeline::TrackSidecar> tracks;
  for (int i = 0; i < 250; ++i)
    tracks.push_back(
        video(fmt::format("p{:03}", i), "camera", {{0, i < 200 ? 2'000 : 30'000}, {29'000, 30'000}}));
  const auto plan = plan_of(meeting_of_tracks(std::move(tracks)), {}, {});
  ASSERT_TRUE(plan);
  for (const Scene& scene : plan->scenes) EXPECT_EQ(scene.tiles.size(), UsualTiles);
}

// Three who are there for half a minute; the second speaks first, then the third.
// When the screen of bob is seen, who is there from 0 to 60 s.
std::vector<TimeRange> seen_screens(std::vector<timeline::TrackSidecar> screens) {
  std::vector<timeline::TrackSidecar> tracks{video("ann", "camera", {{0, 60'000}}),
                                             video("bob", "camera", {{0, 60'000}})};
  for (std::size_t i = 0; i < screens.size(); ++i) {
    screens[i].track += fmt::format("-{}", i);
    tracks.push_back(screens[i]);
  }
  std::vector<TimeRange> seen;
  for (const VisibleTrack& track : visible_tracks_of(meeting_of_tracks(std::move(tracks))))
    if (track.screen) seen.push_back({track.visible.front().start, track.visible.back().end});
  return seen;
}

// Senders that send a picture only when it changes: the last one stays.
TEST(Plan, TheLastPictureOfAShareStaysAsLongAsThoseBefore) {
  const auto range = [](int from, int to) { return TimeRange{at_ms(from), at_ms(to)}; };
  EXPECT_EQ(seen_screens({video("bob", "screen", {{10'000, 10'000}, {18'000, 18'000}})}),
            std::vector{range(10'000, 26'000)});
  EXPECT_EQ(seen_screens({video("bob", "screen", {{10'000, 20'000}})}), std::vector{range(10'000, 20'000)});
  EXPECT_EQ(seen_screens({video("bob", "screen", {{10'000, 10'000}})}), std::vector{range(10'000, 60'000)});
  EXPECT_EQ(seen_screens({video("bob", "screen", {{10'000, 10'000}, {50'000, 50'000}})}),
            std::vector{range(10'000, 60'000)});
  EXPECT_EQ(
      seen_screens({video("bob", "screen", {{10'000, 10'000}}), video("ann", "screen", {{30'000, 40'000}})}),
      (std::vector{range(10'000, 30'000), range(30'000, 40'000)}));
}

Result<ScenePlan> plan_of_three(PlanOptions options, bool with_screen = false) {
  std::vector<timeline::TrackSidecar> tracks{video("cy", "camera", {{0, 30'000}}),
                                             video("ann", "camera", {{0, 30'000}}),
                                             video("bob", "camera", {{0, 30'000}})};
  if (with_screen) tracks.push_back(video("cy", "screen", {{20'000, 28'000}}));
  const std::vector<Utterance> said{{"ann", {at_ms(1'000), at_ms(5'000)}},
                                    {"bob", {at_ms(6'000), at_ms(16'000)}}};
  return plan_of(meeting_of_tracks(std::move(tracks)), said, options);
}

// Who is where in a scene: "ann 0,0 1024x720".
std::vector<std::string> places(const Scene& scene) {
  std::vector<std::string> all;
  for (const Tile& tile : scene.tiles)
    all.push_back(fmt::format("{}{} {},{} {}x{}", tile.participant, tile.kind == TileKind::Screen ? "*" : "",
                              tile.area.x, tile.area.y, tile.area.width, tile.area.height));
  return all;
}
using Places = std::vector<std::string>;

TEST(Layouts, SpeakerSwapsWithTheStrip) {
  const auto plan = plan_of_three({.layout = LayoutKind::Speaker}, true);
  ASSERT_EQ(reasons(plan), (Places{"start", "bob speaks 10.0 s", "cy starts sharing", "cy stops sharing"}));
  EXPECT_EQ(places(plan->scenes[0]),
            (Places{"ann 0,0 1024x720", "cy 1024,0 256x368", "bob 1024,368 256x352"}));
  EXPECT_EQ(places(plan->scenes[1]),
            (Places{"bob 0,0 1024x720", "cy 1024,0 256x368", "ann 1024,368 256x352"}));
  EXPECT_EQ(places(plan->scenes[2]), (Places{"cy* 0,0 1024x720", "cy 1024,0 256x240", "ann 1024,240 256x240",
                                             "bob 1024,480 256x240"}));
}

TEST(Layouts, StripBelow) {
  const Places below{"ann 0,0 1280x576", "cy 0,576 640x144", "bob 640,576 640x144"};
  EXPECT_EQ(places(plan_of_three({.layout = LayoutKind::StripBottom})->scenes[0]), below);
  const auto upright = plan_of_three({.layout = LayoutKind::Speaker, .width = 720, .height = 1280});
  EXPECT_EQ(places(upright->scenes[0])[0], "ann 0,0 720x1024");
}

TEST(Layouts, PresentationGivesPeopleWhatTheSlidesLeave) {
  timeline::TrackSidecar slides = video("cy", "screen", {{10'000, 30'000}});
  slides.sizes = {{slides.range.start, {1024, 768}}};
  const auto plan = plan_of(meeting_of_tracks({video("ann", "camera", {{0, 30'000}}),
                                               video("bob", "camera", {{0, 30'000}}), slides}),
                            {}, {.layout = LayoutKind::Presentation});
  ASSERT_EQ(plan->scenes.size(), 2U);
  EXPECT_EQ(places(plan->scenes[0])[0], "ann 0,0 960x720");  // where the slides will be
  EXPECT_EQ(places(plan->scenes[1])[0], "cy* 0,0 960x720");
}

TEST(Layouts, PictureInPicture) {
  const auto plan = plan_of_three({.layout = LayoutKind::Pip}, true);
  EXPECT_EQ(places(plan->scenes[0]), (Places{"ann 0,0 1280x720", "cy 932,16 312x176"}));
  EXPECT_EQ(places(plan->scenes[1]), (Places{"bob 0,0 1280x720", "ann 932,16 312x176"}));
  EXPECT_EQ(places(plan->scenes[2]), (Places{"cy* 0,0 1280x720", "bob 932,16 312x176"}));
  EXPECT_EQ(plan->scenes[0].tiles[1].z, 1);
}

TEST(Layouts, SingleAndSideBySide) {
  const auto single = plan_of_three({.layout = LayoutKind::Single});
  EXPECT_EQ(places(single->scenes[0]), Places{"ann 0,0 1280x720"});
  EXPECT_EQ(places(single->scenes[1]), Places{"bob 0,0 1280x720"});
  const auto pair = plan_of_three({.layout = LayoutKind::SideBySide});
  EXPECT_EQ(places(pair->scenes[0]), (Places{"cy 0,0 640x720", "ann 640,0 640x720"}));
}

TEST(PlanOptions, LockHoldsTheMainPlace) {
  const auto plan = plan_of_three({.layout = LayoutKind::Speaker, .lock = "cy"}, true);
  for (const Scene& scene : plan->scenes) EXPECT_EQ(places(scene)[0], "cy 0,0 1024x720");
  // Slides go before; without them there is the one who is locked.
  const auto slides = plan_of_three({.layout = LayoutKind::Presentation, .lock = "cy"}, true);
  EXPECT_EQ(places(slides->scenes[0])[0], "cy 0,0 1024x720");
  EXPECT_EQ(places(slides->scenes[1])[0], "cy* 0,0 1024x720");
}

TEST(PlanOptions, SomeNeverAppear) {
  const auto plan = plan_of_three({.layout = LayoutKind::Speaker, .without = {"ann", "cy"}}, true);
  EXPECT_EQ(reasons(plan), Places{"start"});
  EXPECT_EQ(places(plan->scenes[0]), Places{"bob 0,0 1280x720"});
  EXPECT_EQ(plan->scenes[0].range.end, at_ms(30'000));
}

TEST(PlanOptions, PeopleAreOfThisMeeting) {
  EXPECT_EQ(plan_of_three({.lock = "dan"}).error().message(), "no participant \"dan\" in this meeting");
  EXPECT_EQ(plan_of_three({.without = {"ann", "dan"}}).error().kind(), ErrorKind::Usage);
}

TEST(PlanOptions, OrderOfTiles) {
  const auto order_by = [](Order order) {
    Places names;
    const auto plan = plan_of_three({.order = order});
    for (const Tile& tile : plan->scenes[0].tiles) names.push_back(tile.participant);
    return names;
  };
  EXPECT_EQ(order_by(Order::Join), (Places{"cy", "ann", "bob"}));
  EXPECT_EQ(order_by(Order::Name), (Places{"ann", "bob", "cy"}));
  EXPECT_EQ(order_by(Order::Speaking), (Places{"bob", "ann", "cy"}));
}

TEST(PlanOptions, HidesWhoHasNoPicture) {
  const timeline::Meeting meeting = meeting_of_tracks(
      {video("ann", "camera", {{0, 30'000}}), video("bob", "camera", {{0, 10'000}, {20'000, 30'000}})});
  const auto plan = plan_of(meeting, {}, {.hide_no_picture = true});
  ASSERT_EQ(reasons(plan), (Places{"start", "bob camera off", "bob camera on"}));
  EXPECT_EQ(places(plan->scenes[1]), Places{"ann 0,0 1280x720"});
  EXPECT_EQ(plan_of(meeting, {}, {.without = {"ann", "bob"}})->scenes[0].tiles.size(), 0U);
}

TEST(PlanOptions, PagesShowWhoSpeaks) {
  std::vector<timeline::TrackSidecar> tracks;
  for (const char* who : {"ann", "bob", "cy", "dan", "eve"})
    tracks.push_back(video(who, "camera", {{0, 60'000}}));
  const std::vector<Utterance> said{{"ann", {at_ms(0), at_ms(5'000)}},
                                    {"eve", {at_ms(20'000), at_ms(26'000)}},
                                    {"dan", {at_ms(40'000), at_ms(41'000)}}};  // a cough
  const auto plan = plan_of(meeting_of_tracks(tracks), said, {.most_tiles = 3});
  ASSERT_EQ(reasons(plan), (Places{"start", "eve speaks 6.0 s"}));
  const auto shown = [&](std::size_t scene) {
    Places names;
    for (const Tile& tile : plan->scenes[scene].tiles) names.push_back(tile.participant);
    return names;
  };
  EXPECT_EQ(shown(0), (Places{"ann", "bob", "cy"}));
  EXPECT_EQ(shown(1), (Places{"ann", "bob", "eve"}));  // ann has spoken; one of the silent makes room
  EXPECT_EQ(plan->scenes[1].tiles[2].area, plan->scenes[0].tiles[2].area);
}

TEST(PlanOptions, ChaptersWhereSomethingBegins) {
  const auto plan =
      plan_of(meeting_of_tracks(
                  {video("ann", "camera", {{0, 60'000}}), video("bob", "camera", {{3'000, 60'000}}),
                   video("cy", "camera", {{20'000, 60'000}}), video("dan", "camera", {{22'000, 60'000}}),
                   video("bob", "screen", {{40'000, 50'000}}), video("cy", "screen", {{2'000, 15'000}})}),
              {}, {.chapters = true});
  EXPECT_EQ(plan->chapters, (std::vector<Chapter>{{at_ms(0), "test, cy shares a screen"},
                                                  {at_ms(20'000), "cy joins, dan joins"},
                                                  {at_ms(40'000), "bob shares a screen"}}));
  EXPECT_TRUE(plan_of_three({})->chapters.empty());
}

TEST(Chapters, AreNoLongerThanAScenesFileMayHaveThem) {
  Sources sources;
  for (int i = 0; i < 90; ++i)
    sources.presences.push_back({.participant = fmt::format("member {} of the council", i),
                                 .present = {{at_ms(6'000 + i), at_ms(60'000)}}});
  std::string endless;
  for (int i = 0; i < 600; ++i) endless += "\u00e9";
  sources.presences.push_back({.participant = endless, .present = {{at_ms(20'000), at_ms(60'000)}}});
  const auto chapters = chapters_of(sources, endless, at_ms(60'000));
  ASSERT_EQ(chapters.size(), 3U);
  for (const Chapter& chapter : chapters) {
    EXPECT_LE(chapter.title.size(), 1000U);
    EXPECT_TRUE(is_valid_utf8(chapter.title));
  }
  EXPECT_TRUE(chapters[0].title.ends_with("\u00e9\u2026"));
  EXPECT_TRUE(chapters[1].title.starts_with("member 0 of the council joins, member 1 of"));
  const std::size_t told =
      static_cast<std::size_t>(std::count(chapters[1].title.begin(), chapters[1].title.end(), ','));
  EXPECT_TRUE(chapters[1].title.ends_with(fmt::format(" joins, and {} more", 90 - told)))
      << chapters[1].title;
}

TEST(PlanOptions, NeitherNamesNorBordersWhereTheyAreNotWanted) {
  const std::vector<Utterance> said{{"ann", {at_ms(1'000), at_ms(5'000)}}};
  const auto meeting = meeting_of_tracks({video("ann", "camera", {{0, 30'000}})});
  const auto usual = plan_of(meeting, said, {});
  EXPECT_NE(usual->scenes[0].tiles[0].label, "");
  EXPECT_EQ(usual->scenes[0].tiles[0].highlights.size(), 1U);
  const auto bare = plan_of(meeting, said, {.labels = false, .highlights = false});
  EXPECT_EQ(bare->scenes[0].tiles[0].label, "");
  EXPECT_TRUE(bare->scenes[0].tiles[0].highlights.empty());
}

}  // namespace
}  // namespace greffe::layout
