#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "catalog/policy_index.h"
#include "catalog/rule_json.h"
#include "custody/change_policy.h"
#include "custody/create_archive.h"
#include "custody/holds.h"
#include "custody/retention_plan.h"
#include "journal/journal.h"
#include "meeting_folder.h"

namespace greffe::custody {
namespace {

using namespace std::chrono_literals;
using retention::Code;

constexpr const char* Team = "20240131-223000Z-0123456789";
constexpr const char* Council = "20260301-080000Z-0123456789";

CivilDate day(std::string_view text) { return *parse_date(text); }

retention::Policy rules(const std::string& text) {
  return catalog::parse_policy(R"({"rules": [)" + text + "]}").value();
}

const char* const FiveYears =
    R"({"id": "team", "level": "default", "class": "team", "duration": "P5Y", "final_action": "destroy"})";
const char* const OneYear =
    R"({"id": "team", "level": "default", "class": "team", "duration": "P1Y", "final_action": "destroy"})";
const char* const TenYears =
    R"({"id": "team", "level": "default", "class": "team", "duration": "P10Y", "final_action": "destroy"})";

// An archive of which the catalog has two meetings of an hour, at a clock of the test's own.
class PolicyFlowTest : public testing::Test {
 protected:
  PolicyFlowTest() : archive_(*create_archive(folder_.path() / "archive", {.id = "a"}, Clerk, now_, 1s)) {
    put(Team, "team", "Team of January");
    put(Council, "council", "Council of March");
  }

  void put(const char* id, const char* meeting_class, const char* title,
           std::vector<catalog::ProducerRow> producers = {}) {
    catalog::MeetingRecord record;
    record.meeting = {.id = id,
                      .title = title,
                      .start_unix_ms = whole_ms(start_of(id).time_since_epoch()),
                      .duration_ms = 3'600'000,
                      .origin = "janus",
                      .meeting_class = meeting_class,
                      .manifest = {}};
    record.producers = std::move(producers);
    record.assets = {{"dumps/a.mjr", "dumps", 1000, {}}};
    ASSERT_TRUE(catalog::Catalog::open(archive_.catalog_file())->put_meeting(record));
  }
  static WallTime start_of(std::string_view id) {
    return *parse_rfc3339(fmt::format("{}-{}-{}T{}:{}:{}Z", id.substr(0, 4), id.substr(4, 2), id.substr(6, 2),
                                      id.substr(9, 2), id.substr(11, 2), id.substr(13, 2)));
  }

  void set_day(std::string_view date) { now_ = *parse_rfc3339(std::string(date) + "T09:00:00Z"); }
  CivilDate today() const { return TimeZone::find("Europe/Paris")->date_of(now_); }
  Acting acting() const { return {.actor = Clerk, .now = now_, .lock_wait = 1s}; }
  // The journal is kept going each night, as it is where people work.
  void pass_to(std::string_view date) {
    const WallTime end = *parse_rfc3339(std::string(date) + "T09:00:00Z");
    journal::Journal journal(archive_.journal_folder(), Clerk, 1s);
    for (; now_ < end; now_ = std::min(end, now_ + 30 * 24h))
      ASSERT_TRUE(journal.append({.action = "ingest", .subjects = {Team}}, now_));
  }

