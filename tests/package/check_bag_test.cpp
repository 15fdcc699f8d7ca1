#include "package/check_bag.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "package/bags.h"

namespace greffe::package {
namespace {

using test::BagFiles;
using test::findings_of;
using test::good_bag;
using test::MemoryBag;
using test::seal;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

std::string line_of(const std::string& bytes, const std::string& path) {
  return fixity::hex_digest(fixity::Algorithm::Sha512, bytes) + "  " + path + "\n";
}

// The manifest of the payload gets this line; the tag manifest follows.
BagFiles with_line(const std::string& line, const std::string& version = "1.0") {
  BagFiles files = good_bag(version);
  files["manifest-sha512.txt"] += line;
  files.erase("tagmanifest-sha512.txt");
  files["tagmanifest-sha512.txt"] = test::manifest_of(files, false);
  return files;
}
BagFiles with_file(const std::string& path, const std::string& bytes, const std::string& version = "1.0") {
  BagFiles files = good_bag(version);
  files[path] = bytes;
  seal(files);
  return files;
}

TEST(CheckBag, AGoodBagOfEachVersionHolds) {
  for (const char* version : {"0.93", "0.94", "0.95", "0.96", "0.97", "1.0"})
    EXPECT_THAT(findings_of(good_bag(version)), IsEmpty()) << version;
  MemoryBag bag(good_bag());
  NoProgress progress;
  const auto check = check_bag(bag, progress);
  EXPECT_TRUE(check->is_valid());
  EXPECT_EQ(check->files, 2u);
  EXPECT_EQ(check->bytes, 11u);
  EXPECT_EQ(check->version, (BagVersion{1, 0}));
  EXPECT_THAT(check->algorithms, ElementsAre("sha512"));
}

// Who sends a bag does not say how much memory it takes.
TEST(CheckBag, WhatIsReadOfTagFilesHasAnEnd) {
  const auto reasons = [](const BagFiles& files, const BagLimits& limits) {
    MemoryBag bag(files);
    NoProgress progress;
    std::set<std::string_view> found;
    const auto check = check_bag(bag, progress, limits);
    for (const BagFinding& finding : check->findings.kept()) found.insert(finding.reason);
    return found;
  };
  EXPECT_THAT(reasons(good_bag(), {}), IsEmpty());
  EXPECT_THAT(reasons(good_bag(), {.tag_bytes = 700}), Contains(reason::TooLarge));
  EXPECT_THAT(reasons(good_bag(), {.info_bytes = 20}), Contains(reason::TooLarge));
  EXPECT_THAT(reasons(good_bag(), {.lines = 1}), Contains(reason::TooLarge));
}

TEST(CheckBag, R70_PathsThatLeadElsewhereAreNamed) {
  const std::vector<std::pair<std::string, std::string>> cases{{"/etc/passwd", "absolute-path"},
                                                               {"C:/windows", "absolute-path"},
                                                               {"\\\\host\\share", "absolute-path"},
                                                               {"~/x", "home-path"},
                                                               {"~root/x", "home-path"},
                                                               {"data/../../x", "parent-path"},
                                                               {"data/..\\..\\x", "parent-path"},
                                                               {"../data/x", "parent-path"},
                                                               {"data//x", "parent-path"},
                                                               {"data/./x", "parent-path"},
                                                               {"data/x/..", "parent-path"},
                                                               {"metadata/x", "outside-payload"},
                                                               {"bagit.txt", "outside-payload"}};
  for (const auto& [path, reason] : cases)
    EXPECT_THAT(findings_of(with_line(line_of("", path))),
                ElementsAre(reason + " manifest-sha512.txt: line 3"))
        << path;
}

TEST(CheckBag, NamesInTheBagThatLeadElsewhereAreNamed) {
  for (const auto& [path, reason] : {std::pair("/etc/x", "absolute-path"), std::pair("../x", "parent-path"),
                                     std::pair("~x", "home-path")}) {
    MemoryBag bag(good_bag());
    bag.add(path, "");
    EXPECT_THAT(findings_of(bag), ElementsAre(std::string(reason) + " " + path));
  }
}

TEST(CheckBag, WhatIsThereTwiceIsNamed) {
  EXPECT_THAT(findings_of(with_line(line_of("hello", "data/a.txt"))),
              ElementsAre("duplicate-line manifest-sha512.txt: line 3"));
  EXPECT_THAT(findings_of(with_line(line_of("hello", "data/a.txt"), "0.97")),
              ElementsAre("(duplicate-line manifest-sha512.txt: line 3)"));
  EXPECT_THAT(findings_of(with_line(line_of("other", "data/a.txt"), "0.97")),
              ElementsAre("contradiction manifest-sha512.txt: line 3"));
  MemoryBag bag(good_bag());
  bag.add("data/a.txt", "hello");
  EXPECT_THAT(findings_of(bag), ElementsAre("duplicate-file data/a.txt"));
}

TEST(CheckBag, NamesThatFallTogetherElsewhereAreNamed) {
  EXPECT_THAT(findings_of(with_file("data/A.txt", "")), Contains("case-twins data/a.txt"));
  EXPECT_THAT(findings_of(with_file("data/A.txt", "", "0.97")), Contains("case-twins data/a.txt"));
  EXPECT_THAT(findings_of(with_line(line_of("hello", "data/A.txt"))),
              Contains("case-twins manifest-sha512.txt: line 3"));
  BagFiles files = good_bag();
  files["data/\u00e9"] = "";   // one code point
  files["data/e\u0301"] = "";  // two
  seal(files);
  EXPECT_THAT(findings_of(files), Contains("normalization-twins data/\u00e9"));
}

TEST(CheckBag, ANameOfAnotherNormalizationMeansTheFile) {
  BagFiles files = good_bag();
  files["data/e\u0301.txt"] = "";
  files["bag-info.txt"] = "";
  seal(files);
  std::string& manifest = files["manifest-sha512.txt"];
  manifest.replace(manifest.find("e\u0301"), 3, "\u00e9");
  files.erase("tagmanifest-sha512.txt");
  files["tagmanifest-sha512.txt"] = test::manifest_of(files, false);
  EXPECT_THAT(findings_of(files), ElementsAre("(other-normalization manifest-sha512.txt: line 3)"));
}

TEST(CheckBag, MissingExtraAndChangedFilesAreAllNamed) {
  BagFiles files = good_bag();
  files.erase("data/a.txt");
  files["data/b/c.txt"] = "World!";
  files["data/new"] = "";
  files["bag-info.txt"] = "Payload-Oxum: 11.2\n";
  EXPECT_THAT(
      findings_of(files),
      UnorderedElementsAre("missing-file manifest-sha512.txt: line 1", "changed-file data/b/c.txt",
                           "extra-file data/new", "wrong-oxum bag-info.txt", "changed-file bag-info.txt"));
}

TEST(CheckBag, TheOxumIsReadAndCompared) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"Payload-Oxum: 11.3", "wrong-oxum"}, {"Payload-Oxum: 12.2", "wrong-oxum"},
      {"Payload-Oxum: 11", "bad-oxum"},     {"Payload-Oxum: -1.2", "bad-oxum"},
      {"Payload-Oxum: 11.2.0", "bad-oxum"}, {"payload-oxum:\n 12.2", "wrong-oxum"}};
  for (const auto& [line, reason] : cases)
    EXPECT_THAT(findings_of(with_file("bag-info.txt", line + "\n")), Contains(reason + " bag-info.txt"))
        << line;
  EXPECT_THAT(findings_of(with_file("bag-info.txt", "Payload-Oxum: 11.2\nPayload-Oxum: 11.2\n")),
              ElementsAre("repeated-label bag-info.txt"));
}

