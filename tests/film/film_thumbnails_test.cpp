#include "film/film_thumbnails.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace greffe::film {
namespace {

using std::chrono::milliseconds;

// A film of initials, which needs no tracks.
class FilmThumbnails : public testing::Test {
 protected:
  FilmThumbnails() {
    folder_.meeting.participants = {{"ann", "Ann", {}}};
    order_.folder = &folder_;
    order_.plan = &plan_;
    order_.rate = {5, 1};
  }

  void film_of(int width, int height, milliseconds length) {
    plan_ = {.width = width, .height = height};
    layout::Tile tile{.participant = "ann", .kind = layout::TileKind::Placeholder};
    tile.area = tile.picture = {0, 0, width, height};
    plan_.scenes.push_back({{MeetingTime{}, MeetingTime(length)}, "grid", "", {tile}});
  }

  // Width and height as a JPEG's frame header has them (ITU-T T.81 §B.2.2).
  static std::pair<int, int> size_of(const std::vector<std::uint8_t>& jpeg) {
    const std::vector<std::uint8_t> start{0xff, 0xc0};
    const auto at = std::search(jpeg.begin(), jpeg.end(), start.begin(), start.end());
    if (jpeg.end() - at < 9) return {};
    return {at[7] * 256 + at[8], at[5] * 256 + at[6]};
  }

  timeline::MeetingFolder folder_;
  layout::ScenePlan plan_;
  FilmOrder order_;
};

TEST_F(FilmThumbnails, EachOfFiveSecondsInRowsOfTen) {
  film_of(320, 180, milliseconds(52'300));
  const auto made = thumbnails_of(order_);
  ASSERT_TRUE(made) << made.error().message();
  EXPECT_TRUE(
      made->track.starts_with("WEBVTT\n\n00:00:00.000 --> 00:00:05.000\nthumbnails.jpg#xywh=0,0,160,90\n"));
  EXPECT_TRUE(
      made->track.ends_with("\n00:00:45.000 --> 00:00:50.000\nthumbnails.jpg#xywh=1440,0,160,90\n"
                            "\n00:00:50.000 --> 00:00:52.400\nthumbnails.jpg#xywh=0,90,160,90\n"))
      << made->track;
  EXPECT_EQ(size_of(made->sheet), std::pair(1600, 180));
  EXPECT_EQ(size_of(made->poster), std::pair(320, 180));
  const auto again = thumbnails_of(order_);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->sheet, made->sheet);
  EXPECT_EQ(again->poster, made->poster);
}

TEST_F(FilmThumbnails, AShortFilmHasOne) {
  film_of(180, 320, milliseconds(40));
  const auto made = thumbnails_of(order_);
  ASSERT_TRUE(made);
  EXPECT_EQ(made->track, "WEBVTT\n\n00:00:00.000 --> 00:00:00.200\nthumbnails.jpg#xywh=0,0,90,160\n");
  EXPECT_EQ(size_of(made->sheet), std::pair(90, 160));
}

TEST_F(FilmThumbnails, ALongFilmHasThreeHundred) {
  film_of(64, 64, std::chrono::hours(2));
  const auto made = thumbnails_of(order_);
  ASSERT_TRUE(made);
  EXPECT_EQ(std::count(made->track.begin(), made->track.end(), '#'), 300);
  EXPECT_TRUE(
      made->track.ends_with("\n01:59:36.000 --> 02:00:00.000\nthumbnails.jpg#xywh=1440,4640,160,160\n"))
      << made->track.substr(made->track.size() - 200);
  EXPECT_EQ(size_of(made->sheet), std::pair(1600, 4800));
}

}  // namespace
}  // namespace greffe::film
