#include "film/film_room.h"

#include <gtest/gtest.h>

#include "support/samples.h"

namespace greffe::film {
namespace {

layout::ScenePlan plan_of_seconds(int seconds) {
  layout::ScenePlan plan{.width = 1000, .height = 1000};
  plan.scenes.push_back({{MeetingTime{}, MeetingTime(std::chrono::seconds(seconds))}, "grid", "", {}});
  return plan;
}

TEST(FilmRoom, GrowsWithTheFilmAndWhatItIsCodedWith) {
  const layout::ScenePlan plan = plan_of_seconds(100);
  FilmOrder order{.plan = &plan, .rate = {10, 1}};
  order.coding.sound_bitrate_bps = 64'000;
  const FilmRoom web = least_room_of(order);
  EXPECT_EQ(web.pictures, 500'000u);
  EXPECT_EQ(web.sound, 640'000u);
  order.coding.video = media::CodecId::Ffv1;
  EXPECT_EQ(least_room_of(order).pictures, 250'000'000u);
  order.copied = {{{0, 500}, "cam", 0}};
  EXPECT_EQ(least_room_of(order).pictures, 125'000'000u);
}

TEST(FilmRoom, WhatPlainlyDoesNotFitIsRefused) {
  const test::TemporaryFolder folder;
  EXPECT_TRUE(check_room({{{1000, 1000}, folder.path(), folder.path()}}));
  const Status refused = check_room({{{std::uint64_t{1} << 60, 0}, folder.path(), folder.path()}});
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message().find("MB are free"), std::string::npos) << refused.error().message();
  // One whose chunks are nearly all there needs room for the film alone.
  const auto available = std::filesystem::space(folder.path()).available;
  EXPECT_FALSE(check_room({{{available * 2 / 3, 0}, folder.path(), folder.path()}}));
  test::write_file(folder.path() / "000000-x.mkv", "x");
  std::filesystem::resize_file(folder.path() / "000000-x.mkv", available * 2 / 3);  // without taking any
  EXPECT_TRUE(check_room({{{available * 2 / 3, 0}, folder.path(), folder.path()}}));
}

TEST(FilmRoom, FilmsOfOnePassNeedRoomTogether) {
  const test::TemporaryFolder folder, other;
  const auto available = std::filesystem::space(folder.path()).available;
  const WantedRoom fits{{available / 3, 0}, folder.path(), folder.path()};
  EXPECT_TRUE(check_room({fits}));
  EXPECT_FALSE(check_room({fits, {fits.room, other.path(), other.path()}}));
  // In one codec they share their chunks.
  const WantedRoom shared{{available / 4, 0}, folder.path(), folder.path()};
  EXPECT_TRUE(check_room({shared, shared}));
  EXPECT_FALSE(check_room({shared, {shared.room, other.path(), other.path()}, shared}));
}

}  // namespace
}  // namespace greffe::film