TEST(CheckBag, LinksAndDevicesAreNamed) {
  MemoryBag bag(good_bag());
  bag.add("data/link", "", BagEntry::Kind::Link);
  bag.add("fifo", "", BagEntry::Kind::Special);
  EXPECT_THAT(findings_of(bag), ElementsAre("link data/link", "special-file fifo"));
}

TEST(CheckBag, WhatIsToBeFetchedIsNamedAndNotFetched) {
  BagFiles files = with_line(line_of("", "data/far"));
  files["fetch.txt"] = "https://example.org/far 0 data/far\n";
  files.erase("tagmanifest-sha512.txt");
  files["tagmanifest-sha512.txt"] = test::manifest_of(files, false);
  EXPECT_THAT(findings_of(files),
              ElementsAre("(fetch-list fetch.txt)", "not-fetched manifest-sha512.txt: line 3"));
  files = with_file("fetch.txt",
                    "https://example.org/x - /etc/passwd\nhttps://example.org/y x data/y\n"
                    "https://example.org/z - data/z\nhttps://example.org/b 6 data/b/c.txt\n");
  EXPECT_THAT(findings_of(files),
              UnorderedElementsAre("(fetch-list fetch.txt)", "absolute-path fetch.txt: line 1",
                                   "bad-line fetch.txt: line 2", "fetch-unlisted fetch.txt: line 3"));
}

