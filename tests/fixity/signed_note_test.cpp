#include "fixity/signed_note.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "support/samples.h"

namespace greffe::fixity {
namespace {

// The example that implementations of signed notes share.
constexpr const char* KnownKey = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
constexpr const char* KnownNote =
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "\u2014 PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

TEST(SignedNote, A3_TheKnownExampleHolds) {
  const auto key = VerifierKey::parse(KnownKey);
  ASSERT_TRUE(key) << key.error().message();
  EXPECT_EQ(key->text(), KnownKey);
  EXPECT_EQ(hex_of(key->id()), "c74f20a3");
  const auto note = SignedNote::parse(KnownNote);
  ASSERT_TRUE(note) << note.error().message();
  EXPECT_EQ(note->signature_of(*key), SignedNote::Answer::Holds);
  EXPECT_EQ(note->written(), KnownNote);
}

TEST(SignedNote, A3_EveryChangedByteIsFound) {
  const auto key = VerifierKey::parse(KnownKey);
  const std::string whole = KnownNote;
  for (std::size_t i = 0; i < whole.size(); ++i)
    for (const int bit : {1, 4, 32}) {
      std::string changed = whole;
      changed[i] = static_cast<char>(changed[i] ^ bit);
      const auto note = SignedNote::parse(changed);
      EXPECT_TRUE(!note || note->signature_of(*key) != SignedNote::Answer::Holds) << i;
    }
}

TEST(SignedNote, EveryCutIsRefused) {
  const std::string whole = KnownNote;
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_FALSE(SignedNote::parse(std::string_view(whole).substr(0, size))) << size;
}

TEST(SignedNote, RefusesWhatIsNoNote) {
  const std::string line = "\u2014 a AAAAAAA=\n";
  EXPECT_TRUE(SignedNote::parse("text\n\n" + line));
  EXPECT_TRUE(SignedNote::parse("a\n\nb\n\n" + line));
  const std::vector<std::string> wrong{"text\n",
                                       "text\n\n",
                                       "\n" + line,
                                       "text\n" + line,
                                       "t\rext\n\n" + line,
                                       "t\xFF\n\n" + line,
                                       "text\n\n\u2014 a+b AAAAAAA=\n",
                                       "text\n\n\u2014  AAAAAAA=\n",
                                       "text\n\n\u2014 a AAAA\n",
                                       "text\n\n- a AAAAAAA=\n",
                                       "text\n\n\u2014 a AAAAAAA= \n",
                                       "text\n\n\u2014 a\u00A0b AAAAAAA=\n",
                                       "text\n\n" + line + "x\n"};
  for (const std::string& text : wrong) EXPECT_FALSE(SignedNote::parse(text)) << text;
  std::string many = "text\n\n";
  for (int i = 0; i < 101; ++i) many += line;
  EXPECT_FALSE(SignedNote::parse(many));
  EXPECT_FALSE(SignedNote::parse(std::string(LargestNote, 'a') + "\n\n" + line));
}

TEST(SignedNote, SeveralKeysSignAndOthersAreLeftAlone) {
  const PrivateKey first = PrivateKey::generate(), second = PrivateKey::generate();
  SignedNote note{.text = "log\n1\nroot\n"};
  note.sign(first, "log");
  note.sign(second, "log");
  const auto read = SignedNote::parse(note.written());
  ASSERT_TRUE(read);
  const VerifierKey first_key{.name = "log", .key = first.public_key()};
  EXPECT_EQ(read->signature_of(first_key), SignedNote::Answer::Holds);
  EXPECT_EQ(read->signature_of({.name = "log", .key = second.public_key()}), SignedNote::Answer::Holds);
  EXPECT_EQ(read->signature_of({.name = "other", .key = first.public_key()}), SignedNote::Answer::NotSigned);
  EXPECT_EQ(read->signature_of({.name = "log", .key = PrivateKey::generate().public_key()}),
            SignedNote::Answer::NotSigned);
  // A second signature under the same name and id that does not hold spoils the first.
  SignedNote spoilt = *read;
  spoilt.signatures.push_back(spoilt.signatures.front());
  spoilt.signatures.back().bytes[5] ^= 1;
  EXPECT_EQ(spoilt.signature_of(first_key), SignedNote::Answer::Broken);
}

TEST(VerifierKey, EveryChangedCharacterIsRefused) {
  const std::string whole = KnownKey;
  const auto known = VerifierKey::parse(whole);
  for (std::size_t i = 0; i < whole.size(); ++i) {
    std::string changed = whole;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_FALSE(VerifierKey::parse(changed)) << changed;
    EXPECT_FALSE(VerifierKey::parse(whole.substr(0, i)));
  }
}

TEST(PrivateKey, ReadsBackWhatItWroteForItsOwnerAlone) {
  test::TemporaryFolder folder;
  const Path file = folder.path() / "key.pem";
  const PrivateKey key = PrivateKey::generate();
  ASSERT_TRUE(write_private_key(file, key));
  EXPECT_FALSE(write_private_key(file, key)) << "a key is never written over";
  struct stat status {};
  ASSERT_EQ(::stat(file.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  const auto read = read_private_key(file);
  ASSERT_TRUE(read) << read.error().message();
  EXPECT_EQ(read->public_key(), key.public_key());
  EXPECT_TRUE(is_signed("text", read->sign("text"), key.public_key()));
  EXPECT_FALSE(is_signed("other", read->sign("text"), key.public_key()));
  EXPECT_TRUE(test::file_text(file).starts_with("-----BEGIN PRIVATE KEY-----\n"));
  for (const mode_t mode : {0640u, 0604u, 0620u}) {
    ASSERT_EQ(::chmod(file.c_str(), mode), 0);
    const auto refused = read_private_key(file);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().message().find("chmod 600"), std::string::npos);
  }
}

TEST(PrivateKey, RefusesWhatIsNoEd25519Key) {
  EXPECT_FALSE(PrivateKey::of_pem(""));
  EXPECT_FALSE(PrivateKey::of_pem("nonsense"));
  // An X25519 key.
  EXPECT_FALSE(
      PrivateKey::of_pem("-----BEGIN PRIVATE KEY-----\n"
                         "MC4CAQAwBQYDK2VuBCIEIHcHbQpzGKV9PBbBclGyZkXfTC+H68CZKrF3+6UduSwq\n"
                         "-----END PRIVATE KEY-----\n"));
  const std::string pem = PrivateKey::generate().pem();
  for (std::size_t size = 0; size + 30 < pem.size(); size += 3)
    EXPECT_FALSE(PrivateKey::of_pem(pem.substr(0, size))) << size;
}

}  // namespace
}  // namespace greffe::fixity