  catalog::Catalog open() const { return catalog::Catalog::open_read_only(archive_.catalog_file()).value(); }
  PolicyState state() const { return read_policy_state(archive_, open()).value(); }
  DiffReport diff(std::int64_t version) const {
    return diff_policy(archive_, open(), state(), version, std::nullopt, today()).value();
  }
  std::int64_t add(const std::string& text) { return add_policy(archive_, rules(text), acting())->number; }
  Result<Activated> activate(std::int64_t version, const std::string& clock_jump = "") {
    return activate_policy(archive_,
                           {.version = version,
                            .diff = diff(version).digest.hex(),
                            .reason = "the schedule",
                            .clock_jump = clock_jump},
                           acting());
  }
  CivilDate activated(std::int64_t version) { return activate(version)->record.activation.effective; }
  std::map<std::string, PlannedMeeting> plan(std::string_view as_of) const {
    std::map<std::string, PlannedMeeting> meetings;
    const auto totals = plan_retention(archive_, open(), day(as_of), [&](const PlannedMeeting& meeting) {
      meetings.emplace(meeting.meeting, meeting);
      return true;
    });
    EXPECT_TRUE(totals) << totals.error().message();
    return meetings;
  }
  retention::Decision decision(const char* meeting, std::string_view as_of) const {
    return plan(as_of).at(meeting).decision;
  }
  Path copy_of_catalog() {
    const Path copy = folder_.path() / fmt::format("catalog-{}.sqlite", ++copies_);
    EXPECT_TRUE(open().back_up(copy));
    return copy;
  }
  void put_back(const Path& copy) {
    for (const char* more : {"-wal", "-shm"})
      std::filesystem::remove(archive_.catalog_file().string() + more);
    std::filesystem::copy_file(copy, archive_.catalog_file(),
                               std::filesystem::copy_options::overwrite_existing);
  }
  Result<RecordedEvent> record(const EventOrder& order) { return record_event(archive_, order, acting()); }

