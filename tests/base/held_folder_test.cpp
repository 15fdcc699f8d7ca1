#include "base/held_folder.h"

#include <gtest/gtest.h>

#include "support/samples.h"

namespace greffe {
namespace {

TEST(HeldFolder, StaysInReachWhenOneAboveItIsRenamed) {
  const test::TemporaryFolder place;
  std::filesystem::create_directories(place.path() / "meeting" / "work");
  const auto held = HeldFolder::open(place.path() / "meeting" / "work");
  ASSERT_TRUE(held);
  std::filesystem::rename(place.path() / "meeting", place.path() / "trash");
  ASSERT_TRUE(write_text_atomically(held->path() / "chunk", "bytes"));
  EXPECT_TRUE(std::filesystem::exists(place.path() / "trash" / "work" / "chunk"));
  EXPECT_FALSE(std::filesystem::exists(place.path() / "meeting"));
}

TEST(HeldFolder, FailuresNameItAsPeopleKnowIt) {
  const test::TemporaryFolder place;
  std::filesystem::create_directories(place.path() / "work");
  const auto held = HeldFolder::open(place.path() / "work");
  ASSERT_TRUE(held);
  const auto missing = read_text(held->path() / "chunk", 10);
  ASSERT_FALSE(missing);
  EXPECT_TRUE(held->named(missing.error()).message().starts_with((place.path() / "work" / "chunk").string()))
      << held->named(missing.error()).message();
  EXPECT_FALSE(HeldFolder::open(place.path() / "none"));
}

}  // namespace
}  // namespace greffe
