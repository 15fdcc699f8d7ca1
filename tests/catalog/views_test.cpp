#include <SQLiteCpp/SQLiteCpp.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "catalog/dump.h"
#include "catalog/holds.h"
#include "catalog/query.h"
#include "catalog/saved_plan.h"
#include "catalog/schema.h"
#include "records.h"
#include "support/samples.h"

namespace greffe::catalog {
namespace {

using testing::ElementsAre;

class ViewsTest : public testing::Test {
 protected:
  Path file() const { return folder_.path() / "catalog.sqlite"; }
  Catalog open() const { return Catalog::open(file()).value(); }

  // The rows as people and programs get them, with columns between bars.
  std::vector<std::string> rows(const std::string& sql) const {
    const Catalog catalog = Catalog::open_read_only(file()).value();
    auto query = Query::open(catalog, sql);
    if (!query) return {query.error().message()};
    std::vector<std::string> found;
    while (true) {
      const auto row = query->next();
      if (!row) return {row.error().message()};
      if (!*row) return found;
      std::vector<std::string> cells;
      for (const json::Value& value : **row)
        cells.push_back(value.find_text() ? *value.find_text() : json::write(value));
      found.push_back(fmt::format("{}", fmt::join(cells, "|")));
    }
  }

  void put_plan(std::vector<PlanRow> plan, const std::string& as_of, std::int64_t journal_seq) const {
    std::size_t at = 0;
    ASSERT_TRUE(save_plan(open(),
                          {.as_of = as_of,
                           .made_utc = "2026-11-21T10:00:00.000Z",
                           .policy_version = 3,
                           .journal_seq = journal_seq},
                          [&](PlanRow& row) {
                            if (at == plan.size()) return false;
                            row = plan[at++];
                            return true;
                          }));
  }
  static PlanRow planned(const std::string& meeting, const std::string& code, const std::string& due_from) {
    return {.meeting = meeting,
            .code = code,
            .codes = code,
            .keep_until = "2026-10-31",
            .due_from = due_from,
            .propose_from = due_from,
            .final_action = "destroy",
            .rule = "council",
            .waits_for = {}};
  }