  const journal::Actor Clerk{.uid = 1000, .sudo_user = "amelie", .host = "archive-1"};
  int copies_ = 0;
  WallTime now_ = *parse_rfc3339("2026-11-20T09:00:00Z");
  test::TemporaryFolder folder_;
  catalog::Archive archive_;
};

TEST_F(PolicyFlowTest, E3_TheDayAMeetingEndsIsThatOfThePolicyZone) {
  add(FiveYears);
  activated(1);
  // 23:30 UTC is half past midnight in Paris.
  EXPECT_EQ(decision(Team, "2027-01-01").keep_until, day("2029-02-01"));
  EXPECT_EQ(decision(Team, "2027-01-01").due_from, day("2029-02-02"));
}

TEST_F(PolicyFlowTest, R10_WhatIsSoonerWaitsAndWhatIsLaterDoesNot) {
  add(FiveYears);
  EXPECT_EQ(activated(1), day("2026-12-20"));
  pass_to("2027-01-10");
  add(TenYears);
  EXPECT_EQ(diff(2).diff.later.meetings, 1);
  EXPECT_EQ(diff(2).diff.later.bytes, 1000);
  EXPECT_EQ(activated(2), day("2027-01-10"));
  add(OneYear);
  const DiffReport sooner = diff(3);
  EXPECT_EQ(sooner.diff.sooner.meetings, 1);
  EXPECT_EQ(sooner.diff.sooner.earliest, day("2025-02-02"));
  EXPECT_EQ(activated(3), day("2027-02-09"));
  EXPECT_EQ(state().in_force(day("2027-02-08")).version, 2);
  EXPECT_EQ(state().in_force(day("2027-02-09")).version, 3);
  EXPECT_EQ(decision(Team, "2027-02-08").code, Code::KeepRule);
  EXPECT_EQ(decision(Team, "2027-02-09").code, Code::Due);
}

TEST_F(PolicyFlowTest, R10_TheCoolingPeriodOfTheVersionInForceCannotBeEscaped) {
  retention::Policy slow = rules(FiveYears), fast = rules(OneYear);
  slow.cooling_days = 90;
  fast.cooling_days = 0;
  ASSERT_TRUE(add_policy(archive_, slow, acting()));
  ASSERT_TRUE(add_policy(archive_, fast, acting()));
  activated(1);
  pass_to("2027-06-01");
  EXPECT_EQ(activated(2), day("2027-08-30"));
}

TEST_F(PolicyFlowTest, R10_ADiffThatIsNoLongerTrueIsRefused) {
  add(FiveYears);
  const std::string shown = diff(1).digest.hex();
  put("20260401-080000Z-0123456789", "council", "Not one of those that move");
  EXPECT_EQ(diff(1).digest.hex(), shown);
  put("20260402-080000Z-0123456789", "team", "Another");
  const ActivationOrder order{.version = 1, .diff = shown, .reason = "r"};
  const auto refused = activate_policy(archive_, order, acting());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind(), ErrorKind::Refused);
  EXPECT_TRUE(state().activations.empty());
}

TEST_F(PolicyFlowTest, R10_ADecisionNeedsAReasonAndAVersion) {
  add(FiveYears);
  EXPECT_EQ(activate_policy(archive_, {.version = 1, .diff = diff(1).digest.hex()}, acting()).error().kind(),
            ErrorKind::Usage);
  EXPECT_EQ(activate_policy(archive_, {.version = 2, .diff = diff(1).digest.hex(), .reason = "r"}, acting())
                .error()
                .kind(),
            ErrorKind::Usage);
}

TEST_F(PolicyFlowTest, R10_WhatIsPendingIsTakenBackByActivatingTheVersionInForce) {
  add(FiveYears);
  activated(1);
  pass_to("2027-01-10");
  add(OneYear);
  activated(2);
  EXPECT_EQ(activated(1), day("2027-01-10"));
  EXPECT_EQ(state().in_force(day("2028-01-01")).version, 1);
}

TEST_F(PolicyFlowTest, R11_ALockedVersionIsNotLoosenedAndLocksNothingThatIsToComeLooser) {
  add(FiveYears);
  add(OneYear);
  add(TenYears);
  EXPECT_EQ(lock_policy(archive_, 2, "r", acting()).error().kind(), ErrorKind::Refused);
  activated(1);
  pass_to("2027-01-10");
  activated(2);
  EXPECT_EQ(lock_policy(archive_, 1, "r", acting()).error().kind(), ErrorKind::Refused);
  activated(1);
  ASSERT_TRUE(lock_policy(archive_, 1, "r", acting()));
  EXPECT_FALSE(lock_policy(archive_, 1, "r", acting())->is_new);
  EXPECT_EQ(activate(2).error().kind(), ErrorKind::Refused);
  EXPECT_TRUE(activate(3));
}

TEST_F(PolicyFlowTest, R12_WhatIsOverdueWhenARuleComesGetsNoticeFromThen) {
  add(OneYear);
  const CivilDate since = activated(1);
  const retention::Decision overdue = decision(Team, "2027-06-01");
  EXPECT_EQ(overdue.code, Code::Due);
  EXPECT_EQ(overdue.due_from, day("2025-02-02"));
  EXPECT_EQ(overdue.propose_from, days_after(since, 30));
  // The same rule in a later version counts from when it came first.
  pass_to("2027-06-01");
  add(std::string(OneYear) +
      R"(, {"id": "council", "level": "default", "class": "council", "duration": "P9Y", "final_action": "keep"})");
  activated(2);
  EXPECT_EQ(decision(Team, "2027-06-02").propose_from, days_after(since, 30));
}

TEST_F(PolicyFlowTest, T6_AClockThatCannotBeBelievedDecidesNothing) {
  add(FiveYears);
  set_day("2026-11-19");
  EXPECT_EQ(activate(1).error().kind(), ErrorKind::Refused);
  EXPECT_EQ(activate(1, "it is right").error().kind(), ErrorKind::Refused);
  set_day("2026-12-26");
  const auto refused = activate(1);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message(), testing::HasSubstr("CLOCK_REFUSED"));
  EXPECT_TRUE(state().activations.empty());
  // What asks nobody for the time, such as an ingest of that night, does not make it right.
  ASSERT_TRUE(journal::Journal(archive_.journal_folder(), Clerk, 1s).append({.action = "ingest"}, now_));
  EXPECT_FALSE(activate(1));
  ASSERT_TRUE(activate(1, "the archive was closed"));
  EXPECT_EQ(open().journal(1).value().back().action, "rules-activate");
  EXPECT_EQ(state().records.activations[0].clock_jump, "the archive was closed");
}

