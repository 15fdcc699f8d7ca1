#include "film/film_pan.h"

#include <gtest/gtest.h>

namespace greffe::film {
namespace {

using layout::Tile;
using layout::TileKind;
using mixer::PanPoint;

MeetingTime at(int seconds) { return MeetingTime(std::chrono::seconds(seconds)); }

Tile tile(std::string who, int x, int width, TileKind kind = TileKind::Camera) {
  return {.participant = std::move(who), .track = "", .kind = kind, .area = {x, 0, width, 360}};
}

TEST(FilmPan, IsTheMiddleOfTheTile) {
  layout::ScenePlan plan{"m", 1280, 720, {}};
  plan.scenes.push_back({{at(0), at(2)}, "grid", "start", {tile("ann", 0, 640), tile("bob", 640, 640)}});
  plan.scenes.push_back({{at(2), at(5)}, "grid", "bob left", {tile("ann", 0, 1280)}});
  plan.scenes.push_back({{at(5), at(6)}, "speaker", "", {tile("ann", 0, 1280), tile("bob", 1120, 160)}});
  EXPECT_EQ(pan_of("ann", plan), (std::vector<PanPoint>{{0, -0.3F}, {96'000, 0}}));
  EXPECT_EQ(pan_of("bob", plan), (std::vector<PanPoint>{{0, 0.3F}, {96'000, 0}, {240'000, 0.53F}}));
  EXPECT_EQ(pan_of("nobody", plan), (std::vector<PanPoint>{{0, 0}}));
}

TEST(FilmPan, OfWhoSharesAScreenIsThatOfTheCamera) {
  layout::ScenePlan plan{"m", 1000, 500, {}};
  plan.scenes.push_back(
      {{at(0), at(2)}, "speaker", "", {tile("ann", 0, 800, TileKind::Screen), tile("ann", 900, 100)}});
  plan.scenes.push_back({{at(2), at(3)}, "speaker", "", {tile("ann", 0, 800, TileKind::Screen)}});
  EXPECT_EQ(pan_of("ann", plan), (std::vector<PanPoint>{{0, 0.54F}, {96'000, -0.12F}}));
}

}  // namespace
}  // namespace greffe::film
