#include "base/file.h"

#include <gtest/gtest.h>

#include <fstream>

#include "support/samples.h"

namespace greffe {
namespace {

namespace fs = std::filesystem;

TEST(FilesBelow, LeavesOutLinksWhateverTheyName) {
  const test::TemporaryFolder place;
  const Path folder = place.path() / "meeting";
  fs::create_directories(folder / "dumps");
  std::ofstream(folder / "dumps" / "a.mjr") << "kept";
  std::ofstream(folder / "meeting.json") << "{}";
  std::ofstream(place.path() / "outside") << "not of the meeting";
  fs::create_symlink("loop", folder / "loop");
  fs::create_symlink("nothing", folder / "dangling");
  fs::create_symlink(place.path() / "outside", folder / "dumps" / "b.mjr");
  fs::create_directory_symlink(folder, folder / "dumps" / "again");
  const auto files = files_below(folder);
  ASSERT_TRUE(files) << files.error().message();
  EXPECT_EQ(*files, (std::vector<Path>{"dumps/a.mjr", "meeting.json"}));
  EXPECT_TRUE(sync_tree(folder));
  EXPECT_EQ(files_below(folder, "dumps")->size(), 1u);
}

TEST(MakeDirectories, TellsOfAPathThatCannotBeAskedFor) {
  const test::TemporaryFolder place;
  fs::create_symlink("loop", place.path() / "loop");
  const Status made = make_directories(place.path() / "loop" / "below");
  ASSERT_FALSE(made);
  EXPECT_NE(made.error().message().find((place.path() / "loop").string()), std::string::npos);
}

}  // namespace
}  // namespace greffe
