#include "base/folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "support/samples.h"

namespace greffe {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using Kind = FolderEntry::Kind;

class Folder : public testing::Test {
 protected:
  void write(const Path& name) {
    fs::create_directories((here / name).parent_path());
    std::ofstream(here / name) << "x";
  }
  const test::TemporaryFolder place;
  const Path here = place.path() / "folder";
};

TEST_F(Folder, IsListedByTheBytesOfItsNames) {
  for (const char* name : {"b", "B", ".hidden", "\xc3\xa9", "a/below"}) write(name);
  fs::create_symlink("a", here / "link");
  ASSERT_EQ(::mkfifo((here / "pipe").c_str(), 0600), 0);
  const auto entries = list_folder(here);
  ASSERT_TRUE(entries) << entries.error().message();
  std::vector<std::pair<std::string, Kind>> found;
  for (const FolderEntry& entry : *entries) found.emplace_back(entry.name, entry.kind);
  EXPECT_THAT(found, ElementsAre(std::pair(".hidden", Kind::File), std::pair("B", Kind::File),
                                 std::pair("a", Kind::Folder), std::pair("b", Kind::File),
                                 std::pair("link", Kind::Link), std::pair("pipe", Kind::Other),
                                 std::pair("\xc3\xa9", Kind::File)));
  EXPECT_THAT(*folder_names(here), ElementsAre("a"));
}

TEST_F(Folder, ThatIsNotThereIsToldUnlessItMayBeMissing) {
  const auto entries = list_folder(here);
  ASSERT_FALSE(entries);
  EXPECT_EQ(entries.error().message(), here.string() + ": No such file or directory");
  EXPECT_TRUE(list_folder_if_any(here)->empty());
  EXPECT_TRUE(folder_names(here)->empty());
  write("file");
  EXPECT_THAT(list_folder_if_any(here / "file").error().message(), HasSubstr("Not a directory"));
}

TEST_F(Folder, IsWalkedFromAboveAndWhereItIsAsked) {
  for (const char* name : {"a/one", "a/deep/two", "b/three", "four"}) write(name);
  std::vector<Path> seen;
  const Status walked = walk_folder(here, [&](const Path& path, const FolderEntry&) -> Result<bool> {
    seen.push_back(path);
    return path != "b";
  });
  ASSERT_TRUE(walked) << walked.error().message();
  EXPECT_THAT(seen, ElementsAre("a", "a/deep", "a/deep/two", "a/one", "b", "four"));
}

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

}  // namespace
}  // namespace greffe
