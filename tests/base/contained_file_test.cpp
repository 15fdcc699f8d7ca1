#include "base/contained_file.h"

#include <gtest/gtest.h>

#include "support/samples.h"

namespace greffe {
namespace {
namespace fs = std::filesystem;

// folder/inner/file, folder/in → inner/file, folder/out → ../secret, folder/below → ../other, folder/lost →
// nothing
class ContainedFile : public ::testing::Test {
 protected:
  void SetUp() override {
    fs::create_directories(folder_ / "inner");
    fs::create_directories(place_.path() / "other");
    for (const Path& file :
         {folder_ / "inner" / "file", place_.path() / "secret", place_.path() / "other" / "file"})
      ASSERT_TRUE(write_text_atomically(file, "bytes"));
    fs::create_symlink("inner/file", folder_ / "in");
    fs::create_symlink("../secret", folder_ / "out");
    fs::create_symlink("../other", folder_ / "below");
    fs::create_symlink("nothing", folder_ / "lost");
  }

  const test::TemporaryFolder place_;
  const Path folder_ = place_.path() / "folder";
};

TEST_F(ContainedFile, R70_LinksThatLeadOutAreKnown) {
  for (const char* name : {"out", "below/file", "below", "lost"})
    EXPECT_TRUE(leads_out(folder_, folder_ / name)) << name;
  for (const char* name : {"in", "inner/file", "inner", "missing"})
    EXPECT_FALSE(leads_out(folder_, folder_ / name)) << name;
}

TEST_F(ContainedFile, R70_OnlyWhatLiesInsideIsOpened) {
  for (const char* name : {"in", "inner/file"}) EXPECT_TRUE(open_contained(folder_, folder_ / name)) << name;
  for (const char* name : {"out", "below/file", "lost", "missing", "inner"})
    EXPECT_FALSE(open_contained(folder_, folder_ / name)) << name;
  const auto refused = open_contained(folder_, folder_ / "out");
  EXPECT_TRUE(refused.error().message().ends_with("out: a link that leads out of its folder"))
      << refused.error().message();
}

TEST_F(ContainedFile, AFolderThatIsALinkItselfIsTheFolderItNames) {
  fs::create_directory_symlink("folder", place_.path() / "alias");
  EXPECT_TRUE(open_contained(place_.path() / "alias", place_.path() / "alias" / "in"));
  EXPECT_TRUE(leads_out(place_.path() / "alias", place_.path() / "alias" / "out"));
}

}  // namespace
}  // namespace greffe