TEST_F(PolicyFlowTest, T5_ThePlanIsForAnyDayWithTheRulesOfThatDay) {
  add(FiveYears);
  activated(1);
  EXPECT_EQ(decision(Team, "2000-01-01").code, Code::NoRule);
  EXPECT_EQ(decision(Team, "2026-12-20").code, Code::KeepRule);
  EXPECT_EQ(decision(Team, "2029-02-01").code, Code::KeepRule);
  EXPECT_EQ(decision(Team, "2029-02-02").code, Code::Due);
}

TEST_F(PolicyFlowTest, R1_R5_RulesAreScopedByQueriesAsTheCatalogIsNow) {
  add(std::string(OneYear) +
      R"(, {"id": "march", "level": "scoped", "query": "title:march until:2026-12-31",)"
      R"( "duration": "forever", "final_action": "keep"})");
  activated(1);
  EXPECT_EQ(decision(Council, "2027-01-01").code, Code::KeepForever);
  EXPECT_EQ(plan("2027-01-01").at(Council).rule, "march");
  put(Council, "council", "Council of spring");
  EXPECT_EQ(decision(Council, "2027-01-01").code, Code::NoRule);
}

TEST_F(PolicyFlowTest, R2_E1_E2_EventsStartWhatWaitsForThem) {
  add(R"({"id": "d", "level": "default", "class": "council", "duration": "P1Y", "start": "dossier_closed",
          "final_action": "destroy"})");
  activated(1);
  EXPECT_EQ(decision(Council, "2040-01-01").code, Code::PendingEvent);
  EXPECT_EQ(plan("2040-01-01").at(Council).waits_for, std::vector<std::string>{"dossier_closed"});
  const auto first = record({.type = "dossier_closed", .query = "class:council", .on = day("2026-06-01")});
  ASSERT_TRUE(first) << first.error().message();
  EXPECT_EQ(first->record.by.sudo_user, "amelie");
  EXPECT_EQ(decision(Council, "2027-06-02").code, Code::Due);
  EXPECT_EQ(first->record.result.sooner, 1);
  EXPECT_EQ(first->record.result.earliest, day("2027-06-02"));
  // E2: an end that lies ahead is provisional, and a correction moves it.
  const auto second = record({.on = day("2030-06-01"), .supersedes = 1});
  ASSERT_TRUE(second) << second.error().message();
  EXPECT_EQ(second->record.result.later, 1);
  EXPECT_EQ(decision(Council, "2027-06-02").keep_until, day("2031-06-01"));
  // A correction that names other meetings leaves nothing of what it corrects.
  ASSERT_TRUE(record({.meetings = {Team}, .on = day("2030-06-01"), .supersedes = 2}));
  EXPECT_EQ(decision(Council, "2040-01-01").code, Code::PendingEvent);
  const auto sooner = record({.type = "dossier_closed", .meetings = {Council}, .on = day("2026-07-01")});
  EXPECT_EQ(sooner->record.result.sooner, 1);
  EXPECT_EQ(sooner->record.result.earliest, day("2027-07-02"));
  EXPECT_EQ(record({.on = day("2030-06-01"), .supersedes = 1}).error().kind(), ErrorKind::Usage);
}

TEST_F(PolicyFlowTest, R12_AnEventOfADayLongPastGetsNotice) {
  add(R"({"id": "d", "level": "default", "class": "team", "duration": "P1Y", "start": "dossier_closed",
          "final_action": "destroy"})");
  activated(1);
  pass_to("2027-01-10");
  ASSERT_TRUE(record({.type = "dossier_closed", .meetings = {Team}, .on = day("2024-06-01")}));
  EXPECT_EQ(decision(Team, "2027-01-10").code, Code::Due);
  EXPECT_EQ(decision(Team, "2027-01-10").propose_from, day("2027-02-09"));
  // A correction that names another meeting, and so is not among the events of this one.
  ASSERT_TRUE(record({.type = "dossier_closed", .meetings = {Team}, .on = day("2026-06-01")}));
  EXPECT_EQ(decision(Team, "2027-06-02").propose_from, day("2027-06-02"));
  pass_to("2027-12-01");
  ASSERT_TRUE(record({.meetings = {Council}, .on = day("2026-06-01"), .supersedes = 2}));
  EXPECT_EQ(decision(Team, "2027-12-01").due_from, day("2025-06-02"));
  EXPECT_EQ(decision(Team, "2027-12-01").propose_from, day("2027-12-31"));
  EXPECT_EQ(why_kept(archive_, open(), Team, day("2027-12-01"))->planned.decision.propose_from,
            day("2027-12-31"));
}

