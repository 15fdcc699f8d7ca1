#include "json/read_file.h"

#include <gtest/gtest.h>

#include "support/samples.h"

namespace greffe::json {
namespace {

TEST(JsonFile, ItsLimitCountsAndNoOther) {
  const test::TemporaryFolder folder;
  const Path file = folder.path() / "a.json";
  test::write_file(file, "[1, 2]");
  EXPECT_EQ(read_file(file, 6).value(), Value(Array{1, 2}));
  const auto refused = read_file(file, 5);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message(), file.string() + ": 6 bytes, more than the limit of 5");
  // What parse() takes where it is told nothing is less.
  const std::string large = std::string((64u << 20) - 1, ' ') + "12";
  test::write_file(file, large);
  EXPECT_FALSE(parse(large));
  EXPECT_EQ(read_file(file, large.size()).value(), Value(12));
}

TEST(JsonFile, WhatIsWrongBeginsWithThePath) {
  const test::TemporaryFolder folder;
  const Path file = folder.path() / "a.json";
  EXPECT_TRUE(read_file(file, 100).error().message().starts_with(file.string() + ": "));
  test::write_file(file, "[[1]");
  EXPECT_TRUE(read_file(file, 100).error().message().starts_with(file.string() + ": "));
  test::write_file(file, "[[1]]");
  EXPECT_FALSE(read_file(file, {.bytes = 100, .depth = 1}));
}

}  // namespace
}  // namespace greffe::json