TEST(CheckBag, WhatIsNoBagIsTold) {
  BagFiles files = good_bag();
  files.erase("bagit.txt");
  EXPECT_THAT(findings_of(files), Contains("no bag: no-declaration bagit.txt"));
  const std::vector<std::pair<std::string, std::string>> cases{
      {"\xEF\xBB\xBF"
       "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
       "byte-order-mark bagit.txt"},
      {"BagIt-Version : 1.0\nTag-File-Character-Encoding: UTF-8\n", "bad-declaration bagit.txt: line 1"},
      {" BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n", "bad-declaration bagit.txt: line 1"},
      {"Tag-File-Character-Encoding: UTF-8\nBagIt-Version: 1.0\n", "bad-declaration bagit.txt: line 1"},
      {"BagIt-Version: 1.0\n", "bad-declaration bagit.txt"},
      {"BagIt-Version: 1\nTag-File-Character-Encoding: UTF-8\n", "bad-declaration bagit.txt: line 1"},
      {"BagIt-Version: 2.0\nTag-File-Character-Encoding: UTF-8\n", "unknown-version bagit.txt: line 1"},
      {"BagIt-Version: 0.92\nTag-File-Character-Encoding: UTF-8\n", "unknown-version bagit.txt: line 1"},
      {"BagIt-Version: 1.0\nTag-File-Character-Encoding: EBCDIC\n", "unknown-encoding bagit.txt: line 2"},
      {"", "bad-declaration bagit.txt"}};
  for (const auto& [text, found] : cases)
    EXPECT_THAT(findings_of(with_file("bagit.txt", text)), Contains("no bag: " + found)) << text;
  MemoryBag bag(good_bag());
  bag.set_tops({"one", "two"});
  EXPECT_THAT(findings_of(bag), ElementsAre("no bag: many-folders two"));
}

TEST(CheckBag, ABagWithoutListsOrPayloadIsIncomplete) {
  BagFiles files = good_bag();
  files.erase("manifest-sha512.txt");
  files.erase("tagmanifest-sha512.txt");
  EXPECT_THAT(findings_of(files), Contains("no-manifest manifest-sha512.txt"));
  EXPECT_THAT(findings_of(BagFiles{{"bagit.txt", good_bag()["bagit.txt"]}, {"manifest-md5.txt", ""}}),
              ElementsAre("no-payload-folder data"));
  files = good_bag();
  files["manifest-whirlpool.txt"] = "00 data/a.txt\n00 data/b/c.txt\n";
  EXPECT_THAT(findings_of(files), ElementsAre("(unknown-algorithm manifest-whirlpool.txt)",
                                              "unlisted-tag-file manifest-whirlpool.txt"));
}

TEST(CheckBag, EveryManifestHasEveryFileSinceOneDotZero) {
  for (const auto& [version, found] :
       {std::pair("1.0", "unlisted-file data/b/c.txt"), std::pair("0.97", "(unlisted-file data/b/c.txt)")}) {
    BagFiles files = good_bag(version);
    files["manifest-md5.txt"] = fixity::hex_digest(fixity::Algorithm::Md5, "hello") + " data/a.txt\n";
    files.erase("tagmanifest-sha512.txt");
    files["tagmanifest-sha512.txt"] = test::manifest_of(files, false);
    EXPECT_THAT(findings_of(files), ElementsAre(found));
  }
}

