#include "catalog/search.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "catalog/cue_numbers.h"
#include "catalog/dump.h"
#include "catalog/schema.h"
#include "records.h"
#include "support/samples.h"

namespace greffe::catalog {
namespace {

using testing::ElementsAre;
using testing::Not;

// A meeting of that second with these cues.
MeetingRecord meeting(int number, std::int64_t second, std::vector<std::string> texts) {
  MeetingRecord record;
  record.meeting = {.id = fmt::format("20260101-000000Z-{:010x}", number), .start_unix_ms = second * 1000};
  for (std::string& text : texts) record.cues.push_back({0, 1, "", std::move(text)});
  return record;
}

class SearchTest : public testing::Test {
 protected:
  std::vector<std::string> found(const Catalog& catalog, std::vector<std::string> phrases,
                                 SearchOrder order = SearchOrder::NewestFirst) {
    auto search = CueSearch::open(catalog, phrases, order);
    if (!search) return {search.error().message()};
    cut_ = search->is_cut();
    std::vector<std::string> texts;
    while (const auto hit = search->next().value()) texts.push_back(hit->text);
    return texts;
  }

  test::TemporaryFolder folder_;
  Path file_ = folder_.path() / "catalog.sqlite";
  Catalog catalog_ = Catalog::create(file_).value();
  bool cut_ = false;
};

TEST_F(SearchTest, NewestMeetingFirstWhateverCameInFirst) {
  ASSERT_TRUE(catalog_.put_meeting(meeting(1, 500, {"pear b1", "x", "pear b2"})));
  ASSERT_TRUE(catalog_.put_meeting(meeting(2, 900, {"pear c"})));
  ASSERT_TRUE(catalog_.put_meetings(
      std::vector{meeting(3, 100, {"pear a1", "pear a2"}), meeting(4, -5, {"pear before 1970"})}));
  const std::vector<std::string> all{"pear c",  "pear b1", "pear b2",
                                     "pear a1", "pear a2", "pear before 1970"};
  EXPECT_EQ(found(catalog_, {"pear"}), all);
  ASSERT_TRUE(catalog_.put_meeting(meeting(1, 500, {"pear b1", "x", "pear b2"})));
  EXPECT_EQ(found(catalog_, {"pear"}), all);
  EXPECT_THAT(found(catalog_, {"pear", "b2"}), ElementsAre("pear b2"));
  EXPECT_THAT(found(catalog_, {"pear b2"}), ElementsAre("pear b2"));
}

TEST_F(SearchTest, MoreMeetingsOfOneSecondThanItHasSlots) {
  std::vector<MeetingRecord> records;
  for (int number = 0; number < 600; ++number)
    records.push_back(meeting(number, 100, {fmt::format("pear {}", number), "and pear"}));
  ASSERT_TRUE(catalog_.put_meetings(records));
  EXPECT_EQ(found(catalog_, {"pear"}).size(), 1200u);
  EXPECT_EQ(found(catalog_, {"pear"}).front(), "pear 599");
  EXPECT_TRUE(catalog_.settle());
  EXPECT_TRUE(catalog_.check());
}

TEST_F(SearchTest, RanksAsSqliteDoes) {
  std::vector<MeetingRecord> records;
  for (int number = 0; number < 40; ++number)
    records.push_back(meeting(number, number,
                              {fmt::format("{}plum {}", number % 3 ? "pear " : "",
                                           std::string(static_cast<std::size_t>(number), 'x')),
                               std::string(number % 7 ? "pear a b c" : "pear pear plum")}));
  ASSERT_TRUE(catalog_.put_meetings(records));
  SQLite::Statement select(catalog_.connection().database(),
                           "SELECT c.text FROM cue_words JOIN cues c ON c.number = cue_words.rowid WHERE "
                           "cue_words MATCH '\"pear\" AND \"plum\"' ORDER BY bm25(cue_words), "
                           "c.number / 2097152 DESC, c.number");
  std::vector<std::string> expected;
  while (select.executeStep()) expected.push_back(select.getColumn(0).getString());
  EXPECT_EQ(found(catalog_, {"pear", "plum"}, SearchOrder::Rank), expected);
  EXPECT_FALSE(cut_);
  EXPECT_THAT(found(catalog_, {"nothing"}, SearchOrder::Rank), ElementsAre());
}

TEST_F(SearchTest, RanksTheNewestOfManyAndSaysSo) {
  std::vector<std::string> texts(MostRanked / 2, "pear");
  ASSERT_TRUE(catalog_.put_meetings(std::vector{meeting(1, 100, {"pear pear pear"}), meeting(2, 200, texts),
                                                meeting(3, 300, {"pear pear"}), meeting(4, 400, texts)}));
  const auto ranked = found(catalog_, {"pear"}, SearchOrder::Rank);
  EXPECT_TRUE(cut_);
  EXPECT_EQ(ranked.size(), MostRanked);
  EXPECT_EQ(ranked.front(), "pear pear");
  EXPECT_THAT(ranked, Not(testing::Contains("pear pear pear")));
}

TEST_F(SearchTest, ALoadedCatalogSearchesAlike) {
  ASSERT_TRUE(catalog_.put_meeting(meeting(2, 100, {"pear old", "pear 2"})));
  ASSERT_TRUE(catalog_.put_meeting(meeting(1, 900, {"pear new"})));
  std::vector<std::string> lines;
  ASSERT_TRUE(dump(catalog_, [&](std::string_view line) {
    lines.emplace_back(line);
    return Status();
  }));
  Catalog loaded = Catalog::create(folder_.path() / "loaded.sqlite").value();
  std::size_t at = 0;
  const Status status = load(loaded, [&]() -> Result<std::optional<std::string>> {
    return at < lines.size() ? std::optional(lines[at++]) : std::nullopt;
  });
  ASSERT_TRUE(status) << status.error().message();
  EXPECT_THAT(found(loaded, {"pear"}), ElementsAre("pear new", "pear old", "pear 2"));
}

// Until version 4, cues were numbered as they came in.
TEST_F(SearchTest, ACatalogOfVersion4IsNumberedAnew) {
  const Path file = folder_.path() / "old.sqlite";
  {
    SQLite::Database old(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    old.exec(fmt::format("PRAGMA application_id = {}", ApplicationId));
    for (std::size_t step = 0; step < 4; ++step) old.exec(std::string(schema_steps()[step]));
    old.exec("PRAGMA user_version = 4");
    for (const auto& [number, second] : {std::pair(1, 500), std::pair(2, 900), std::pair(3, 500)}) {
      const std::string id = meeting(number, second, {}).meeting.id;
      old.exec(fmt::format("INSERT INTO meetings VALUES ('{}', '', {}, 0, '', '', '')", id, second * 1000));
      for (int position = 0; position < 2; ++position)
        old.exec(
            fmt::format("INSERT INTO cues (meeting, position, start_ms, end_ms, speaker, text) VALUES "
                        "('{}', {}, 0, 0, '', 'pear {} {}')",
                        id, position, number, position));
    }
    old.exec("INSERT INTO cue_words (cue_words) VALUES ('rebuild')");
  }
  Catalog catalog = Catalog::open(file).value();
  const std::vector<std::string> all{"pear 2 0", "pear 2 1", "pear 3 0", "pear 3 1", "pear 1 0", "pear 1 1"};
  EXPECT_EQ(found(catalog, {"pear"}), all);
  ASSERT_TRUE(catalog.put_meeting(meeting(4, 500, {"pear 4 0"})));
  EXPECT_EQ(found(catalog, {"pear"}).at(2), "pear 4 0");
  EXPECT_TRUE(catalog.check());
  EXPECT_TRUE(catalog.settle());
}

}  // namespace
}  // namespace greffe::catalog
