#include "fixity/digest.h"

#include <gtest/gtest.h>

#include "support/samples.h"

namespace greffe::fixity {
namespace {

constexpr const char* Empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
constexpr const char* Abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
constexpr const char* MillionAs = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";

// The examples of FIPS 180-2, appendix B.
TEST(Sha256, GivesTheDigestsOfTheStandard) {
  EXPECT_EQ(digest_of("").hex(), Empty);
  EXPECT_EQ(digest_of("abc").hex(), Abc);
  Sha256 hasher;
  for (int i = 0; i < 1000; ++i) hasher.update(std::string(1000, 'a'));
  EXPECT_EQ(hasher.finish().hex(), MillionAs);
}

TEST(Sha256, StartsAgainAfterFinish) {
  Sha256 hasher;
  hasher.update("x");
  hasher.finish();
  hasher.update("a");
  hasher.update("bc");
  EXPECT_EQ(hasher.finish().hex(), Abc);
}

TEST(Digest, ReadsHexOfEitherCaseAndNothingElse) {
  EXPECT_EQ(Digest::of_hex(Abc)->hex(), Abc);
  std::string upper = Abc;
  for (char& c : upper) c = static_cast<char>(std::toupper(c));
  EXPECT_EQ(Digest::of_hex(upper)->hex(), Abc);
  EXPECT_FALSE(Digest::of_hex(std::string(64, 'g')));
  EXPECT_FALSE(Digest::of_hex(std::string(63, '0')));
  EXPECT_FALSE(Digest::of_hex(std::string(65, '0')));
  EXPECT_FALSE(Digest::of_hex(""));
}

TEST(FileDigest, CountsBytesAcrossBlocks) {
  const test::TemporaryFolder folder;
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{1}, std::size_t{1} << 20, (std::size_t{1} << 20) + 1}) {
    const std::string text(size, 'q');
    test::write_file(folder.path() / "file", text);
    const auto found = digest_of_file(folder.path() / "file");
    ASSERT_TRUE(found) << found.error().message();
    EXPECT_EQ(found->bytes, size);
    EXPECT_EQ(found->digest, digest_of(text));
  }
  EXPECT_FALSE(digest_of_file(folder.path() / "gone"));
  EXPECT_FALSE(digest_of_file(folder.path()));
}

}  // namespace
}  // namespace greffe::fixity
