#include "layout/plan.h"

#include <gtest/gtest.h>

#include "layout/grid.h"

namespace greffe::layout {
namespace {

using std::chrono::milliseconds;

MeetingTime at_ms(std::int64_t ms) { return MeetingTime(milliseconds(ms)); }

// A VP8 track with a picture each 40 ms in each of `spans` (ms), of 640x360.
timeline::TrackSidecar video(const std::string& who, const std::string& role,
                             std::vector<std::pair<int, int>> spans) {
  timeline::TrackSidecar track;
  track.track = who + "-" + role + "-1";
  track.participant = who;
  track.role = role;
  track.codec = media::CodecId::Vp8;
  track.range = {at_ms(spans.front().first), at_ms(spans.back().second)};
  track.clock.clock_rate = ClockRate{90'000};
  for (const auto& [from, to] : spans) {
    timeline::ClockSegment segment;
    segment.last_tick = std::int64_t{90} * (to - from);
    segment.anchor = at_ms(from);
    track.clock.segments.push_back(segment);
    const auto pictures = static_cast<std::uint32_t>((to - from) / 40);
    timeline::FrameTicks ticks;
    ticks.empty = false;
    ticks.runs = {timeline::TickRun{3600, pictures}};
    track.ticks.push_back(ticks);
    track.frames += pictures + 1;
  }
  track.sizes = {{track.range.start, {640, 360}}};
  return track;
}

timeline::Meeting meeting_of_tracks(std::vector<timeline::TrackSidecar> tracks) {
  timeline::Meeting meeting;
  meeting.title = "test";
  for (timeline::TrackSidecar& track : tracks) {
    if (!meeting.find_participant(track.participant))
      meeting.participants.push_back({track.participant, track.participant, {}});
    meeting.tracks.push_back(std::move(track));
  }
  return meeting;
}

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
      plan_of(meeting_of_tracks({video("ann", "camera", {{0, 30'000}}), video("bob", "camera", {{0, 30'000}}),
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
  for (const Scene& scene : plan->scenes) EXPECT_EQ(scene.tiles.size(), MaxTiles);
}

}  // namespace
}  // namespace greffe::layout