TEST(CheckBag, TagManifestsAreHeldAgainstTheTagFiles) {
  BagFiles files = good_bag();
  files["tagmanifest-sha512.txt"] += line_of("", "tagmanifest-sha512.txt");
  files["tagmanifest-sha512.txt"] += line_of("x", "metadata/gone.txt");
  files["more.txt"] = "";
  EXPECT_THAT(findings_of(files), UnorderedElementsAre("lists-itself tagmanifest-sha512.txt: line 4",
                                                       "missing-file tagmanifest-sha512.txt: line 5",
                                                       "(unlisted-tag-file more.txt)"));
}

TEST(CheckBag, OnlyThreeEscapesAreDecoded) {
  BagFiles files = good_bag();
  files["data/a\nb\rc%d%7E"] = "";
  files["bag-info.txt"] = "";
  seal(files);
  std::string& manifest = files["manifest-sha512.txt"];
  const std::string name = "a\nb\rc%d%7E";
  manifest.replace(manifest.find(name), name.size(), "a%0Ab%0dc%25d%7E");
  files.erase("tagmanifest-sha512.txt");
  files["tagmanifest-sha512.txt"] = test::manifest_of(files, false);
  EXPECT_THAT(findings_of(files), IsEmpty());
}

TEST(CheckBag, BeforeOneDotZeroAPercentSignStandsForItself) {
  EXPECT_THAT(findings_of(with_file("data/100%25.txt", "", "0.97")), Contains("wrong-oxum bag-info.txt"));
  BagFiles files = good_bag("0.97");
  files["data/100%25.txt"] = "";
  files["bag-info.txt"] = "";
  seal(files);
  EXPECT_THAT(findings_of(files), IsEmpty());
  files["bagit.txt"] = good_bag()["bagit.txt"];
  seal(files);
  EXPECT_THAT(findings_of(files), ElementsAre("(other-encoding manifest-sha512.txt: line 1)"));
}

TEST(CheckBag, LineEndsEncodingsAndMarksOfOthersAreRead) {
  BagFiles files = good_bag("0.97");
  files["bagit.txt"] = "BagIt-Version: 0.97\r\nTag-File-Character-Encoding: ISO-8859-1\r";
  files["bag-info.txt"] = "Contact-Name: Am\xE9lie\r\n  Roux\rPayload-Oxum: 11.2";
  files["manifest-md5.txt"] = fixity::hex_digest(fixity::Algorithm::Md5, "hello") + "\t*data/a.txt\r\n" +
                              fixity::hex_digest(fixity::Algorithm::Md5, "world!") + "   ./data/b/c.txt\r\n";
  seal(files);
  MemoryBag bag(files);
  NoProgress progress;
  const auto check = check_bag(bag, progress);
  EXPECT_TRUE(check->is_valid());
  EXPECT_EQ(check->findings.count(reason::BadLine), 2u);  // marks of other programs, as warnings
  EXPECT_EQ(find_label(check->info, "contact-name"), "Amélie Roux");
}

TEST(CheckBag, TagFilesInUtf16AreRead) {
  const auto utf16 = [](std::string_view text) {
    std::string bytes = "\xFF\xFE";
    for (const char c : text) bytes += c, bytes += '\0';
    return bytes;
  };
  BagFiles files = good_bag("0.97");
  files["bagit.txt"] = "BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-16\n";
  for (const char* name : {"bag-info.txt", "manifest-sha512.txt"}) files[name] = utf16(files[name]);
  files.erase("tagmanifest-sha512.txt");
  files["tagmanifest-sha512.txt"] = utf16(test::manifest_of(files, false));
  EXPECT_THAT(findings_of(files), IsEmpty());
  files["bag-info.txt"] += "x";
  EXPECT_THAT(findings_of(files), Contains("bad-text bag-info.txt"));
}

TEST(CheckBag, EveryPrefixOfATagFileGivesFindingsAndNoHarm) {
  const BagFiles good = good_bag();
  for (const char* name : {"bagit.txt", "bag-info.txt", "manifest-sha512.txt", "tagmanifest-sha512.txt"})
    for (std::size_t length = 0; length < good.at(name).size() - 1; ++length) {
      BagFiles files = good;
      files[name].resize(length);
      const bool tag_list_only = std::string_view(name).starts_with("tag");
      EXPECT_FALSE(findings_of(files).empty() && !tag_list_only) << name << " " << length;
    }
}

}  // namespace
}  // namespace greffe::package
