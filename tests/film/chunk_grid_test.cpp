#include "film/chunk_grid.h"

#include <gtest/gtest.h>

namespace greffe::film {
namespace {

ChunkGrid grid_of(std::int32_t numerator, std::int32_t denominator, std::int64_t frames) {
  return {FilmClock{{numerator, denominator}}, frames};
}

TEST(ChunkGrid, ChunksAreTenSecondsOfMeetingTime) {
  const ChunkGrid grid = grid_of(25, 1, 601);
  ASSERT_EQ(grid.count(), 3u);
  EXPECT_EQ(grid.span_of(0), (FrameSpan{0, 250}));
  EXPECT_EQ(grid.span_of(1), (FrameSpan{250, 500}));
  EXPECT_EQ(grid.span_of(2), (FrameSpan{500, 601}));
  EXPECT_EQ(grid_of(25, 1, 500).count(), 2u);
  EXPECT_EQ(grid_of(25, 1, 1).count(), 1u);
}

TEST(ChunkGrid, EachFrameBelongsToTheChunkInWhichItBegins) {
  for (const auto& [numerator, denominator] :
       {std::pair{30000, 1001}, {24000, 1001}, {1, 1}, {240, 1}, {7, 3}}) {
    const ChunkGrid grid = grid_of(numerator, denominator, 100'000);
    std::int64_t next = 0;
    for (std::size_t chunk = 0; chunk < grid.count(); ++chunk) {
      const FrameSpan span = grid.span_of(chunk);
      ASSERT_EQ(span.first, next);
      ASSERT_LT(span.first, span.end);
      EXPECT_GE(grid.clock.start_of(span.first).time_since_epoch(), ChunkGrid::Length * std::int64_t(chunk));
      EXPECT_LT(grid.clock.start_of(span.end - 1).time_since_epoch(),
                ChunkGrid::Length * std::int64_t(chunk + 1));
      next = span.end;
    }
    EXPECT_EQ(next, grid.frames);
  }
}

}  // namespace
}  // namespace greffe::film