TEST_F(PolicyFlowTest, R7_EachProducerMustSayDestroy) {
  put(Team, "team", "Team of January", {{"north"}, {"south"}});
  put(Council, "council", "Council of March", {{"north"}});
  const std::string north =
      R"({"id": "n", "level": "default", "producer": "north", "duration": "P1M", "final_action": "destroy"})";
  add(north);
  activated(1);
  EXPECT_EQ(decision(Council, "2027-01-01").action, retention::FinalAction::Destroy);
  EXPECT_FALSE(decision(Team, "2027-01-01").action);
  EXPECT_EQ(why_kept(archive_, open(), Team, day("2027-01-01"))->facts.producers,
            (std::vector<std::string>{"north", "south"}));
  add(north + R"(, {"id": "s", "level": "default", "producer": "south", "duration": "P1M",
                    "final_action": "destroy"})");
  activated(2);
  EXPECT_EQ(decision(Team, "2027-01-01").action, retention::FinalAction::Destroy);
  EXPECT_TRUE(decision(Team, "2027-01-01").disposable());
}

// Rules of which one asks for a field that there is not, as if it were gone since they were added.
TEST_F(PolicyFlowTest, H5_ARuleThatCannotBeAskedKeepsAndTheRestIsPlanned) {
  retention::Policy policy = rules(std::string(OneYear) +
                                   R"(, {"id": "asked", "level": "scoped", "query": "class:team",
                                         "duration": "P3Y", "final_action": "destroy"})");
  policy.version = 1;
  policy.rules.back().query = "nofield:x";
  ASSERT_TRUE(make_directories(archive_.policy_folder()));
  ASSERT_TRUE(write_text_atomically(archive_.policy_folder() / "rules-1.json", catalog::text_of(policy)));
  const catalog::ActivationRecord decided{
      .activation = {.number = 1, .version = 1, .effective = today()}, .decided = now_, .reason = "x"};
  ASSERT_TRUE(
      write_text_atomically(archive_.policy_folder() / "activation-1.json", catalog::text_of(decided)));

  const auto planned = plan("2026-11-20");
  EXPECT_EQ(planned.at(Team).decision.code, Code::KeepRule);
  EXPECT_EQ(planned.at(Team).decision.keep_until, day("2027-02-01"));
  EXPECT_EQ(planned.at(Team).in_doubt, std::vector<std::string>{"asked"});
  EXPECT_EQ(planned.at(Council).decision.code, Code::KeepRule);
  EXPECT_EQ(decision(Council, "2090-01-01").code, Code::NoRule);
  const auto totals = plan_retention(archive_, open(), today(), [](const auto&) { return true; });
  EXPECT_EQ(totals->damage.count("rule-query-failed"), 1u);
  EXPECT_TRUE(totals->idle_rules.empty());
  const Why why = why_kept(archive_, open(), Council, day("2026-11-20")).value();
  EXPECT_EQ(why.damage.count("rule-query-failed"), 1u);
  EXPECT_EQ(why.planned.decision.code, Code::KeepRule);

  // R10: what is in force may be replaced though it cannot be asked, by what can.
  EXPECT_FALSE(diff_policy(archive_, open(), state(), 1, 0, today()));
  add(OneYear);
  const DiffReport report = diff(2);
  EXPECT_EQ(report.diff.sooner.meetings, 1);
  EXPECT_EQ(report.damage.count("rule-query-failed"), 1u);
  EXPECT_GT(report.effective, today());
}

