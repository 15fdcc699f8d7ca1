#include "base/parallel.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <vector>

namespace greffe {
namespace {

TEST(Parallel, DoesEveryPieceOnceForAnyNumberOfJobs) {
  for (const unsigned jobs : {0u, 1u, 2u, 7u, 64u})
    for (const std::size_t count : {0u, 1u, 5u, 100u}) {
      std::vector<int> done(count);
      ASSERT_TRUE(for_each_index(count, jobs, [&](std::size_t i) -> Status {
        ++done[i];
        return {};
      }));
      EXPECT_EQ(done, std::vector<int>(count, 1)) << jobs;
    }
}

TEST(Parallel, TheFirstFailureIsToldAndEndsTheWork) {
  for (const unsigned jobs : {1u, 4u}) {
    std::atomic<int> begun = 0;
    const Status status = for_each_index(100'000, jobs, [&](std::size_t i) -> Status {
      ++begun;
      if (i >= 10) return fail("piece {}", i);
      return {};
    });
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().message(), "piece 10");
    EXPECT_LT(begun, 1000);
  }
}

TEST(Parallel, R101_WhatIsThrownIsAFailure) {
  for (const unsigned jobs : {1u, 4u}) {
    const Status status = for_each_index(100, jobs, [&](std::size_t i) -> Status {
      if (i % 10 == 3) throw std::length_error("piece is too long");
      return {};
    });
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().message(), "piece is too long");
  }
  EXPECT_EQ(guarded([]() -> Status { throw std::bad_alloc(); }).error().message(), "out of memory");
}

TEST(Parallel, TellsOfEveryPiece) {
  struct Told final : ProgressSink {
    void advance(std::string_view stage, std::uint64_t done, std::uint64_t total) override {
      EXPECT_EQ(stage, "reading");
      EXPECT_EQ(total, 9u);
      seen.push_back(done);
    }
    std::vector<std::uint64_t> seen;
  } told;
  ASSERT_TRUE(Workers({4, told}).run("reading", 9, [](std::size_t) -> Status { return {}; }));
  EXPECT_EQ(told.seen, (std::vector<std::uint64_t>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
}

}  // namespace
}  // namespace greffe
