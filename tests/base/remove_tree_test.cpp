#include <fcntl.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstdio>
#include <fstream>
#include <thread>

#include "base/file.h"
#include "support/samples.h"

namespace greffe {
namespace {

namespace fs = std::filesystem;

void make_files(const Path& folder, int count) {
  fs::create_directories(folder);
  for (int i = 0; i < count; ++i) std::ofstream(folder / fmt::format("{}", i)) << "kept";
}

std::size_t files_in(const Path& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

TEST(RemoveTree, RemovesALinkAndNotWhatItNames) {
  const test::TemporaryFolder place;
  make_files(place.path() / "outside", 3);
  fs::create_directories(place.path() / "meeting");
  fs::create_directory_symlink(place.path() / "outside", place.path() / "meeting" / "dumps");
  fs::create_directory_symlink(place.path() / "outside", place.path() / "other");
  EXPECT_TRUE(remove_tree(place.path() / "meeting"));
  EXPECT_TRUE(remove_tree(place.path() / "other"));
  EXPECT_FALSE(fs::exists(place.path() / "meeting"));
  EXPECT_EQ(files_in(place.path() / "outside"), 3U);
}

TEST(RemoveTree, R106_AFolderThatBecomesALinkMeanwhileIsNotFollowed) {
  const test::TemporaryFolder place;
  const Path outside = place.path() / "outside", meeting = place.path() / "meeting";
  make_files(outside, 50);
  for (int round = 0; round < 40; ++round) {
    make_files(meeting / "dumps", 5);
    fs::create_directory_symlink(outside, place.path() / "link");
    std::atomic<bool> over = false;
    // The folder and the link change places all the time, until one of them is removed.
    std::thread swapping([&] {
      while (!over && ::renameat2(AT_FDCWD, (meeting / "dumps").c_str(), AT_FDCWD,
                                  (place.path() / "link").c_str(), RENAME_EXCHANGE) == 0) {
      }
    });
    // What it finds to be another thing than a moment ago may make it fail; nothing outside goes.
    static_cast<void>(remove_tree(meeting));
    over = true;
    swapping.join();
    EXPECT_TRUE(remove_tree(meeting));
    EXPECT_TRUE(remove_tree(place.path() / "link"));
    ASSERT_EQ(files_in(outside), 50U) << "round " << round;
  }
}

}  // namespace
}  // namespace greffe
