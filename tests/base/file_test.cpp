#include "base/file.h"

#include <gtest/gtest.h>

#include <fstream>

#include "support/samples.h"

namespace greffe {
namespace {

namespace fs = std::filesystem;

TEST(MakeDirectories, TellsOfAPathThatCannotBeAskedFor) {
  const test::TemporaryFolder place;
  fs::create_symlink("loop", place.path() / "loop");
  const Status made = make_directories(place.path() / "loop" / "below");
  ASSERT_FALSE(made);
  EXPECT_NE(made.error().message().find((place.path() / "loop").string()), std::string::npos);
}

}  // namespace
}  // namespace greffe
