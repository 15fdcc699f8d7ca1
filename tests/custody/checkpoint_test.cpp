#include "custody/checkpoint.h"

#include <gtest/gtest.h>

#include "custody/catalog_index.h"
#include "custody/create_archive.h"
#include "custody/rebuild_catalog.h"
#include "custody/signing_keys.h"
#include "custody/verify_journal.h"
#include "journal/checkpoint_folder.h"
#include "support/samples.h"

namespace greffe::custody {
namespace {

using namespace std::chrono_literals;

const WallTime Start = *parse_rfc3339("2026-11-20T10:00:00Z");

class CheckpointTest : public testing::Test {
 protected:
  CheckpointTest()
      : archive_(create_archive(folder_.path() / "archive", {.id = "0123456789abcdef0123456789abcdef"}, {},
                                Start, 1s)
                     .value()) {}

  Path key_file(const std::string& name) const { return folder_.path() / (name + ".pem"); }
  Result<EnteredKey> enter(const std::string& name, std::optional<Path> current = {}, bool lost = false) {
    return enter_key(archive_, key_file(name), current, lost, {.now = now_ += 1s, .lock_wait = 1s});
  }
  void append(const std::string& subject) {
    ASSERT_TRUE(journal::Journal(archive_.journal_folder(), {}, 1s)
                    .append({.action = "edit", .subjects = {subject}}, now_ += 1s));
  }
  std::vector<std::string> reasons(std::vector<fixity::VerifierKey> keys = {}) {
    const auto verified = verify_journal(archive_, {.keys = std::move(keys), .now = now_});
    EXPECT_TRUE(verified) << verified.error().message();
    std::vector<std::string> found;
    for (const journal::Finding& finding : verified->check.findings.kept())
      found.emplace_back(finding.reason);
    return found;
  }
  std::size_t checkpoints() const {
    return journal::checkpoints_in(journal_places(archive_).checkpoints()).value().size();
  }

