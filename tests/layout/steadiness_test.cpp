#include "layout/steadiness.h"

#include <gtest/gtest.h>

namespace greffe::layout {
namespace {

TimeRange s(int start, int end) {
  return {MeetingTime(std::chrono::seconds(start)), MeetingTime(std::chrono::seconds(end))};
}

Tile tile(const std::string& who, int x, TileKind kind = TileKind::Camera) {
  return {.participant = who, .kind = kind, .area = {x, 0, 100, 100}};
}

TEST(Steadiness, CountsMovesAndStays) {
  ScenePlan plan;
  plan.scenes = {{s(0, 10), "", "", {tile("ann", 0), tile("bob", 100)}},
                 {s(10, 14), "", "", {tile("ann", 0, TileKind::Placeholder), tile("bob", 200)}},
                 {s(14, 30), "", "", {tile("ann", 0), tile("ann", 200, TileKind::Screen)}}};
  const Steadiness steadiness = steadiness_of(plan);
  EXPECT_EQ(steadiness.moves, 1);  // bob; who leaves does not move
  EXPECT_EQ(steadiness.stays, 4);  // ann, bob twice, ann's screen
  EXPECT_EQ(steadiness.moves_per_minute(), 2);
  EXPECT_EQ(steadiness.mean_stay(), std::chrono::seconds((30 + 10 + 4 + 16) / 4));
  EXPECT_EQ(steadiness.shortest_stay, std::chrono::seconds(4));
}

TEST(Steadiness, NothingIsCalm) {
  EXPECT_EQ(steadiness_of({}).moves_per_minute(), 0);
  EXPECT_EQ(steadiness_of({}).mean_stay(), Duration::zero());
}

}  // namespace
}  // namespace greffe::layout
