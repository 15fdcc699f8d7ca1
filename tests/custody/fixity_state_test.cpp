#include "custody/fixity_state.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "support/samples.h"

namespace greffe::custody {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

const WallTime Now = *parse_rfc3339("2026-11-20T02:00:00Z");

std::vector<std::string> many_ids(int count) {
  std::vector<std::string> ids;
  for (int i = 0; i < count; ++i) ids.push_back(fmt::format("20261120-{:06}Z-0123456789", i));
  return ids;
}

TEST(FixityChoice, TakesAllInOrderWithoutRecords) {
  EXPECT_THAT(choose_meetings({"a", "b", "c"}, {}, {.now = Now}), ElementsAre("a", "b", "c"));
}

TEST(FixityChoice, BeginsWithThoseNeverVerifiedThenTheOldest) {
  const FixityRecords records{{"a", {Now - 1h, 0}}, {"b", {Now - 3h, 2}}, {"d", {Now - 2h, 0}}};
  EXPECT_THAT(choose_meetings({"a", "b", "c", "d", "e"}, records, {.by_age = true, .now = Now}),
              ElementsAre("c", "e", "b", "d", "a"));
  EXPECT_THAT(
      choose_meetings({"a", "b", "c", "d", "e"}, records, {.percent = 41, .by_age = true, .now = Now}),
      ElementsAre("c", "e", "b"));
  EXPECT_THAT(choose_meetings({"a", "b"}, records, {.percent = 1, .by_age = true, .now = Now}),
              ElementsAre("b"));
  EXPECT_THAT(choose_meetings({}, records, {.percent = 1, .by_age = true, .now = Now}), IsEmpty());
}

TEST(FixityChoice, LeavesOutWhatIsFresh) {
  const FixityRecords records{{"a", {Now - 24h, 0}}, {"b", {Now - 23h, 0}}};
  EXPECT_THAT(choose_meetings({"a", "b", "c"}, records, {.by_age = true, .older_than = 24h, .now = Now}),
              ElementsAre("c", "a"));
}

TEST(Retention, T6_AClockThatWasAheadDoesNotKeepAMeetingFromItsTurn) {
  const FixityRecords records{{"a", {Now - 1h, 0}}, {"b", {Now + 24h * 365, 0}}};
  EXPECT_THAT(choose_meetings({"a", "b"}, records, {.by_age = true, .older_than = 30min, .now = Now}),
              ElementsAre("b", "a"));
}

TEST(FixityChoice, SamplesByDayCoverAllInAsManyDaysAsTheyMust) {
  const auto ids = many_ids(2000);
  for (const int percent : {1, 3, 10, 30, 33, 50, 60, 99}) {
    std::set<std::string> covered;
    const int days = (100 + percent - 1) / percent;
    for (int day = 0; day < days; ++day) {
      const FixityChoice choice{.percent = percent, .now = Now + 24h * day};
      const auto chosen = choose_meetings(ids, {}, choice);
      EXPECT_EQ(chosen, choose_meetings(ids, {}, {.percent = percent, .now = choice.now + 5h}));
      EXPECT_NEAR(static_cast<double>(chosen.size()), 20.0 * percent, 120) << percent;
      covered.insert(chosen.begin(), chosen.end());
    }
    EXPECT_EQ(covered.size(), ids.size()) << percent << " percent in " << days << " days";
  }
}

TEST(FixityChoice, ASampleOfAFewIsNeverEmpty) {
  for (int day = 0; day < 100; ++day) {
    const FixityChoice choice{.percent = 1, .now = Now + 24h * day};
    EXPECT_FALSE(choose_meetings({"a", "b", "c"}, {}, choice).empty()) << day;
    EXPECT_THAT(choose_meetings({}, {}, choice), IsEmpty());
  }
}

TEST(FixityRecords, AreReadAsWritten) {
  const test::TemporaryFolder folder;
  const Path file = folder.path() / "fixity.json";
  ASSERT_TRUE(read_fixity_records(file));
  EXPECT_THAT(*read_fixity_records(file), IsEmpty());
  const FixityRecords records{{"a", {Now, 0}}, {"b", {Now - 3h, 2}}};
  ASSERT_TRUE(write_fixity_records(file, records));
  EXPECT_EQ(*read_fixity_records(file), records);
}

TEST(FixityRecords, RefusesEveryCutOfItsText) {
  const test::TemporaryFolder folder;
  const Path file = folder.path() / "fixity.json";
  ASSERT_TRUE(write_fixity_records(file, {{"a", {Now, 0}}, {"b", {Now, 1}}}));
  const std::string text = *read_text(file, 1 << 20);
  for (std::size_t length = 0; length + 2 < text.size(); ++length) {
    test::write_file(file, text.substr(0, length));
    EXPECT_FALSE(read_fixity_records(file)) << length;
  }
  for (const char* wrong : {R"({"schema":"greffe.fixity-state/2","meetings":[]})", R"({"meetings":[]})",
                            R"({"schema":"greffe.fixity-state/1","meetings":[{"id":"a"}]})"}) {
    test::write_file(file, wrong);
    EXPECT_FALSE(read_fixity_records(file)) << wrong;
  }
}

}  // namespace
}  // namespace greffe::custody
