#include "journal/inclusion_proof.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "custody/checkpoint.h"
#include "custody/create_archive.h"
#include "custody/signing_keys.h"
#include "journal/journal.h"
#include "support/samples.h"

namespace greffe::custody {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

// An archive with a key, and a checkpoint over a journal of nine entries and more.
class InclusionProofTest : public testing::Test {
 protected:
  InclusionProofTest()
      : archive_(create_archive(folder_.path() / "archive", {.id = "0123456789abcdef0123456789abcdef"}, {},
                                now_, 1s)
                     .value()),
        key_(enter_key(archive_, folder_.path() / "key.pem", {}, false, acting()).value().key) {
    for (int i = 0; i < 7; ++i) append();
    sign();
  }

  Acting acting() { return {.now = now_ += 1s, .lock_wait = 1s}; }
  void append() {
    ASSERT_TRUE(journal::Journal(archive_.journal_folder(), {}, 1s)
                    .append({.action = "edit", .subjects = {"20261120-080000Z-0123456789"}}, now_ += 1s));
  }
  void sign() { head_ = write_checkpoint(archive_, folder_.path() / "key.pem", now_ += 1s)->checkpoint; }

  Result<journal::InclusionProof> prove(std::int64_t seq) {
    return journal::prove_inclusion(journal_places(archive_), seq, now_);
  }
  journal::ProofTrust by_key() const { return {.keys = {key_}, .heads = {}}; }
  journal::ProofTrust by_head() const {
    return {.keys = {}, .heads = {{head_.origin, head_.size, head_.root, "a letter"}}};
  }