  test::TemporaryFolder folder_;
};

constexpr const char* Council = "20261120-080000Z-0123456789";
constexpr const char* Later = "20261121-080000Z-9876543210";

TEST_F(ViewsTest, AllCanBeReadByAQueryThatOnlyReads) {
  ASSERT_TRUE(Catalog::create(file())->put_meeting(council()));
  const auto views = rows("SELECT name FROM sqlite_schema WHERE type = 'view' AND name GLOB 'v_*'");
  EXPECT_EQ(views.size(), 19u);
  for (const std::string& view : views)
    EXPECT_THAT(rows("SELECT count(*) >= 0 FROM " + view), ElementsAre("1")) << view;
}

TEST_F(ViewsTest, TellWhatTheTablesHave) {
  ASSERT_TRUE(Catalog::create(file())->put_meeting(council()));
  EXPECT_THAT(rows("SELECT start_utc, end_utc, participants, tracks, renders, cues, bytes FROM v_meetings"),
              ElementsAre("2026-11-20T08:00:00Z|2026-11-20T08:01:00Z|2|1|1|3|1000500"));
  EXPECT_THAT(rows("SELECT id, name, tracks FROM v_participants ORDER BY position"),
              ElementsAre("b|Bérénice|0", "a|Amélie|1"));
  EXPECT_THAT(rows("SELECT participant, lost, recovered FROM v_tracks"), ElementsAre("a|2|5"));
  EXPECT_THAT(rows("SELECT path, bytes FROM v_assets ORDER BY path"),
              ElementsAre("dumps/a.mjr|1000000", "meeting.json|500"));
  EXPECT_THAT(rows("SELECT file, bytes FROM v_renders"), ElementsAre("renders/film.webm|5000000000"));
  EXPECT_THAT(rows("SELECT speaker FROM v_cues WHERE text = 'Déjà vu'"), ElementsAre(""));
}

TEST_F(ViewsTest, HoldsThatAreReleasedStandNoMore) {
  ASSERT_TRUE(Catalog::create(file())->put_meeting(council()));
  HoldRow hold{.id = "hold-20261121-aaaaaa", .matter = "M 1", .mode = "live", .blocks = "dispose"};
  ASSERT_TRUE(put_hold(open(), hold));
  ASSERT_TRUE(put_members(open(), hold.id, {{Council, "2026-11-21T10:00:00.000Z", "{}"}}));
  EXPECT_THAT(rows("SELECT id, stands, meetings FROM v_holds"), ElementsAre("hold-20261121-aaaaaa|1|1"));
  EXPECT_THAT(rows("SELECT meeting, matter, stands FROM v_held"),
              ElementsAre("20261120-080000Z-0123456789|M 1|1"));
  EXPECT_THAT(rows("SELECT holds FROM v_meetings"), ElementsAre("1"));
  hold.released_date = "2026-11-22";
  ASSERT_TRUE(put_hold(open(), hold));
  EXPECT_THAT(rows("SELECT stands FROM v_held"), ElementsAre("0"));
}

TEST_F(ViewsTest, DueIsWhatTheSavedPlanFoundOnItsDayWithTheHoldsOfNow) {
  ASSERT_TRUE(Catalog::create(file())->put_meeting(council()));
  ASSERT_TRUE(open().put_meeting(later()));
  ASSERT_TRUE(open().put_journal({{1, "2026-11-21T10:00:00.000Z", "ingest", "[]", "done", "{}"}}));
  EXPECT_THAT(rows("SELECT * FROM v_due"), ElementsAre());

  put_plan({planned(Council, "DUE", "2026-11-01"), planned(Later, "KEEP_RULE", "2026-11-22"),
            planned("20270101-000000Z-0000000000", "DUE", "2026-11-01")},
           "2026-11-21", 1);
  EXPECT_THAT(rows("SELECT meeting, title, due_from, holds, as_of, policy_version, entries_since FROM v_due"),
              ElementsAre("20261120-080000Z-0123456789|Council of November|2026-11-01|0|2026-11-21|3|0"));
  EXPECT_THAT(rows("SELECT count(*) FROM v_plan"), ElementsAre("2"));

  // What comes after is seen beside it.
  ASSERT_TRUE(put_hold(open(), {.id = "h", .blocks = "dispose"}));
  ASSERT_TRUE(put_members(open(), "h", {{Council, "", "{}"}}));
  ASSERT_TRUE(open().put_journal({{2, "2026-11-22T10:00:00.000Z", "hold-place", "[]", "done", "{}"}}));
  EXPECT_THAT(rows("SELECT code, holds, entries_since FROM v_due"), ElementsAre("DUE|1|1"));

  // The next plan takes its place as a whole.
  put_plan({planned(Later, "DUE", "2026-11-22")}, "2026-11-22", 2);
  EXPECT_THAT(rows("SELECT meeting, entries_since FROM v_due"), ElementsAre("20261121-080000Z-9876543210|0"));
  // A meeting that is entered anew keeps its row.
  ASSERT_TRUE(open().put_meeting(later()));
  EXPECT_THAT(rows("SELECT count(*) FROM v_due"), ElementsAre("1"));
}

TEST_F(ViewsTest, H5_WhatARuleIsInDoubtAboutIsInThePlanAndNotDue) {
  ASSERT_TRUE(Catalog::create(file())->put_meeting(council()));
  PlanRow in_doubt = planned(Council, "DUE", "2026-11-01");
  in_doubt.in_doubt = "asked,words";
  put_plan({in_doubt}, "2026-11-21", 0);
  EXPECT_THAT(rows("SELECT code, in_doubt FROM v_plan"), ElementsAre("DUE|asked,words"));
  EXPECT_THAT(rows("SELECT * FROM v_due"), ElementsAre());
}

TEST_F(ViewsTest, JournalTellsWhoAndWhat) {
  ASSERT_TRUE(Catalog::create(file())->put_journal(
      {{1, "2026-11-21T10:00:00.000Z", "ingest", R"(["a"])", "done", R"({"actor":{"uid":1000}})"}}));
  EXPECT_THAT(rows("SELECT seq, action, outcome, json_extract(entry, '$.actor.uid') FROM v_journal"),
              ElementsAre("1|ingest|done|1000"));
}

// What version 3 left is there in the views of version 4.
TEST_F(ViewsTest, ACatalogOfVersion3IsBroughtUpToDate) {
  {
    SQLite::Database old(file().string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    old.exec(fmt::format("PRAGMA application_id = {}", ApplicationId));
    for (std::size_t step = 0; step < 3; ++step) old.exec(std::string(schema_steps()[step]));
    old.exec("PRAGMA user_version = 3");
    old.exec("INSERT INTO meetings VALUES ('20260105-090000Z-aaaaaaaaaa', 'Budget', 0, 0, 'janus', '', '')");
    old.exec(
        "INSERT INTO holds VALUES ('h', '', '', '', '', '', '', '', 0, '', 'live', 'dispose', '', '', 0, 1, "
        "'', '', '')");
  }
  EXPECT_FALSE(Catalog::open_read_only(file()));
  ASSERT_TRUE(Catalog::open(file()));
  EXPECT_THAT(rows("SELECT title, start_utc FROM v_meetings"), ElementsAre("Budget|1970-01-01T00:00:00Z"));
  EXPECT_THAT(rows("SELECT id, stands, meetings FROM v_holds"), ElementsAre("h|1|0"));
}

// The plan is made of the rest: it is no part of what a dump must give back.
TEST_F(ViewsTest, APlanIsNotDumped) {
  for (const TableShape& table : dumped_tables()) {
    EXPECT_NE(table.name, "plan_rows");
    EXPECT_NE(table.name, "saved_plan");
  }
}

}  // namespace
}  // namespace greffe::catalog
