#include "base/file_lock.h"

#include <gtest/gtest.h>

#include "support/samples.h"

namespace greffe {
namespace {

using namespace std::chrono_literals;

TEST(FileLock, SharersStandTogetherAndKeepOthersOut) {
  const test::TemporaryFolder place;
  const Path path = place.path() / "lock";
  {
    const auto one = FileLock::share(path, 0ms), two = FileLock::share(path, 0ms);
    EXPECT_TRUE(one && two);
    const auto alone = FileLock::acquire(path, 0ms);
    ASSERT_FALSE(alone);
    EXPECT_EQ(alone.error().kind(), ErrorKind::Busy);
    EXPECT_TRUE(FileLock::is_held(path));
  }
  const auto alone = FileLock::acquire(path, 0ms);
  EXPECT_TRUE(alone);
  EXPECT_FALSE(FileLock::share(path, 0ms));
}

}  // namespace
}  // namespace greffe