  WallTime now_ = *parse_rfc3339("2026-11-20T10:00:00Z");
  test::TemporaryFolder folder_;
  catalog::Archive archive_;
  fixity::VerifierKey key_;
  journal::Checkpoint head_;
};

TEST_F(InclusionProofTest, A2_EveryEntryIsProvedWithoutTheOthers) {
  ASSERT_GE(head_.size, 9);
  for (std::int64_t seq = 1; seq <= head_.size; ++seq) {
    const auto made = prove(seq);
    ASSERT_TRUE(made) << made.error().message();
    const std::string text = json::write(journal::json_of(*made));
    for (std::int64_t other = 1; other <= head_.size; ++other)
      EXPECT_EQ(text.find(fmt::format("\\\"seq\\\":{},", other)) != std::string::npos, other == seq);
    const auto proof = journal::proof_of(json::parse(text).value());
    ASSERT_TRUE(proof);
    const auto by_key_checked = journal::check_proof(*proof, by_key());
    ASSERT_TRUE(by_key_checked) << by_key_checked.error().message();
    EXPECT_EQ(by_key_checked->entry.seq, seq);
    EXPECT_EQ(by_key_checked->signed_by, fixity::hex_of(key_.id()));
    EXPECT_EQ(journal::check_proof(*proof, by_head())->vouched_by, "a letter");
    EXPECT_FALSE(journal::check_proof(*proof, {})->is_vouched_for());
  }
}

TEST_F(InclusionProofTest, A2_WhatIsNotInTheTreeIsNotProved) {
  append();
  EXPECT_THAT(prove(head_.size + 1).error().message(), HasSubstr("came after the newest checkpoint"));
  EXPECT_EQ(prove(head_.size + 2).error().kind(), ErrorKind::Usage);
  EXPECT_EQ(prove(0).error().kind(), ErrorKind::Usage);
  sign();
  EXPECT_TRUE(prove(head_.size));
}

TEST_F(InclusionProofTest, A8_OfAJournalThatWasChangedNothingIsProved) {
  const Path segment = archive_.journal_folder() / "2026-11.jsonl";
  std::string text = test::file_text(segment);
  text.replace(text.find("\"edit\""), 6, "\"ebit\"");
  test::write_file(segment, text);
  EXPECT_EQ(prove(1).error().kind(), ErrorKind::Integrity);
}

TEST_F(InclusionProofTest, A8_EveryOtherProofIsRefused) {
  const journal::InclusionProof good = prove(3).value();
  const auto refuses = [&](const journal::InclusionProof& proof, const journal::ProofTrust& trust) {
    const auto checked = journal::check_proof(proof, trust);
    return !checked && checked.error().kind() == ErrorKind::Integrity;
  };
  for (std::size_t at = 0; at < good.entry.size(); ++at) {
    journal::InclusionProof proof = good;
    proof.entry[at] = static_cast<char>(proof.entry[at] ^ 1);
    EXPECT_TRUE(refuses(proof, by_head())) << at;
  }
  for (std::size_t at = 0; at < good.checkpoint.size(); ++at) {
    journal::InclusionProof proof = good;
    proof.checkpoint[at] = static_cast<char>(proof.checkpoint[at] ^ 1);
    EXPECT_TRUE(refuses(proof, by_key())) << at;
  }
  for (std::size_t at = 0; at < good.path.size(); ++at) {
    journal::InclusionProof proof = good;
    proof.path[at] = fixity::digest_of("another");
    EXPECT_TRUE(refuses(proof, by_key())) << at;
    proof = good;
    proof.path.erase(proof.path.begin() + static_cast<std::ptrdiff_t>(at));
    EXPECT_TRUE(refuses(proof, by_key())) << at;
  }
  journal::InclusionProof longer = good;
  longer.path.push_back(good.path.front());
  EXPECT_TRUE(refuses(longer, by_key()));
  for (const std::int64_t seq : {std::int64_t{0}, std::int64_t{2}, std::int64_t{4}, INT64_MIN, INT64_MAX}) {
    journal::InclusionProof proof = good;
    proof.seq = seq;
    EXPECT_TRUE(refuses(proof, by_key())) << seq;
  }
}

TEST_F(InclusionProofTest, A8_WhoIsNotTrustedDoesNotVouch) {
  const journal::InclusionProof good = prove(3).value();
  const auto other =
      enter_key(archive_, folder_.path() / "other.pem", folder_.path() / "key.pem", false, acting());
  EXPECT_FALSE(journal::check_proof(good, {.keys = {other->key}, .heads = {}}));
  journal::ProofTrust another = by_head();
  another.heads.front().root = fixity::digest_of("another");
  EXPECT_FALSE(journal::check_proof(good, another));
  // Of another length it says nothing.
  another.heads.front().size = head_.size - 1;
  EXPECT_FALSE(journal::check_proof(good, another)->is_vouched_for());
}

TEST_F(InclusionProofTest, ADocumentCutShortOrOfOtherTypesIsRefused) {
  const std::string text = json::write(journal::json_of(prove(3).value()));
  for (std::size_t length = 0; length < text.size(); ++length)
    EXPECT_FALSE(json::parse(std::string_view(text).substr(0, length)));
  for (const char* wrong :
       {R"({})", R"([])",
        R"({"schema": "greffe.proof/2", "seq": 1, "entry": "", "path": [], "checkpoint": ""})",
        R"({"schema": "greffe.proof/1", "seq": "1", "entry": "", "path": [], "checkpoint": ""})",
        R"({"schema": "greffe.proof/1", "seq": 1, "entry": "", "path": ["x"], "checkpoint": ""})",
        R"({"schema": "greffe.proof/1", "seq": 1, "entry": "", "path": [1], "checkpoint": ""})",
        R"({"schema": "greffe.proof/1", "seq": 1, "entry": "", "path": [], "checkpoint": "", "keys": 1})"})
    EXPECT_FALSE(journal::proof_of(json::parse(wrong).value())) << wrong;
  const auto many = json::Object{{"schema", "greffe.proof/1"},
                                 {"seq", 1},
                                 {"entry", ""},
                                 {"path", json::Array(65, fixity::digest_of("").hex())},
                                 {"checkpoint", ""}};
  EXPECT_FALSE(journal::proof_of(many));
}

}  // namespace
}  // namespace greffe::custody
