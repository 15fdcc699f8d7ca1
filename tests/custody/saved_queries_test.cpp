#include "custody/saved_queries.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "custody/create_archive.h"
#include "custody/verify_policy.h"
#include "journal/journal.h"
#include "support/samples.h"

namespace greffe::custody {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

class SavedQueriesTest : public testing::Test {
 protected:
  SavedQueriesTest() : archive_(*create_archive(folder_.path() / "archive", {.id = "a"}, Clerk, Now, 1s)) {}

  Acting acting() const { return {.actor = Clerk, .now = Now, .lock_wait = 1s}; }
  Result<SavedQuery> save(const std::string& name, const std::string& query, const std::string& where = "") {
    return save_query(archive_, name, query, where, acting());
  }
  std::vector<std::string> names() {
    const auto found = saved_queries(archive_);
    if (!found) return {found.error().message()};
    std::vector<std::string> names;
    for (const SavedQuery& saved : *found)
      names.push_back(fmt::format("{} {}{}", saved.name, saved.query, saved.condition));
    return names;
  }
  std::vector<std::string> journaled() {
    auto reader = journal::JournalReader::open(archive_.journal_folder());
    std::vector<std::string> lines;
    while (true) {
      const auto entry = reader->next();
      if (!entry || !*entry) return lines;
      const auto& event = (*entry)->event;
      if (event.action.starts_with("query"))
        lines.push_back(fmt::format("{} {} {}", event.action, event.subjects.front(), event.outcome));
    }
  }
  Path file(int number) { return archive_.queries_folder() / fmt::format("query-{}.json", number); }

