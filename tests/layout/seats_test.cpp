#include "layout/seats.h"

#include <gtest/gtest.h>

namespace greffe::layout {
namespace {

const Rectangle Whole{0, 0, 1280, 720};

std::vector<Guest> guests(const std::vector<std::string>& keys) {
  std::vector<Guest> all;
  for (const std::string& key : keys) all.push_back({key, {16, 9}});
  return all;
}

using Seating = std::map<std::string, Rectangle>;

Seating seat(Seats& seats, const std::vector<std::string>& keys, std::size_t soon = 0) {
  Seating places;
  const auto rectangles = seats.seated(Whole, guests(keys), soon);
  for (std::size_t i = 0; i < keys.size(); ++i)
    if (rectangles[i]) places[keys[i]] = *rectangles[i];
  return places;
}

TEST(Seats, WhoStaysKeepsTheirPlace) {
  Seats seats;
  const Seating all = seat(seats, {"a", "b", "c", "d", "e", "f", "g", "h", "i"});
  const Seating fewer = seat(seats, {"a", "c", "d", "e", "f", "g", "h", "i"});
  for (const auto& [key, place] : fewer) EXPECT_EQ(place, all.at(key)) << key;
  const Seating other = seat(seats, {"a", "c", "d", "e", "f", "g", "h", "i", "z"});
  EXPECT_EQ(other.at("z"), all.at("b"));
}

TEST(Seats, WhoComesBackFindsTheirPlace) {
  Seats seats;
  const Seating all = seat(seats, {"a", "b", "c", "d", "e", "f", "g", "h", "i"});
  seat(seats, {"a", "d", "e", "f", "g", "h", "i"});
  EXPECT_EQ(seat(seats, {"a", "c", "d", "e", "f", "g", "h", "i"}).at("c"), all.at("c"));
}

TEST(Seats, MoveWhenPicturesGrowByMoreThanATenth) {
  Seats seats;
  const Seating five = seat(seats, {"a", "b", "c", "d", "e"});
  const Seating four = seat(seats, {"b", "c", "d", "e"});
  EXPECT_NE(four.at("b"), five.at("b"));
  EXPECT_EQ(four.at("b").width, 640);
  // Two of three columns: nothing to gain.
  const Seating two = seat(seats, {"c", "d"});
  EXPECT_EQ(two.at("c").width, 640);
}

TEST(Seats, StayForThoseWhoComeSoon) {
  Seats seats;
  const Seating three = seat(seats, {"a", "b", "c"}, 4);
  const Seating four = seat(seats, {"a", "b", "c", "d"});
  for (const auto& [key, place] : three) EXPECT_EQ(place, four.at(key)) << key;
  const Seating five = seat(seats, {"a", "b", "c", "d", "e"});
  EXPECT_EQ(seat(seats, {"b", "c", "d", "e"}, 5).at("b"), five.at("b"));
  EXPECT_NE(seat(seats, {"b", "c", "d", "e"}, 4).at("b"), five.at("b"));
}

TEST(Seats, CellsCanBeLeftOut) {
  Seats seats({.limits = {3, 3}, .excluded = {4}});
  EXPECT_EQ(seats.most(Whole), 8U);
  const Seating places = seat(seats, {"a", "b", "c", "d", "e"});
  EXPECT_EQ(places.at("d").x, 0);
  EXPECT_EQ(places.at("e").x, 854);
  EXPECT_EQ(places.at("e").y, places.at("d").y);
}

TEST(Seats, OnceTakenACellIsGivenToNobodyElse) {
  Seats seats({.limits = {1, 2}, .once = true});
  const Seating two = seat(seats, {"a", "b"});
  EXPECT_EQ(seat(seats, {"b", "c"}), (Seating{{"b", two.at("b")}}));
  EXPECT_EQ(seat(seats, {"a", "c"}), (Seating{{"a", two.at("a")}}));
}

TEST(Seats, ShapesThatChangeMoveOnlyWhenItPays) {
  Seats seats;
  std::vector<Guest> two = guests({"a", "b"});
  const auto before = seats.seated(Whole, two, 0);
  two[0].aspect = {9, 16};
  EXPECT_EQ(seats.seated(Whole, two, 0), before);
}

}  // namespace
}  // namespace greffe::layout
