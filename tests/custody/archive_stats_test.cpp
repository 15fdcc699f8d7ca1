#include "custody/archive_stats.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "catalog/rule_json.h"
#include "custody/change_policy.h"
#include "custody/create_archive.h"
#include "support/samples.h"

namespace greffe::custody {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

class ArchiveStatsTest : public testing::Test {
 protected:
  ArchiveStatsTest() : archive_(*create_archive(folder_.path() / "archive", {.id = "a"}, Clerk, Now, 1s)) {
    put("20251231-230000Z-0123456789", "2025-12-31T23:00:00Z", "team", 100);
    put("20260301-080000Z-0123456789", "2026-03-01T08:00:00Z", "team", 20);
    put("20260302-080000Z-0123456789", "2026-03-02T08:00:00Z", "", 3);
  }

  void put(const char* id, const char* start, const char* record_class, std::int64_t bytes) {
    catalog::MeetingRecord record;
    record.meeting = {.id = id,
                      .title = "A meeting",
                      .start_unix_ms = whole_ms(parse_rfc3339(start)->time_since_epoch()),
                      .duration_ms = 1000,
                      .origin = "janus",
                      .meeting_class = record_class,
                      .manifest = {}};
    record.assets = {{"dumps/a.mjr", "dumps", bytes, {}}, {"meeting.json", "meeting", bytes, {}}};
    ASSERT_TRUE(catalog::Catalog::open(archive_.catalog_file())->put_meeting(record));
  }

  std::vector<std::string> stats(std::string_view as_of, bool decide) {
    const auto catalog = catalog::Catalog::open_read_only(archive_.catalog_file());
    std::vector<std::string> lines;
    DamageLog damage;
    const auto rows = archive_stats(archive_, *catalog, *parse_date(as_of), decide, damage);
    for (const StatsRow& row : *rows)
      lines.push_back(fmt::format("{}|{}|{}: {} {} {}", row.record_class, row.state, row.year, row.meetings,
                                  row.duration_ms, row.bytes));
    return lines;
  }

  const journal::Actor Clerk{.uid = 1000, .sudo_user = "amelie", .host = "archive-1"};
  const WallTime Now = *parse_rfc3339("2026-11-20T09:00:00Z");
  test::TemporaryFolder folder_;
  catalog::Archive archive_;
};

// 23:00 UTC is midnight in Paris.
TEST_F(ArchiveStatsTest, T1_TheYearIsThatOfThePolicyZone) {
  EXPECT_THAT(stats("2026-11-20", false), ElementsAre("||2026: 1 1000 6", "team||2026: 2 2000 240"));
}

TEST_F(ArchiveStatsTest, R13_TheStateIsWhatIsDecidedOnThatDay) {
  const Acting acting{.actor = Clerk, .now = Now, .lock_wait = 1s};
  auto policy = catalog::parse_policy(
      R"({"cooling_days": 0, "rules": [{"id": "team", "level": "default", "class": "team", "duration": "P1Y",
          "final_action": "destroy"}]})");
  ASSERT_TRUE(policy);
  ASSERT_TRUE(add_policy(archive_, *policy, acting));
  const auto catalog = catalog::Catalog::open_read_only(archive_.catalog_file());
  const auto state = read_policy_state(archive_, *catalog);
  const auto diff = diff_policy(archive_, *catalog, *state, 1, std::nullopt, *parse_date("2026-11-20"));
  ASSERT_TRUE(activate_policy(
      archive_, {.version = 1, .diff = diff->digest.hex(), .reason = "x", .clock_jump = ""}, acting));
  EXPECT_THAT(stats("2027-02-01", true), ElementsAre("|NO_RULE|2026: 1 1000 6", "team|DUE|2026: 1 1000 200",
                                                     "team|KEEP_RULE|2026: 1 1000 40"));
}

}  // namespace
}  // namespace greffe::custody