TEST_F(PolicyFlowTest, H9_H10_HoldsThatWaitForSomebodyAreToldAndBind) {
  ASSERT_TRUE(place_hold(archive_,
                         {.matter = "m",
                          .owner = "o",
                          .reason = "r",
                          .query = "class:team",
                          .end = day("2026-12-31"),
                          .review_on = day("2026-12-01")},
                         acting()));
  const auto damage = [&](std::string_view as_of) {
    return plan_retention(archive_, open(), day(as_of), [](const auto&) { return true; })->damage;
  };
  EXPECT_TRUE(damage("2026-12-01").empty());
  EXPECT_EQ(damage("2026-12-02").count("hold-review-passed"), 1u);
  EXPECT_EQ(decision(Team, "2026-12-02").code, Code::OnHold);
  EXPECT_EQ(damage("2027-01-01").count("hold-end-passed"), 1u);
  EXPECT_EQ(decision(Team, "2027-01-01").code, Code::OnHold);
  EXPECT_EQ(why_kept(archive_, open(), Team, day("2026-12-02"))->damage.count("hold-review-passed"), 1u);
  EXPECT_TRUE(why_kept(archive_, open(), Council, day("2026-12-02"))->damage.empty());
}

// As if a run that placed or released a hold had been killed before it made the rows.
TEST_F(PolicyFlowTest, H2_H3_AHoldCountsBeforeItsRowsAreThere) {
  const HoldRequest request{.matter = "m", .owner = "o", .reason = "r", .query = "class:team"};
  const Path before = copy_of_catalog();
  const std::string hold = place_hold(archive_, request, acting())->hold.id;
  put_back(before);
  EXPECT_EQ(decision(Team, "2026-11-20").code, Code::OnHold);
  EXPECT_EQ(decision(Council, "2026-11-20").code, Code::NoRule);
  const Why why = why_kept(archive_, open(), Team, today()).value();
  ASSERT_EQ(why.holds.size(), 1u);
  EXPECT_EQ(why.holds.front().id, hold);
  EXPECT_EQ(why.planned.decision.code, Code::OnHold);

  const Path placed = copy_of_catalog();
  ASSERT_TRUE(release_hold(archive_, hold, "settled", true, acting()));
  put_back(placed);
  EXPECT_EQ(decision(Team, "2026-11-20").code, Code::NoRule);
  EXPECT_EQ(why_kept(archive_, open(), Team, today())->facts.last_release, today());
}

TEST_F(PolicyFlowTest, H5_AHoldThatCannotBeReadCoversEveryMeeting) {
  ASSERT_TRUE(make_directories(archive_.root() / "holds/hold-20261120-0123ab"));
  ASSERT_TRUE(write_text_atomically(archive_.root() / "holds/hold-20261120-0123ab/hold.json", "{"));
  EXPECT_EQ(decision(Team, "2026-11-20").code, Code::OnHold);
  EXPECT_EQ(decision(Council, "2026-11-20").code, Code::OnHold);
  EXPECT_EQ(why_kept(archive_, open(), Team, today())->damage.count("hold-unreadable"), 1u);
}

// A link to itself: whether it is there cannot even be asked.
TEST_F(PolicyFlowTest, H5_AReleaseThatCannotBeAskedForMakesItsHoldCoverEveryMeeting) {
  const HoldRequest request{.matter = "m", .owner = "o", .reason = "r", .query = "class:team"};
  const std::string hold = place_hold(archive_, request, acting())->hold.id;
  ASSERT_EQ(decision(Team, "2026-11-20").code, Code::OnHold);
  std::filesystem::create_symlink("release.json", archive_.root() / "holds" / hold / "release.json");
  EXPECT_EQ(decision(Council, "2026-11-20").code, Code::OnHold);
  EXPECT_EQ(why_kept(archive_, open(), Team, today())->damage.count("hold-unreadable"), 1u);
}

