#include "catalog/meeting_query.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "catalog/meeting_matches.h"
#include "catalog/schema.h"
#include "records.h"
#include "support/samples.h"

namespace greffe::catalog {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const TimeZone& paris() {
  static const TimeZone zone = TimeZone::find("Europe/Paris").value();
  return zone;
}

Result<MeetingQuery> parse(std::string_view text) { return MeetingQuery::parse(text, paris()); }

std::string parsed(std::string_view text) {
  const auto query = parse(text);
  return query ? json::write(query->parsed()) : query.error().message();
}

MeetingRecord meeting(const std::string& id, const std::string& title, std::string_view start,
                      std::vector<ParticipantRow> people, std::vector<CueRow> cues = {}) {
  MeetingRecord record{.meeting = {.id = id, .title = title}};
  record.meeting.start_unix_ms = whole_ms(parse_rfc3339(start).value().time_since_epoch());
  record.meeting.duration_ms = 3'600'000;
  record.meeting.origin = "janus";
  record.meeting.meeting_class = title.starts_with("Conseil") ? "council" : "board";
  record.participants = std::move(people);
  record.cues = std::move(cues);
  return record;
}

constexpr auto First = "20260105-090000Z-aaaaaaaaaa";
constexpr auto Second = "20260205-230000Z-bbbbbbbbbb";
constexpr auto Third = "20260305-090000Z-cccccccccc";

class MeetingQueryTest : public testing::Test {
 protected:
  MeetingQueryTest() : catalog_(Catalog::create(folder_.path() / "catalog.sqlite").value()) {
    put(meeting(First, "Conseil: budget 2026", "2026-01-05T09:00:00Z",
                {{"101", "Amélie Roux"}, {"102", "Bo"}},
                {{0, 1000, "Amélie Roux", "the apple trees stay"}, {1000, 2000, "Bo", "so be it"}}));
    put(meeting(Second, "Board", "2026-02-05T23:30:00Z", {{"201", "Paul Durand"}},
                {{0, 1000, "Paul", "no trees"}}));
    put(meeting(Third, "Conseil", "2026-03-05T09:00:00Z", {{"101", "Jean Roux-Martin"}, {"Roux", "X"}}));
  }
  void put(const MeetingRecord& record) {
    const Status done = catalog_.put_meeting(record);
    ASSERT_TRUE(done) << done.error().message();
  }
  std::vector<std::string> found(std::string_view text) const {
    auto query = parse(text);
    if (!query) return {query.error().message()};
    const MeetingScope scope{.query = *query, .condition = {}};
    const auto ids = find_matches(catalog_, scope);
    if (!ids) return {ids.error().message()};
    // The question asked of one meeting has the same answer.
    for (const std::string id : {First, Second, Third})
      EXPECT_EQ(is_match(catalog_, scope, id).value(), std::find(ids->begin(), ids->end(), id) != ids->end())
          << text << " " << id;
    return *ids;
  }
  std::vector<std::string> found_where(const std::string& condition) const {
    const auto ids = find_matches(catalog_, {.query = {}, .condition = condition});
    return ids ? *ids : std::vector{ids.error().message()};
  }

