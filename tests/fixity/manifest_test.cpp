#include "fixity/manifest.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "support/samples.h"

namespace greffe::fixity {
namespace {

TEST(Manifest, IsSortedByBytesAndReadsWhatItWrites) {
  Manifest manifest;
  ASSERT_TRUE(manifest.add("tracks/b.mkv", digest_of("b")));
  ASSERT_TRUE(manifest.add("meeting.json", digest_of("m")));
  ASSERT_TRUE(manifest.add("dumps/a b.mjr", digest_of("a")));
  const std::string text = manifest.text();
  EXPECT_EQ(text, digest_of("a").hex() + "  dumps/a b.mjr\n" + digest_of("m").hex() + "  meeting.json\n" +
                      digest_of("b").hex() + "  tracks/b.mkv\n");
  EXPECT_EQ(*Manifest::parse(text), manifest);
  EXPECT_EQ(*Manifest::parse(""), Manifest());
}

TEST(Manifest, R70_RefusesNamesThatLeaveTheFolderOrStandTwice) {
  Manifest manifest;
  for (const char* bad : {"", "/etc/passwd", "../x", "a/../b", "a//b", "./a", "a\nb", "a\\b", "a/"})
    EXPECT_FALSE(manifest.add(bad, {})) << bad;
  ASSERT_TRUE(manifest.add("x", digest_of("1")));
  EXPECT_FALSE(manifest.add("x", digest_of("1")));
  EXPECT_EQ(*manifest.find("x"), digest_of("1"));
}

TEST(Manifest, NamesTheLineThatIsWrong) {
  const std::string good = digest_of("1").hex() + "  a\n";
  for (const std::string& bad : {digest_of("1").hex() + " *b\n", std::string("# note\n"), std::string("\n"),
                                 digest_of("1").hex() + "  ../b\n", good, digest_of("1").hex() + "  b"}) {
    const auto parsed = Manifest::parse(good + bad);
    ASSERT_FALSE(parsed) << bad;
    EXPECT_NE(parsed.error().message().find("line 2"), std::string::npos) << parsed.error().message();
  }
}

TEST(Manifest, EveryPrefixIsReadOrRefused) {
  const std::string text = digest_of("1").hex() + "  a\n" + digest_of("2").hex() + "  b\n";
  for (std::size_t size = 0; size < text.size(); ++size) {
    const auto parsed = Manifest::parse(text.substr(0, size));
    EXPECT_EQ(parsed.has_value(), size == 0 || text[size - 1] == '\n') << size;
  }
}

TEST(Manifest, IsTakenBySha256sum) {
  const test::TemporaryFolder folder;
  test::write_file(folder.path() / "dumps/a b.mjr", "bytes");
  Manifest manifest;
  ASSERT_TRUE(manifest.add("dumps/a b.mjr", digest_of("bytes")));
  ASSERT_TRUE(write_text_atomically(folder.path() / "manifest-sha256.txt", manifest.text()));
  const std::string command =
      "cd '" + folder.path().string() + "' && sha256sum --strict -c manifest-sha256.txt >/dev/null";
  EXPECT_EQ(std::system(command.c_str()), 0);
  EXPECT_EQ(*read_manifest(folder.path() / "manifest-sha256.txt"), manifest);
}

}  // namespace
}  // namespace greffe::fixity