  const journal::Actor Clerk{.uid = 1000, .sudo_user = "amelie", .host = "archive-1"};
  const WallTime Now = *parse_rfc3339("2026-11-20T09:00:00Z");
  test::TemporaryFolder folder_;
  catalog::Archive archive_;
};

TEST_F(SavedQueriesTest, TheNewestOfANameStands) {
  EXPECT_THAT(names(), ElementsAre());
  ASSERT_TRUE(save("roux", "participant:Roux"));
  ASSERT_TRUE(save("long", "", "duration_ms > 3600000"));
  ASSERT_TRUE(save("roux", "participant:Roux class:council"));
  EXPECT_THAT(names(), ElementsAre("long duration_ms > 3600000", "roux participant:Roux class:council"));
  const auto found = find_saved_query(archive_, "roux");
  EXPECT_EQ(found->number, 3);
  EXPECT_EQ(found->sudo_user, "amelie");
  EXPECT_THAT(find_saved_query(archive_, "raux").error().message(), HasSubstr("there are long, roux"));
  EXPECT_EQ(find_saved_query(archive_, "raux").error().kind(), ErrorKind::Usage);
}

TEST_F(SavedQueriesTest, A1_ChangesAreJournaledBeforeAndAfter) {
  ASSERT_TRUE(save("roux", "participant:Roux"));
  ASSERT_TRUE(save("roux", "participant:Roux"));  // the same again is nothing
  ASSERT_TRUE(delete_query(archive_, "roux", acting()));
  EXPECT_THAT(journaled(), ElementsAre("query-save query-1 intended", "query-save query-1 done",
                                       "query-delete query-2 intended", "query-delete query-2 done"));
}

TEST_F(SavedQueriesTest, DeletedNamesAreFreeAgainAndNothingIsLost) {
  ASSERT_TRUE(save("roux", "participant:Roux"));
  ASSERT_TRUE(delete_query(archive_, "roux", acting()));
  EXPECT_THAT(names(), ElementsAre());
  EXPECT_TRUE(delete_query(archive_, "roux", acting()));  // done already
  EXPECT_FALSE(delete_query(archive_, "other", acting()));
  ASSERT_TRUE(save("roux", "title:budget"));
  EXPECT_THAT(names(), ElementsAre("roux title:budget"));
  EXPECT_TRUE(std::filesystem::exists(file(1)));
}

TEST_F(SavedQueriesTest, WhatDoesNotCompileIsNotSaved) {
  EXPECT_EQ(save("a", "nofield:x").error().kind(), ErrorKind::Usage);
  EXPECT_EQ(save("a", "", "nocolumn = 1").error().kind(), ErrorKind::Usage);
  EXPECT_FALSE(save("a", "", "id IN (DELETE FROM meetings)"));
  EXPECT_FALSE(save("a", "x", "1"));
  EXPECT_FALSE(save("a", ""));
  for (const char* name : {"", "-a", "a b", "../a", "é", "@a"}) EXPECT_FALSE(save(name, "x")) << name;
  EXPECT_FALSE(save(std::string(65, 'a'), "x"));
  EXPECT_THAT(names(), ElementsAre());
}

TEST_F(SavedQueriesTest, AnAtSignNamesOne) {
  ASSERT_TRUE(save("roux", "participant:Roux"));
  ASSERT_TRUE(save("long", "", "duration_ms > 3600000"));
  std::string query = "@roux", condition;
  ASSERT_TRUE(resolve_saved_query(archive_, query, condition));
  EXPECT_EQ(query, "participant:Roux");
  query = "@long";
  ASSERT_TRUE(resolve_saved_query(archive_, query, condition));
  EXPECT_EQ(query, "");
  EXPECT_EQ(condition, "duration_ms > 3600000");
  query = "@long";
  EXPECT_FALSE(resolve_saved_query(archive_, query, condition));
  query = "title:@roux", condition = "";
  ASSERT_TRUE(resolve_saved_query(archive_, query, condition));
  EXPECT_EQ(query, "title:@roux");
}

TEST_F(SavedQueriesTest, OtherFilesBesideThemAreNone) {
  ASSERT_TRUE(save("roux", "participant:Roux"));
  for (const char* name : {"query-1 (copy).json", "query-old.json", "query-01.json"})
    std::filesystem::copy_file(file(1), file(1).parent_path() / name);
  EXPECT_THAT(names(), ElementsAre("roux participant:Roux"));
  ASSERT_TRUE(save("long", "", "duration_ms > 3600000"));
  EXPECT_TRUE(std::filesystem::exists(file(2)));
}

TEST_F(SavedQueriesTest, A1_WhatTheJournalTellsOfIsVerified) {
  ASSERT_TRUE(save("a", "x"));
  ASSERT_TRUE(save("b", "y"));
  const auto reasons = [&] {
    const auto findings = verify_policy_files(archive_);
    std::vector<std::string> found;
    for (const journal::Finding& finding : *findings)
      found.push_back(fmt::format("{} {}", finding.reason, finding.place));
    return found;
  };
  EXPECT_THAT(reasons(), ElementsAre());
  std::string text = *read_text(file(1), 10'000);
  text.replace(text.find("\"x\""), 3, "\"z\"");
  ASSERT_TRUE(write_text_atomically(file(1), text));
  ASSERT_TRUE(write_text_atomically(file(3), text));
  std::filesystem::remove(file(2));
  EXPECT_THAT(reasons(),
              ElementsAre("other-query-file queries/query-1.json", "missing-query-file queries/query-2.json",
                          "other-query-file queries/query-3.json"));
}

TEST_F(SavedQueriesTest, FilesThatSomebodyTouchedAreNamed) {
  ASSERT_TRUE(save("a", "x"));
  ASSERT_TRUE(save("b", "y"));
  const std::string text = *read_text(file(2), 10'000);
  ASSERT_TRUE(write_text_atomically(file(2), "{"));
  EXPECT_THAT(names(), ElementsAre(HasSubstr("query-2.json")));
  ASSERT_TRUE(write_text_atomically(file(2), *read_text(file(1), 10'000)));
  EXPECT_THAT(names(), ElementsAre(HasSubstr("has another number")));
  ASSERT_TRUE(write_text_atomically(file(2), text));
  std::filesystem::remove(file(1));
  EXPECT_THAT(names(), ElementsAre(HasSubstr("query-1.json: missing")));
  EXPECT_EQ(saved_queries(archive_).error().kind(), ErrorKind::Integrity);
}

}  // namespace
}  // namespace greffe::custody