  test::TemporaryFolder folder_;
  Catalog catalog_;
};

TEST_F(MeetingQueryTest, EachFieldFindsItsOwn) {
  EXPECT_THAT(found("title:BUDGET"), ElementsAre(First));
  EXPECT_THAT(found("participant:amelie"), ElementsAre(First));
  EXPECT_THAT(found("participant:Roux"), ElementsAre(First, Third));
  EXPECT_THAT(found("participant:\"Roux Martin\""), ElementsAre(Third));
  EXPECT_THAT(found("participant:201"), ElementsAre(Second));
  EXPECT_THAT(found("\"apple trees\""), ElementsAre(First));
  EXPECT_THAT(found("text:trees"), ElementsAre(First, Second));
  EXPECT_THAT(found("id:202602"), ElementsAre(Second));
  EXPECT_THAT(found("class:council"), ElementsAre(First, Third));
  EXPECT_THAT(found("origin:jitsi"), IsEmpty());
}

// 23:30 UTC on the 5th is the 6th in Paris.
TEST_F(MeetingQueryTest, T1_DaysAreThoseOfThePolicyZone) {
  EXPECT_THAT(found("from:2026-02-06 until:2026-02-06"), ElementsAre(Second));
  EXPECT_THAT(found("until:2026-02-05"), ElementsAre(First));
  EXPECT_THAT(found("from:2026-02-07"), ElementsAre(Third));
}

TEST_F(MeetingQueryTest, TermsAreJoined) {
  EXPECT_THAT(found("participant:Roux -title:budget"), ElementsAre(Third));
  EXPECT_THAT(found("title:budget OR class:board"), ElementsAre(First, Second));
  EXPECT_THAT(found("(title:budget OR class:board) NOT trees"), IsEmpty());
  EXPECT_THAT(found("-(title:budget OR class:board)"), ElementsAre(Third));
  EXPECT_THAT(found("trees from:2026-02-01"), ElementsAre(Second));
}

TEST_F(MeetingQueryTest, AConditionReadsAndDoesNothingElse) {
  EXPECT_THAT(found_where("participants > 1 AND duration_ms >= 3600000"), ElementsAre(First, Third));
  EXPECT_THAT(found_where("title = 'Board'"), ElementsAre(Second));
  EXPECT_THAT(found_where("1) UNION SELECT id FROM (SELECT * FROM meetings"), testing::SizeIs(3));
  for (const char* bad :
       {"colour = 'red'", "1; DELETE FROM meetings", "load_extension('x')", "(SELECT 1", ""})
    EXPECT_FALSE(find_matches(catalog_, {.query = {}, .condition = bad})) << bad;
  EXPECT_THAT(found("class:council"), ElementsAre(First, Third));
}

TEST_F(MeetingQueryTest, AnEndlessConditionIsStopped) {
  const auto ids =
      find_matches(catalog_,
                   {.query = {},
                    .condition = "id IN (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
                                 "SELECT i FROM n)"},
                   {.time = std::chrono::milliseconds(50)});
  ASSERT_FALSE(ids);
  EXPECT_EQ(ids.error().message(), "query: takes longer than 50 ms");
}

TEST_F(MeetingQueryTest, AMeetingThatWasEditedIsFoundByItsNewWords) {
  put(meeting(Second, "Budget board", "2026-02-05T23:30:00Z", {{"201", "Paula"}}));
  EXPECT_THAT(found("title:budget"), ElementsAre(First, Second));
  EXPECT_THAT(found("participant:Paul"), IsEmpty());
  EXPECT_TRUE(catalog_.settle());  // which checks the words
}

TEST(MeetingQuery, SaysWhatItUnderstood) {
  EXPECT_EQ(parsed("title:a (b OR -c)"),
            R"({"all":[{"field":"title","value":"a"},{"any":[{"field":"text","value":"b"},)"
            R"({"not":{"field":"text","value":"c"}}]}]})");
  EXPECT_EQ(parsed("ORDER"), R"({"field":"text","value":"ORDER"})");
}

TEST(MeetingQuery, WhatOtherLanguagesHaveIsNoWordToLookFor) {
  for (const char* text :
       {"a AND b", "a and b", "and", "a or b", "a (not b)", "a Not b", "@saved", "-@saved"})
    EXPECT_FALSE(parse(text)) << text;
  EXPECT_THAT(parsed("a AND b"), testing::HasSubstr("character 3: terms side by side must all be met"));
  EXPECT_EQ(parsed("\"and\""), R"({"field":"text","value":"and"})");
  EXPECT_TRUE(parse("title:and android notes \"@home\""));
  EXPECT_TRUE(MeetingQuery::parse("a AND b", paris(), QueryAge::Stored));
}

TEST(MeetingQuery, NamesThePlaceOfAMistake) {
  EXPECT_EQ(parsed(""), "query \"\": character 1: a term is missing here");
  EXPECT_EQ(parsed("a OR"), "query \"a OR\": character 5: a term is missing here");
  EXPECT_EQ(parsed("(a"), "query \"(a\": character 3: a \"(\" without its \")\"");
  EXPECT_EQ(parsed("a)"), "query \"a)\": character 2: a \")\" without its \"(\"");
  EXPECT_EQ(parsed("title:\"x"), "query \"title:\"x\": character 7: a quote that does not end");
  EXPECT_THAT(parsed("author:x"),
              testing::HasSubstr("character 1: no field \"author\"; there are text, title"));
  EXPECT_THAT(parsed("a from:tomorrow"), testing::HasSubstr("character 3: \"tomorrow\" is no date"));
  EXPECT_THAT(parsed("title:..."), testing::HasSubstr("no word to look for"));
  EXPECT_THAT(parsed("-"), testing::HasSubstr("a term is missing here"));
  EXPECT_THAT(parsed(std::string(40, '(') + "a"), testing::HasSubstr("too many parentheses"));
  EXPECT_FALSE(parse(std::string(5000, 'a')));
}

// What version 1 left is found in version 2.
TEST(Schema, ACatalogOfVersion1IsBroughtUpToDate) {
  const test::TemporaryFolder folder;
  const Path file = folder.path() / "catalog.sqlite";
  {
    SQLite::Database old(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    old.exec(fmt::format("PRAGMA application_id = {}", ApplicationId));
    old.exec(std::string(schema_steps().front()));
    old.exec("PRAGMA user_version = 1");
    old.exec("INSERT INTO meetings VALUES ('20260105-090000Z-aaaaaaaaaa', 'Budget', 0, 0, 'janus', '', '')");
    old.exec("INSERT INTO participants VALUES ('20260105-090000Z-aaaaaaaaaa', 0, '1', 'Zoë')");
  }
  const auto catalog = Catalog::open(file);
  ASSERT_TRUE(catalog) << catalog.error().message();
  EXPECT_THAT(
      find_matches(*catalog, {.query = parse("participant:zoe title:budget").value(), .condition = {}})
          .value(),
      ElementsAre(First));
}

}  // namespace
}  // namespace greffe::catalog