TEST_F(PolicyFlowTest, E1_AQueryOfAnEventIsAskedOnce) {
  ASSERT_TRUE(record({.type = "dossier_closed", .query = "class:council", .on = day("2026-06-01")}));
  put("20260401-080000Z-0123456789", "council", "Came later");
  const auto event = catalog::read_event(archive_.policy_folder(), 1);
  EXPECT_EQ(event->meetings, std::vector<std::string>{Council});
  EXPECT_EQ(event->query, "class:council");
}

TEST_F(PolicyFlowTest, E2_AnEventCountsBeforeItsRowsAreThere) {
  add(R"({"id": "d", "level": "default", "duration": "P1Y", "start": "dossier_closed"})");
  activated(1);
  catalog::EventRecord killed{
      .event = {.number = 1, .type = "dossier_closed", .effective = day("2026-06-01")},
      .meetings = {Team},
      .recorded = now_};
  ASSERT_TRUE(write_text_atomically(archive_.policy_folder() / "event-1.json", catalog::text_of(killed)));
  EXPECT_EQ(decision(Team, "2027-01-01").keep_until, day("2027-06-01"));
  const Why why = why_kept(archive_, open(), Team, day("2027-01-01")).value();
  ASSERT_EQ(why.events.size(), 1u);
  EXPECT_EQ(why.planned.decision.keep_until, day("2027-06-01"));
  ASSERT_TRUE(record({.type = "dossier_closed", .meetings = {Team}, .on = day("2026-06-01")}));
  EXPECT_EQ(catalog::last_event(open()), 1);  // the same, so the row was entered and nothing recorded
}

TEST_F(PolicyFlowTest, R13_WhyDecidesAsThePlanDoesAndNamesEveryRule) {
  add(std::string(OneYear) +
      R"(, {"id": "rest", "level": "fallback", "duration": "P2Y", "final_action": "review"},
           {"id": "s", "level": "scoped", "query": "class:council", "duration": "P3Y", "final_action": "keep"},
           {"id": "e", "level": "explicit", "meetings": ["20260301-080000Z-0123456789"], "duration": "P1M",
            "final_action": "destroy"})");
  activated(1);
  for (const char* as_of : {"2026-11-20", "2027-01-01", "2031-01-01"}) {
    for (const auto& [meeting, planned] : plan(as_of)) {
      const Why why = why_kept(archive_, open(), meeting, day(as_of)).value();
      EXPECT_EQ(why.planned.decision.codes, planned.decision.codes) << meeting << as_of;
      EXPECT_EQ(why.planned.decision.due_from, planned.decision.due_from);
      EXPECT_EQ(why.planned.rule, planned.rule);
      EXPECT_EQ(why.rules.size(), why.version == 0 ? 0u : 4u);
      for (const Why::RulePart& part : why.rules)
        EXPECT_NE(part.exclusion.has_value(), part.effect.has_value());
    }
  }
}

TEST_F(PolicyFlowTest, A1_ChangesAreJournaledBeforeAndAfterWithTheVersionInForce) {
  add(FiveYears);
  activated(1);
  pass_to("2027-01-10");
  ASSERT_TRUE(record({.type = "dossier_closed", .meetings = {Team}, .on = day("2026-06-01")}));
  std::vector<std::string> entries;
  auto reader = journal::JournalReader::open(archive_.journal_folder());
  while (const auto entry = reader->next().value())
    if (entry->event.action.starts_with("rules-") || entry->event.action == "event")
      entries.push_back(fmt::format("{} {} {} under {}", entry->event.action, entry->event.subjects.at(0),
                                    entry->event.outcome, entry->event.policy_version));
  EXPECT_THAT(entries,
              testing::ElementsAre("rules-add rules-1 intended under ", "rules-add rules-1 done under ",
                                   "rules-activate activation-1 intended under ",
                                   "rules-activate activation-1 done under ",
                                   "event event-1 intended under 1", "event event-1 done under 1"));
}

}  // namespace
}  // namespace greffe::custody
