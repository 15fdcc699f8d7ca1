#include "layout/needed_size.h"

#include <gtest/gtest.h>

namespace greffe::layout {
namespace {

MeetingTime s(int seconds) { return MeetingTime(std::chrono::seconds(seconds)); }

timeline::TrackSidecar track_with_keys() {
  timeline::TrackSidecar track;
  track.key_frames = {s(0), s(10), s(20), s(30)};
  track.separable_layers = {{s(0), s(30)}};
  return track;
}

TEST(NeededSize, LooksAheadToTheNextKeyFrame) {
  const timeline::TrackSidecar track = track_with_keys();
  // Small, then large from 15 s on, then small again from 17 s on.
  NeededSize needed(track, {{{s(0), s(15)}, {0, 0, 320, 180}},
                            {{s(15), s(17)}, {0, 0, 1280, 720}},
                            {{s(17), s(40)}, {0, 0, 320, 180}}});
  const media::PictureSize small{320, 180}, large{1280, 720};
  EXPECT_EQ(needed.at(s(0)), small);
  EXPECT_EQ(needed.at(s(9)), small);
  EXPECT_EQ(needed.at(s(10)), large) << "cannot be begun at 15 s";
  EXPECT_EQ(needed.at(s(16)), large);
  EXPECT_EQ(needed.at(s(17)), small) << "can be left at once";
  EXPECT_EQ(needed.at(s(20)), small);
  EXPECT_EQ(needed.at(s(30)), std::nullopt) << "nothing is proved of these";
}

TEST(NeededSize, ATurnedPictureIsMeasuredByItsLongerSide) {
  timeline::TrackSidecar track = track_with_keys();
  track.orientations.push_back({s(5), {.rotation_deg = 90}});
  NeededSize needed(track, {{{s(0), s(40)}, {0, 0, 180, 320}}});
  EXPECT_EQ(needed.at(s(0)), (media::PictureSize{320, 320}));
}

TEST(NeededSize, WhereNothingIsProvedAllIsNeeded) {
  timeline::TrackSidecar track = track_with_keys();
  track.separable_layers.clear();
  NeededSize needed(track, {{{s(0), s(40)}, {0, 0, 180, 320}}});
  EXPECT_EQ(needed.at(s(0)), std::nullopt);
}

TEST(TileSpans, ArePlacesOfTheTrackNotOfOthers) {
  ScenePlan plan;
  const auto tile = [](std::string track, TileKind kind) {
    return Tile{.track = std::move(track), .kind = kind, .picture = {0, 0, 320, 180}};
  };
  plan.scenes.push_back({.range = {s(0), s(1)}, .tiles = {tile("a", TileKind::Camera)}});
  plan.scenes.push_back(
      {.range = {s(1), s(2)}, .tiles = {tile("b", TileKind::Camera), tile("a", TileKind::Screen)}});
  plan.scenes.push_back({.range = {s(2), s(3)}, .tiles = {tile("a", TileKind::Placeholder)}});
  const auto spans = tile_spans_of(plan, "a");
  ASSERT_EQ(spans.size(), 2u);
  EXPECT_EQ(spans[1].range, (TimeRange{s(1), s(2)}));
}

}  // namespace
}  // namespace greffe::layout