  test::TemporaryFolder folder_;
  catalog::Archive archive_;
  WallTime now_ = Start;
};

using Reasons = std::vector<std::string>;

TEST_F(CheckpointTest, A3_IsWrittenOnlyWhereThereIsAKey) {
  EXPECT_TRUE(checkpoint_if_key(archive_, std::nullopt, now_));
  EXPECT_EQ(checkpoints(), 0u);
  EXPECT_FALSE(checkpoint_if_key(archive_, key_file("gone"), now_));
  ASSERT_TRUE(enter("first"));
  EXPECT_EQ(checkpoints(), 1u);
  append("hold-1");
  const Status written = checkpoint_if_key(archive_, key_file("first"), now_ += 1s);
  EXPECT_TRUE(written) << written.error().message();
  EXPECT_EQ(checkpoints(), 2u);
  EXPECT_TRUE(checkpoint_if_key(archive_, key_file("first"), now_))
      << "the same again is the same checkpoint";
  EXPECT_EQ(checkpoints(), 2u);
  EXPECT_EQ(reasons(), Reasons{});
}

TEST_F(CheckpointTest, A3_TheNewKeyIsSignedForByTheOldOne) {
  const auto first = enter("first");
  ASSERT_TRUE(first);
  EXPECT_FALSE(enter("second")) << "the key so far must be there";
  EXPECT_FALSE(std::filesystem::exists(key_file("second")));
  const auto second = enter("second", key_file("first"));
  ASSERT_TRUE(second) << second.error().message();
  EXPECT_EQ(reasons({first->key}), Reasons{});
  EXPECT_EQ(reasons({second->key}), Reasons{});
  const std::string first_id = fixity::hex_of(first->key.id());
  ASSERT_TRUE(retire_key(archive_, first_id, key_file("second"), {.now = now_ += 1s, .lock_wait = 1s}));
  EXPECT_FALSE(write_checkpoint(archive_, key_file("first"), now_ += 1s));
  EXPECT_FALSE(enter("first", key_file("second"))) << "what is retired stays so";
  ASSERT_TRUE(write_checkpoint(archive_, key_file("second"), now_ += 1s));
  for (const auto& trusted : {first->key, second->key}) EXPECT_EQ(reasons({trusted}), Reasons{});
}

TEST_F(CheckpointTest, A3_AKeyThatNobodySignsForIsNotTrusted) {
  const auto first = enter("first");
  ASSERT_TRUE(first);
  const auto second = enter("second", {}, true);
  ASSERT_TRUE(second) << second.error().message();
  EXPECT_EQ(reasons(), Reasons{"bad-signature"});
  EXPECT_EQ(reasons({first->key}), Reasons{"bad-signature"});
  EXPECT_EQ(reasons({second->key}), Reasons{}) << "its tree has the introduction of the first";
}

TEST_F(CheckpointTest, A3_WhatARetiredKeySignsCountsNoMore) {
  ASSERT_TRUE(enter("first"));
  const auto second = enter("second", key_file("first"));
  ASSERT_TRUE(second);
  const std::string id = fixity::hex_of(second->key.id());
  ASSERT_TRUE(retire_key(archive_, id, key_file("first"), {.now = now_ += 1s, .lock_wait = 1s}));
  // Somebody who has the retired key and does not ask us.
  append("later");
  const auto check = journal::check_journal(journal_places(archive_), {.now = now_});
  const journal::Checkpoint forged{
      .origin = journal_places(archive_).origin, .size = check->entries, .root = check->root, .time = now_};
  fixity::SignedNote note{.text = forged.text()};
  note.sign(fixity::read_private_key(key_file("second")).value(), forged.origin);
  test::write_file(
      journal_places(archive_).checkpoints() / (journal::checkpoint_name(forged) + ".checkpoint"),
      note.written());
  EXPECT_EQ(reasons(), Reasons{"bad-signature"});
}

TEST_F(CheckpointTest, A3_NothingIsSignedThatWasChanged) {
  ASSERT_TRUE(enter("first"));
  append("a");
  append("b");
  ASSERT_TRUE(write_checkpoint(archive_, key_file("first"), now_ += 1s));
  append("c");
  const Path segment = archive_.journal_folder() / "2026-11.jsonl";
  const std::string whole = test::file_text(segment);
  for (const char* subject : {"\"a\"", "\"b\"", "\"c\""}) {
    std::string changed = whole;
    changed.replace(changed.find(subject), 3, "\"z\"");
    // Behind the last entry nothing is chained: a change of it is a change of what nobody has seen yet.
    if (subject == std::string("\"c\""))
      changed += changed.substr(changed.rfind('\n', changed.size() - 2) + 1);
    test::write_file(segment, changed);
    const auto refused = write_checkpoint(archive_, key_file("first"), now_ += 1s);
    ASSERT_FALSE(refused) << subject;
    EXPECT_EQ(refused.error().kind(), ErrorKind::Integrity) << subject;
  }
  test::write_file(segment, whole);
  EXPECT_TRUE(write_checkpoint(archive_, key_file("first"), now_ += 1s));
}

// The key signs no journal that was written anew after its checkpoints were taken away.
TEST_F(CheckpointTest, A3_WithoutCheckpointsTheIndexVouchesForTheJournal) {
  ASSERT_TRUE(enter("first"));
  append("a");
  {
    auto catalog = catalog::Catalog::open(archive_.catalog_file());
    ASSERT_TRUE(index_journal(archive_, *catalog));
  }
  std::filesystem::remove_all(journal_places(archive_).checkpoints());
  const Path segment = archive_.journal_folder() / "2026-11.jsonl";
  const std::string text = test::file_text(segment);
  test::write_file(segment, std::string(text).replace(text.rfind("\"a\""), 3, "\"z\""));
  const Status signed_anew = checkpoint_if_key(archive_, key_file("first"), now_ += 1s);
  ASSERT_FALSE(signed_anew);
  EXPECT_EQ(signed_anew.error().kind(), ErrorKind::Integrity);
  EXPECT_EQ(checkpoints(), 0u);
  test::write_file(segment, text);
  EXPECT_TRUE(checkpoint_if_key(archive_, key_file("first"), now_));
}

TEST_F(CheckpointTest, KeysWithinTheArchiveAreRefused) {
  for (const char* place : {"key.pem", "keys/key.pem", "meetings/../key.pem"}) {
    EXPECT_FALSE(check_outside(archive_, archive_.root() / place)) << place;
  }
  EXPECT_TRUE(check_outside(archive_, archive_.root().parent_path() / "key.pem"));
  EXPECT_TRUE(check_outside(archive_, archive_.root().string() + "-key.pem"));
  std::filesystem::create_directory_symlink(archive_.root(), folder_.path() / "link");
  EXPECT_FALSE(check_outside(archive_, folder_.path() / "link" / "key.pem"));
}

TEST_F(CheckpointTest, A8_CheckpointsThatAreGoneAreMissed) {
  const fixity::VerifierKey stranger{.name = "x", .key = fixity::PrivateKey::generate().public_key()};
  EXPECT_EQ(reasons(), Reasons{}) << "nobody has a key";
  EXPECT_EQ(reasons({stranger}), Reasons{"stale-head"}) << "it vouches for nothing";
  const auto first = enter("first");
  ASSERT_TRUE(first);
  std::filesystem::remove_all(journal_places(archive_).checkpoints());
  EXPECT_EQ(reasons(), Reasons{}) << "its program may still be at work";
  EXPECT_EQ(reasons({first->key}), Reasons{"stale-head"});
  now_ += journal::FirstCheckpointMayLag + 1s;
  EXPECT_EQ(reasons(), Reasons{"stale-head"});
  EXPECT_TRUE(enter("first")) << "where a program was killed before it signed";
  EXPECT_EQ(reasons({first->key}), Reasons{});
}

TEST_F(CheckpointTest, A8_ARebuildTellsThatTheOldCatalogContradictsTheJournal) {
  append("a");
  {
    auto catalog = catalog::Catalog::open(archive_.catalog_file());
    ASSERT_TRUE(index_journal(archive_, *catalog));
  }
  const Path segment = archive_.journal_folder() / "2026-11.jsonl";
  std::string text = test::file_text(segment);
  test::write_file(segment, text.replace(text.find("\"a\""), 3, "\"z\""));
  for (const std::size_t told : {1u, 0u}) {
    DamageLog damage;
    NoProgress progress;
    const auto rebuilt = rebuild_catalog(archive_, {.now = now_, .lock_wait = 1s}, damage, progress);
    ASSERT_TRUE(rebuilt) << rebuilt.error().message();
    EXPECT_EQ(damage.count("rolled-back-catalog"), told);
  }
  // D12: what is destroyed later would stay in it.
  EXPECT_FALSE(std::filesystem::exists(archive_.catalog_file().string() + ".damaged-1"));
}

TEST_F(CheckpointTest, A8_ACatalogThatLagsIsFoundOnceItsEntriesAreOld) {
  append("not indexed");
  EXPECT_EQ(reasons(), Reasons{}) << "its program may still be at work";
  now_ += CatalogMayLag + 1s;
  EXPECT_EQ(reasons(), Reasons{"rolled-back-catalog"});
}

}  // namespace
}  // namespace greffe::custody
