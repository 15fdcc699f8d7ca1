#include "film/picture_stage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "support/samples.h"

namespace greffe::film {
namespace {

using namespace std::chrono_literals;

// One camera on the whole canvas.
class PictureStageTest : public ::testing::Test {
 protected:
  PictureStageTest() {
    folder_.path = place_.path();
    std::filesystem::create_directories(folder_.path / "tracks");
    folder_.meeting.participants.push_back({.id = "ann", .name = "Ann"});
    timeline::TrackSidecar track{
        .track = "cam", .participant = "ann", .codec = media::CodecId::Vp8, .frames = 10};
    track.clock.clock_rate = ClockRate{1000};
    folder_.meeting.tracks.push_back(std::move(track));
    plan_.width = plan_.height = 64;
    const layout::Tile tile{.participant = "ann",
                            .track = "cam",
                            .kind = layout::TileKind::Camera,
                            .area = {0, 0, 64, 64},
                            .picture = {0, 0, 64, 64}};
    plan_.scenes.push_back({.range = {MeetingTime{}, MeetingTime(1s)}, .tiles = {tile}});
  }

  Result<DamageLog> draw_one() {
    FilmText text = std::move(FilmText::create(folder_.meeting, plan_, {})).value();
    PictureStage stage(folder_, plan_, text);
    stage.begin_chunk(MeetingTime::min());
    stage.draw(MeetingTime(20ms));
    return stage.end_chunk();
  }

  test::TemporaryFolder place_;
  timeline::MeetingFolder folder_;
  layout::ScenePlan plan_;
};

TEST_F(PictureStageTest, AFileThatCannotBeReadNowMakesNoPictureToKeep) {
  const auto met = draw_one();
  ASSERT_FALSE(met) << "it may be there again in a moment";
  EXPECT_THAT(met.error().message(), ::testing::HasSubstr("cam.mkv"));
}

TEST_F(PictureStageTest, AFileThatIsNoTrackIsDamage) {
  test::write_file(folder_.track_path("cam"), "not Matroska");
  const auto met = draw_one();
  ASSERT_TRUE(met);
  ASSERT_EQ(met->entries().size(), 1u);
  EXPECT_EQ(met->entries()[0].condition, "track-not-shown");
}

TEST_F(PictureStageTest, R65_ALabelNeverLeavesItsTile) {
  plan_.width = 80;
  plan_.height = 128;
  const auto right_of_tile = [&](const std::string& label, int height) {
    const layout::Rectangle place{0, 0, 40, height};
    plan_.scenes[0].tiles = {{.participant = "ann", .area = place, .picture = place, .label = label}};
    FilmText text = std::move(FilmText::create(folder_.meeting, plan_, {})).value();
    PictureStage stage(folder_, plan_, text);
    stage.begin_chunk(MeetingTime::min());
    stage.draw(MeetingTime(20ms));
    const media::Picture picture = stage.canvas().picture();
    std::vector<std::uint8_t> luma;
    for (int y = 0; y < plan_.height; ++y)
      for (int x = y < height ? 40 : 0; x < plan_.width; ++x)
        luma.push_back(picture.y.pixels[y * picture.y.stride + x]);
    return luma;
  };
  const std::string words = "Amelie Roux, deputy mayor for culture, heritage and schools";
  for (const int height : {120, 40, 12, 6})
    EXPECT_EQ(right_of_tile(words, height), right_of_tile("", height));
}

TEST(FilmText, AClockShowsItsSecondsInNarrowPictures) {
  timeline::Meeting meeting;
  meeting.start = WallTime(1'790'000'000s);
  for (const auto& [width, height] : {std::pair{160, 90}, {720, 1600}, {1280, 720}}) {
    layout::ScenePlan plan;
    plan.width = width;
    plan.height = height;
    FilmText text = std::move(FilmText::create(meeting, plan, {}, {.clock_zone = "Etc/UTC"})).value();
    std::set<std::vector<std::uint8_t>> pictures;
    for (int second = 0; second < 3; ++second) {
      canvas::Canvas canvas(width, height);
      text.turn_to(MeetingTime(second * 1s));
      text.draw_over(canvas, height);
      const media::PlaneView& luma = canvas.picture().y;
      pictures.insert({luma.pixels, luma.pixels + luma.stride * height});
    }
    EXPECT_EQ(pictures.size(), 3u) << width;
  }
}

}  // namespace
}  // namespace greffe::film
