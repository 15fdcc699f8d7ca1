#include "timeline/tick_runs.h"

#include <gtest/gtest.h>

namespace greffe::timeline {
namespace {

std::vector<TickRun> all(const TickRuns& runs) { return {runs.begin(), runs.end()}; }

TEST(TickRuns, GivesBackWhatWasPutIn) {
  const std::vector<TickRun> put{{3000, 1},       {3000, 7},      {-90, 1},      {0, UINT32_MAX},
                                 {INT64_MAX, 64}, {INT64_MIN, 0}, {-1, 127},     {1, 128},
                                 {63, 1},         {64, 16'383},   {-64, 16'384}, {-65, 1}};
  TickRuns runs;
  EXPECT_TRUE(runs.empty());
  EXPECT_TRUE(all(runs).empty());
  for (std::size_t i = 0; i < put.size(); ++i) {
    runs.push_back(put[i]);
    EXPECT_EQ(all(runs), std::vector<TickRun>(put.begin(), put.begin() + static_cast<std::ptrdiff_t>(i) + 1));
  }
  EXPECT_FALSE(runs.empty());
}

TEST(TickRuns, StepsAlikeAreOneRun) {
  TickRuns runs;
  for (const int step : {6000, 6000, 6030, 6000, 6000, 6000}) runs.add_step(step);
  EXPECT_EQ(all(runs), (std::vector<TickRun>{{6000, 2}, {6030, 1}, {6000, 3}}));
  EXPECT_EQ(runs, (TickRuns{{6000, 2}, {6030, 1}, {6000, 3}}));
}

TEST(TickRuns, AFullRunIsFollowedByAnother) {
  TickRuns runs{{960, UINT32_MAX - 1}};
  runs.add_step(960);
  runs.add_step(960);
  EXPECT_EQ(all(runs), (std::vector<TickRun>{{960, UINT32_MAX}, {960, 1}}));
}

}  // namespace
}  // namespace greffe::timeline
