#include "intake/layers.h"

#include <gtest/gtest.h>

#include <random>

namespace greffe::intake {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// What `camera` takes: 30 pictures a second for a minute, at uneven steps of its own.
std::vector<std::int64_t> pictures_of(unsigned camera) {
  std::mt19937 random(camera);
  std::vector<std::int64_t> ticks;
  std::int64_t tick = 0;
  for (int i = 0; i < 1800; ++i) ticks.push_back(tick += 2970 + static_cast<std::int64_t>(random() % 11) * 9);
  return ticks;
}

SurveyedTrack track_of(const std::vector<std::int64_t>& pictures, std::int64_t shift, std::size_t every = 1) {
  SurveyedTrack track{.participant = "room", .role = "camera"};
  track.survey.coding.codec = media::CodecId::Vp8;
  for (std::size_t i = 0; i < pictures.size(); i += every)
    track.survey.frame_times.add(pictures[i] + shift, ArrivalTime(milliseconds(pictures[i] / 90)));
  track.survey.clock.segments.push_back(
      {.first_arrival = ArrivalTime(seconds(0)), .last_arrival = ArrivalTime(seconds(60))});
  return track;
}

TEST(Layers, R49_LayersOfManyCamerasAreFoundByTheirFrames) {
  constexpr std::size_t Cameras = 100;
  std::vector<SurveyedTrack> tracks;
  for (unsigned camera = 0; camera < Cameras; ++camera) {
    const auto pictures = pictures_of(camera);
    for (const std::size_t every : {1u, 1u, 2u})
      tracks.push_back(track_of(pictures, 1'000'000 * static_cast<std::int64_t>(tracks.size()), every));
  }
  find_layers(tracks);
  for (std::size_t i = 0; i < tracks.size(); ++i) EXPECT_EQ(tracks[i].camera, i / 3 * 3);
}

TEST(Layers, ALayerThatComesBackIsOfItsCameraThoughOthersCameBetween) {
  std::vector<SurveyedTrack> tracks;
  for (unsigned camera = 0; camera < 100; ++camera) tracks.push_back(track_of(pictures_of(camera), 77));
  tracks.push_back(track_of(pictures_of(3), 4711));
  find_layers(tracks);
  EXPECT_EQ(tracks[100].camera, 3u);
  EXPECT_EQ(tracks[3].camera, 3u);
  EXPECT_EQ(tracks[4].camera, std::nullopt);
}

// Beyond 128 cameras frames are no longer compared; names still are.
TEST(Layers, NamesAreComparedHoweverManyCamerasThereAre) {
  std::vector<SurveyedTrack> tracks;
  for (unsigned camera = 0; camera < 200; ++camera) tracks.push_back(track_of(pictures_of(camera), 77));
  tracks.push_back(track_of(pictures_of(3), 4711));
  tracks.push_back(track_of(pictures_of(1000), 0));
  const dump::SsrcGroup group{"SIM", {Ssrc{1}, Ssrc{2}}};
  for (const auto& [index, ssrc] : {std::pair(5u, 1u), {201u, 2u}}) {
    tracks[index].survey.ssrcs = {Ssrc{ssrc}};
    tracks[index].survey.coding.groups = {group};
  }
  find_layers(tracks);
  EXPECT_EQ(tracks[200].camera, std::nullopt);
  EXPECT_EQ(tracks[201].camera, 5u);
}

TEST(Layers, TracksOfOthersOrOfAnotherTimeAreNone) {
  const auto pictures = pictures_of(1);
  std::vector<SurveyedTrack> tracks{track_of(pictures, 0), track_of(pictures, 1), track_of(pictures, 2),
                                    track_of(pictures, 3)};
  tracks[1].participant = "else";
  tracks[2].role = "screen";
  tracks[3].survey.clock.segments.front().first_arrival = ArrivalTime(seconds(60));
  find_layers(tracks);
  for (const SurveyedTrack& track : tracks) EXPECT_EQ(track.camera, std::nullopt);
}

}  // namespace
}  // namespace greffe::intake
