#include "custody/open_exports.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "custody/create_archive.h"
#include "support/samples.h"

namespace greffe::custody {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr const char* First = "20261120-080000Z-0123456789";
constexpr const char* Second = "20261121-080000Z-abcdef0123";

class OpenExportsTest : public testing::Test {
 protected:
  OpenExportsTest()
      : archive_(*create_archive(folder_.path() / "archive", {.id = "a"}, {}, WallTime{}, 1s)) {}

  std::set<std::string> open() const { return meetings_of_open_exports(archive_).value(); }
  std::size_t files() const {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(archive_.open_exports_folder()))
      count += entry.path().filename().string().starts_with('.') ? 0 : 1;
    return count;
  }

  test::TemporaryFolder folder_;
  catalog::Archive archive_;
};

TEST_F(OpenExportsTest, R13_AMeetingIsOpenWhileItIsPacked) {
  EXPECT_THAT(open(), IsEmpty());
  {
    const auto one = OpenExport::begin(archive_, {First, Second}, 1s);
    ASSERT_TRUE(one) << one.error().message();
    EXPECT_THAT(open(), ElementsAre(First, Second));
    {
      const auto other = OpenExport::begin(archive_, {Second}, 1s);
      ASSERT_TRUE(other) << other.error().message();
      EXPECT_EQ(files(), 2u);
    }
    EXPECT_THAT(open(), ElementsAre(First, Second));
  }
  EXPECT_THAT(open(), IsEmpty());
  EXPECT_EQ(files(), 0u);
}

TEST_F(OpenExportsTest, R13_WhatWasKilledIsNotOpen) {
  const pid_t child = ::fork();
  if (child == 0) {
    const auto opened = OpenExport::begin(archive_, {First}, 1s);
    ::_exit(opened && meetings_of_open_exports(archive_)->contains(First) ? 0 : 1);  // nothing is tidied up
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_EQ(WEXITSTATUS(status), 0);
  EXPECT_EQ(files(), 1u);
  EXPECT_THAT(open(), IsEmpty());
  const auto next = OpenExport::begin(archive_, {Second}, 1s);
  ASSERT_TRUE(next) << next.error().message();
  EXPECT_EQ(files(), 1u);
  EXPECT_THAT(open(), ElementsAre(Second));
}

}  // namespace
}  // namespace greffe::custody
