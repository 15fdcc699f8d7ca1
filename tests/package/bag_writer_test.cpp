#include "package/bag_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fixity/digest.h"
#include "package/bags.h"
#include "support/samples.h"

namespace greffe::package {
namespace {

using test::findings_of;
using testing::IsEmpty;

const CivilDate Day = std::chrono::year(2026) / 11 / 20;

BagDraft draft(const std::string& name, const std::map<std::string, std::string>& payload) {
  BagDraft bag{
      .name = name, .info = {{"Bagging-Date", "2026-11-20"}}, .tags = {{"metadata/greffe.json", "{}"}}};
  Oxum oxum;
  for (const auto& [path, bytes] : payload) {
    bag.payload[path] = {fixity::hex_digest(fixity::Algorithm::Sha256, bytes),
                         fixity::hex_digest(fixity::Algorithm::Sha512, bytes)};
    oxum.bytes += bytes.size();
    ++oxum.files;
  }
  bag.info.push_back({"Payload-Oxum", oxum.text()});
  return bag;
}

std::string write(const BagDraft& bag, const std::map<std::string, std::string>& payload, PackageSink& sink) {
  EXPECT_TRUE(write_head(bag, sink));
  for (const auto& [path, bytes] : payload) EXPECT_TRUE(sink.add(bag.path_of(path), bytes));
  const auto last = write_tail(bag, sink);
  EXPECT_TRUE(sink.finish());
  return last ? *last : last.error().message();
}

const std::map<std::string, std::string> Payload{
    {"data/m/a.txt", "hello"},
    {"data/m/b\nc%25 d", ""},
    {"data/m/" + std::string(120, 'n') + "/" + std::string(120, 'o') + ".mkv", std::string(700'000, 'x')},
    {"data/m/\u00e9t\u00e9.txt", "names are bytes"}};

TEST(BagWriter, WhatIsWrittenHoldsAsFolderAndAsTar) {
  const test::TemporaryFolder folder;
  const auto in_folder = make_folder_sink(folder.path() / "bag");
  const std::string last = write(draft("", Payload), Payload, **in_folder);
  auto bag = open_bag(folder.path() / "bag");
  EXPECT_THAT(findings_of(**bag), IsEmpty());
  EXPECT_EQ(*read_text(folder.path() / "bag/tagmanifest-sha512.txt", 1 << 20), last);

  fixity::Sha256 seen;
  const auto in_tar = make_tar_sink(folder.path() / "bag.tar", Day, [&](Bytes bytes) { seen.update(bytes); });
  EXPECT_EQ(write(draft("bag", Payload), Payload, **in_tar), last);
  auto packed = open_bag(folder.path() / "bag.tar");
  EXPECT_THAT(findings_of(**packed), IsEmpty());
  EXPECT_EQ((*packed)->tops(), std::vector<std::string>{"bag"});
  EXPECT_EQ(seen.finish(), fixity::digest_of_file(folder.path() / "bag.tar")->digest);
  EXPECT_EQ((*in_tar)->bytes(), std::filesystem::file_size(folder.path() / "bag.tar"));
}

TEST(BagWriter, TheSameFilesGiveTheSameTar) {
  const test::TemporaryFolder folder;
  for (const char* name : {"a.tar", "b.tar"}) {
    const auto sink = make_tar_sink(folder.path() / name, Day);
    write(draft("bag", Payload), Payload, **sink);
  }
  EXPECT_EQ(*read_text(folder.path() / "a.tar", 1 << 24), *read_text(folder.path() / "b.tar", 1 << 24));
}

TEST(BagWriter, ATarIsNoLargerThanItsFilesWereSaidToTake) {
  const test::TemporaryFolder folder;
  for (std::size_t length = 1; length < 240; ++length) {
    const std::string path = "bag/data/" + std::string(length, 'n');
    const Path file = folder.path() / fmt::format("{}.tar", length);
    const auto sink = make_tar_sink(file, Day);
    ASSERT_TRUE((*sink)->add(path, "hello"));
    ASSERT_TRUE((*sink)->finish());
    EXPECT_LE(std::filesystem::file_size(file), tar_size(path, 5) + TarEnd) << length;
  }
}

TEST(BagWriter, ATarCutShortIsNoBagThatHolds) {
  const test::TemporaryFolder folder;
  const auto sink = make_tar_sink(folder.path() / "bag.tar", Day);
  write(draft("bag", Payload), Payload, **sink);
  const auto whole = read_text(folder.path() / "bag.tar", 1 << 24);
  for (std::size_t length = 0; length < whole->size() - TarEnd; length += 4'096) {
    const Path cut = folder.path() / "cut.tar";
    ASSERT_TRUE(write_text_atomically(cut, std::string_view(*whole).substr(0, length)));
    auto bag = open_bag(cut);
    EXPECT_TRUE(!bag || !findings_of(**bag).empty()) << length;
  }
}

TEST(BagWriter, ATarThatIsGivenUpIsLeftAsItIs) {
  const test::TemporaryFolder folder;
  {
    const auto sink = make_tar_sink(folder.path() / "bag.tar", Day);
    ASSERT_TRUE((*sink)->add("bag/a", "hello"));
    ASSERT_TRUE((*sink)->begin("bag/b", 100));
  }
  // A folder, a file with its block, and a header; no end.
  EXPECT_EQ(std::filesystem::file_size(folder.path() / "bag.tar"), 4u * 512);
}

TEST(BagWriter, NamesThatFallTogetherAreFound) {
  EXPECT_EQ(find_twins(draft("", Payload).payload), "");
  EXPECT_NE(find_twins(draft("", {{"data/A", ""}, {"data/a", ""}}).payload), "");
  EXPECT_NE(find_twins(draft("", {{"data/\u00e9", ""}, {"data/e\u0301", ""}}).payload), "");
}

TEST(BagInfoText, LabelsAreReadAgain) {
  BagFindings findings;
  const BagInfo info{{"Contact-Name", "Amélie: Roux"}, {"Contact-Name", "B"}, {"X-Y", "-"}};
  EXPECT_EQ(parse_bag_info(bag_info_text(info), "", NewestVersion, findings), info);
  EXPECT_EQ(parse_bag_info("A: b\n  c\n\td\nE:\n f\n", "", NewestVersion, findings),
            (BagInfo{{"A", "b c d"}, {"E", "f"}}));
  for (const BagLabel& bad :
       {BagLabel{"", "x"}, BagLabel{"a:b", "x"}, BagLabel{" a", "x"}, BagLabel{"a", "x\ny"},
        BagLabel{"a", ""}, BagLabel{"a", " x"}, BagLabel{"a\xff", "x"}})
    EXPECT_FALSE(check_label(bad)) << bad.label;
}

}  // namespace
}  // namespace greffe::package
