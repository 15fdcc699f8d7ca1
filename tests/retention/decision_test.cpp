#include "retention/decision.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "retention/event.h"
#include "retention/hold.h"

namespace greffe::retention {
namespace {

using testing::ElementsAre;

CivilDate day(std::string_view text) { return parse_date(text).value(); }

Rule rule(std::string id, std::string_view duration, std::optional<FinalAction> action = {},
          Level level = Level::Default) {
  Rule made{.id = std::move(id), .level = level, .final_action = action};
  if (duration != "forever") made.duration = parse_period(duration).value();
  return made;
}

Facts ended_on(std::string_view date) {
  Facts facts;
  facts.starts[std::string(MeetingEnded)] = day(date);
  return facts;
}

Decision decided(const Facts& facts, const std::vector<Rule>& rules, std::string_view as_of,
                 std::string_view since = "2020-01-01") {
  std::vector<ActiveRule> active;
  for (const Rule& one : rules) active.push_back({one, day(since)});
  return decide(facts, active, {}, day(as_of));
}

constexpr auto Destroy = FinalAction::Destroy;
constexpr auto Keep = FinalAction::Keep;

TEST(Retention, R1_WithoutARuleItIsKept) {
  const Decision decision = decided(ended_on("2020-01-01"), {}, "2090-01-01");
  EXPECT_EQ(decision.code, Code::NoRule);
  EXPECT_FALSE(decision.disposable());
  EXPECT_FALSE(decision.due_from);
}

TEST(Retention, R1_WithoutAFinalActionItIsKept) {
  const Decision decision = decided(ended_on("2020-01-01"), {rule("a", "P1Y")}, "2090-01-01");
  EXPECT_EQ(decision.code, Code::NoRule);
  EXPECT_EQ(decision.keep_until, day("2021-01-01"));
  EXPECT_FALSE(decision.disposable());
}

TEST(Retention, R2_ARuleWithoutItsStartBlocks) {
  Rule waits = rule("dossier", "P1Y", Destroy);
  waits.start = DossierClosed;
  Facts facts = ended_on("2020-01-01");
  EXPECT_THAT(decided(facts, {waits, rule("a", "P1Y", Destroy)}, "2090-01-01").codes,
              ElementsAre(Code::PendingEvent));
  facts.starts[std::string(DossierClosed)] = day("2022-05-05");
  EXPECT_EQ(decided(facts, {waits}, "2023-05-06").due_from, day("2023-05-06"));
}

TEST(Retention, R3_LongestRetainRuleWins) {
  const std::vector<Rule> rules{rule("a", "P1Y", Destroy), rule("b", "P5Y"),
                                rule("c", "P2Y", {}, Level::Floor)};
  const Decision decision = decided(ended_on("2020-03-01"), rules, "2023-01-01");
  EXPECT_EQ(decision.code, Code::KeepRule);
  EXPECT_EQ(decision.keep_until, day("2025-03-01"));
  EXPECT_TRUE(decision.rules[1].decides_keep);
  EXPECT_FALSE(decision.rules[0].decides_keep);
}

TEST(Retention, R3_ForeverOutlastsAll) {
  Rule forever = rule("b", "forever", {}, Level::Scoped);
  forever.query = "room:council";
  Facts facts = ended_on("2020-03-01");
  const std::vector<Rule> rules{rule("a", "P1Y", Destroy), forever};
  EXPECT_TRUE(decided(facts, rules, "2090-01-01").disposable());
  facts.listed.insert("b");
  EXPECT_THAT(decided(facts, rules, "2090-01-01").codes, ElementsAre(Code::KeepForever));
}

TEST(Retention, T3_TheLastDayIsProtectedWhole) {
  const std::vector<Rule> rules{rule("a", "P1Y", Destroy)};
  EXPECT_EQ(decided(ended_on("2020-03-01"), rules, "2021-03-01").code, Code::KeepRule);
  EXPECT_EQ(decided(ended_on("2020-03-01"), rules, "2021-03-02").code, Code::Due);
}

TEST(Retention, T4_TheStartIsRoundedUpToTheCutOff) {
  const CutOff year{CutOff::Kind::Year};
  const CutOff fiscal{CutOff::Kind::FiscalYear, std::chrono::August / 31};
  EXPECT_EQ(cut_off(day("2024-02-29"), year, {}), day("2024-12-31"));
  EXPECT_EQ(cut_off(day("2024-12-31"), year, {}), day("2024-12-31"));
  EXPECT_EQ(cut_off(day("2024-08-31"), fiscal, {}), day("2024-08-31"));
  EXPECT_EQ(cut_off(day("2024-09-01"), fiscal, {}), day("2025-08-31"));
  EXPECT_EQ(cut_off(day("2025-02-01"), {CutOff::Kind::FiscalYear, std::chrono::February / 29}, {}),
            day("2025-02-28"));
  EXPECT_EQ(cut_off(day("2024-02-29"), {CutOff::Kind::Dossier}, day("2024-06-01")), day("2024-06-01"));
  EXPECT_EQ(cut_off(day("2024-02-29"), {CutOff::Kind::Dossier}, {}), std::nullopt);
}

TEST(Retention, T5_AnyDayMayBeAskedFor) {
  const std::vector<Rule> rules{rule("a", "P1Y", Destroy)};
  EXPECT_EQ(decided(ended_on("2020-03-01"), rules, "1999-01-01").code, Code::KeepRule);
  EXPECT_EQ(decided(ended_on("2020-03-01"), rules, "9999-12-31").code, Code::Due);
}

TEST(Retention, R4_DeletionWaitsForRetention) {
  Rule deletes = rule("tidy", "P30D", Destroy);
  deletes.retains = false;
  EXPECT_EQ(decided(ended_on("2020-03-01"), {deletes}, "2020-04-01").code, Code::Due);
  const Decision decision = decided(ended_on("2020-03-01"), {deletes, rule("a", "P2Y")}, "2020-04-01");
  EXPECT_EQ(decision.code, Code::KeepRule);
  EXPECT_EQ(decision.due_from, day("2022-03-02"));
}

TEST(Retention, R5_TheMoreSpecificDateThenTheEarlier) {
  Rule scoped = rule("scoped", "P90D", Destroy, Level::Scoped);
  scoped.retains = false;
  scoped.query = "room:council";
  Rule late = rule("late", "P60D", Destroy);
  Rule early = rule("early", "P30D", Destroy);
  late.retains = early.retains = false;
  Facts facts = ended_on("2020-01-01");
  EXPECT_EQ(decided(facts, {late, early, scoped}, "2021-01-01").due_from, day("2020-02-01"));
  facts.listed.insert("scoped");
  const Decision decision = decided(facts, {late, early, scoped}, "2021-01-01");
  EXPECT_EQ(decision.due_from, day("2020-04-01"));
  EXPECT_TRUE(decision.rules[2].decides_action);
}

TEST(Retention, R6_FallbackOnlyWhereNothingElseMatchesAndFloorAlways) {
  const std::vector<Rule> rules{rule("rest", "P9Y", Destroy, Level::Fallback),
                                rule("least", "P3Y", {}, Level::Floor)};
  EXPECT_EQ(decided(ended_on("2020-01-01"), rules, "2021-01-01").keep_until, day("2029-01-01"));
  std::vector<Rule> with_class = rules;
  with_class.push_back(rule("own", "P1Y", Destroy));
  const Decision decision = decided(ended_on("2020-01-01"), with_class, "2021-01-01");
  EXPECT_EQ(decision.keep_until, day("2023-01-01"));
  EXPECT_EQ(decision.due_from, day("2023-01-02"));
  EXPECT_EQ(decision.rules.size(), 2u);
}

TEST(Retention, R7_WhatIsSaidOfTheMeetingOverridesWhatItInherits) {
  Rule local = rule("local", "P1Y", Keep, Level::Explicit);
  local.meetings = {"20260101-000000Z-0000000000"};
  Facts facts = ended_on("2020-01-01");
  facts.listed.insert("local");
  const Decision decision = decided(facts, {rule("class", "P1Y", Destroy), local}, "2022-01-01");
  EXPECT_EQ(decision.action, Keep);
  EXPECT_FALSE(decision.disposable());
}

TEST(Retention, R7_TwoInheritedActionsAreAConflict) {
  const std::vector<Rule> rules{rule("a", "P1Y", Destroy), rule("b", "P1Y", Keep)};
  const Decision decision = decided(ended_on("2020-01-01"), rules, "2022-01-01");
  EXPECT_THAT(decision.codes, ElementsAre(Code::ConflictFinalAction));
  EXPECT_FALSE(decision.due_from);
}

TEST(Retention, R7_SeveralProducersMustAllSayDestroy) {
  Rule finance = rule("finance", "P1Y", Destroy);
  finance.producer = "finance";
  Rule schools = rule("schools", "P1Y", Keep);
  schools.producer = "schools";
  Facts facts = ended_on("2020-01-01");
  facts.producers = {"finance", "schools"};
  EXPECT_EQ(decided(facts, {finance, schools}, "2022-01-01").action, Keep);
  EXPECT_EQ(decided(facts, {finance}, "2022-01-01").code, Code::NoRule);
  schools.final_action = Destroy;
  EXPECT_TRUE(decided(facts, {finance, schools}, "2022-01-01").disposable());
}

TEST(Retention, R8_ReviewIsDueButNotDisposable) {
  const Decision decision =
      decided(ended_on("2020-01-01"), {rule("a", "P1Y", FinalAction::Review)}, "2022-01-01");
  EXPECT_EQ(decision.code, Code::Due);
  EXPECT_EQ(decision.action, FinalAction::Review);
  EXPECT_FALSE(decision.disposable());
}

TEST(Retention, R9_R13_WhatStandsInTheWayIsNamedFirst) {
  Facts facts = ended_on("2020-01-01");
  const std::vector<Rule> rules{rule("a", "P1Y", Destroy)};
  facts.children_to_keep = 2;
  EXPECT_THAT(decided(facts, rules, "2022-01-01").codes, ElementsAre(Code::HasChildren, Code::Due));
  facts.worm_until = day("2022-01-01");
  facts.export_open = true;
  facts.progress = Progress::Approved;
  EXPECT_THAT(decided(facts, rules, "2022-01-01").codes,
              ElementsAre(Code::HasChildren, Code::WormLocked, Code::ExportOpen, Code::Approved, Code::Due));
  facts.holds = {"h-1"};
  EXPECT_EQ(decided(facts, rules, "2022-01-02").code, Code::OnHold);
  EXPECT_EQ(name_of(Code::WormLocked), "WORM_LOCKED_UNTIL");
}

TEST(Retention, R12_WhatWasOverdueWhenTheRuleCameGetsNotice) {
  const std::vector<Rule> rules{rule("a", "P1Y", Destroy)};
  const Decision decision = decided(ended_on("2020-01-01"), rules, "2026-05-01", "2026-05-01");
  EXPECT_EQ(decision.code, Code::Due);
  EXPECT_EQ(decision.propose_from, day("2026-05-31"));
  EXPECT_EQ(decided(ended_on("2026-01-01"), rules, "2027-05-01", "2026-05-01").propose_from,
            day("2027-01-02"));
}

TEST(Retention, R12_AnEventThatMakesOverdueGetsNotice) {
  Rule waits = rule("dossier", "P1Y", Destroy);
  waits.start = DossierClosed;
  Facts facts = ended_on("2020-01-01");
  facts.starts[std::string(DossierClosed)] = day("2021-05-05");
  facts.recorded[std::string(DossierClosed)] = day("2026-11-20");
  const Decision overdue = decided(facts, {waits}, "2026-11-21");
  EXPECT_EQ(overdue.code, Code::Due);
  EXPECT_EQ(overdue.due_from, day("2022-05-06"));
  EXPECT_EQ(overdue.propose_from, day("2026-12-20"));
  facts.recorded[std::string(DossierClosed)] = day("2021-05-10");
  EXPECT_EQ(decided(facts, {waits}, "2026-11-21").propose_from, day("2022-05-06"));
  facts.recorded = {{"person_left", day("2026-11-20")}};
  EXPECT_EQ(decided(facts, {waits}, "2026-11-21").propose_from, day("2022-05-06"));
}

TEST(Retention, R12_AnEventThatEndsWhatKeptLongerGivesNotice) {
  Rule longer = rule("dossier", "P1Y", {}, Level::Floor);
  longer.cut_off.kind = CutOff::Kind::Dossier;
  Facts facts = ended_on("2020-01-01");
  facts.starts[std::string(DossierClosed)] = day("2020-02-01");
  facts.recorded[std::string(DossierClosed)] = day("2026-11-20");
  const Decision decision = decided(facts, {longer, rule("a", "P5Y", Destroy)}, "2026-11-21");
  EXPECT_EQ(decision.due_from, day("2025-01-02"));
  EXPECT_EQ(decision.propose_from, day("2026-12-20"));
}

TEST(Retention, H5_ARuleThatCannotBeAskedRetainsAndDestroysNothing) {
  Rule asked = rule("asked", "P10Y", Destroy, Level::Scoped);
  asked.query = "q";
  Facts facts = ended_on("2020-01-01");
  facts.unanswered = {"asked"};
  const Decision alone = decided(facts, {asked}, "2090-01-01");
  EXPECT_EQ(alone.code, Code::NoRule);
  EXPECT_FALSE(alone.disposable());
  ASSERT_EQ(alone.rules.size(), 1u);
  EXPECT_TRUE(alone.rules.front().in_doubt);

  const std::vector rules{asked, rule("a", "P1Y", Destroy)};
  EXPECT_EQ(decided(facts, rules, "2025-01-01").code, Code::KeepRule);
  EXPECT_EQ(decided(facts, rules, "2030-01-02").due_from, day("2030-01-02"));
  facts.listed = {"asked"};
  EXPECT_TRUE(decided(facts, {asked}, "2090-01-01").disposable());
}

TEST(Retention, R12_NothingIsProposedBeforeItsNoticeHasPassed) {
  const Facts facts = ended_on("2020-01-01");
  const std::vector rules{rule("a", "P1Y", Destroy)};
  const auto proposable = [&](std::string_view date) {
    return decided(facts, rules, date, "2026-05-01").proposable(day(date));
  };
  EXPECT_TRUE(decided(facts, rules, "2026-05-30", "2026-05-01").disposable());
  EXPECT_FALSE(proposable("2026-05-30"));
  EXPECT_TRUE(proposable("2026-05-31"));
  EXPECT_FALSE(decided(facts, {rule("a", "P1Y", Keep)}, "2026-05-31").proposable(day("2026-05-31")));
  EXPECT_FALSE(decided(facts, {}, "2026-05-31").proposable(day("2026-05-31")));
}

TEST(Retention, H8_NothingIsProposedBeforeTheNoticeOfAReleaseHasPassed) {
  Facts facts = ended_on("2020-01-01");
  facts.last_release = day("2026-05-01");
  const std::vector rules{rule("a", "P1Y", Destroy)};
  EXPECT_FALSE(decided(facts, rules, "2026-05-30").proposable(day("2026-05-30")));
  EXPECT_TRUE(decided(facts, rules, "2026-05-31").proposable(day("2026-05-31")));
  facts.holds = {"h"};
  EXPECT_FALSE(decided(facts, rules, "2026-05-31").proposable(day("2026-05-31")));
}

TEST(Retention, H5_NothingIsProposedOfWhichARuleIsInDoubt) {
  Rule asked = rule("asked", "P2Y", Destroy, Level::Scoped);
  asked.query = "q";
  Facts facts = ended_on("2020-01-01");
  const std::vector rules{asked, rule("a", "P1Y", Destroy)};
  EXPECT_TRUE(decided(facts, rules, "2030-01-01").proposable(day("2030-01-01")));
  facts.unanswered = {"asked"};
  EXPECT_FALSE(decided(facts, rules, "2030-01-01").proposable(day("2030-01-01")));
}

TEST(Retention, H5_ADeletingRuleThatCannotBeAskedOutrunsNothing) {
  Rule asked = rule("asked", "P10Y", Destroy, Level::Scoped);
  asked.query = "q";
  asked.retains = false;
  Facts facts = ended_on("2020-01-01");
  facts.unanswered = {"asked"};
  // Were it a match, its later day would count (R5).
  EXPECT_EQ(decided(facts, {asked, rule("a", "P1Y", Destroy)}, "2025-01-01").due_from, day("2030-01-02"));
  asked.duration = parse_period("P1M").value();
  EXPECT_EQ(decided(facts, {asked, rule("a", "P1Y", Destroy)}, "2025-01-01").due_from, day("2021-01-02"));
}

TEST(Retention, H5_BesideARuleThatCannotBeAskedAFallbackOnlyRetains) {
  Rule asked = rule("asked", "P1Y", Destroy, Level::Scoped);
  asked.query = "q";
  const std::vector rules{asked, rule("last", "P5Y", Destroy, Level::Fallback)};
  Facts facts = ended_on("2020-01-01");
  EXPECT_TRUE(decided(facts, rules, "2026-01-01").disposable());
  facts.unanswered = {"asked"};
  EXPECT_EQ(decided(facts, rules, "2024-01-01").code, Code::KeepRule);
  EXPECT_FALSE(decided(facts, rules, "2026-01-01").disposable());
}

TEST(Retention, H8_AReleaseGivesNoticeAndDoesNotStopTheClock) {
  Facts facts = ended_on("2020-01-01");
  facts.last_release = day("2026-05-01");
  const std::vector<Rule> rules{rule("a", "P1Y", Destroy)};
  const Decision decision = decided(facts, rules, "2026-05-02");
  EXPECT_EQ(decision.due_from, day("2021-01-02"));
  EXPECT_EQ(decision.propose_from, day("2026-05-31"));
}

TEST(Retention, R10_SoonerIsAnEarlierDayOfDestruction) {
  const Decision five = decided(ended_on("2020-01-01"), {rule("a", "P5Y", Destroy)}, "2021-01-01");
  const Decision two = decided(ended_on("2020-01-01"), {rule("a", "P2Y", Destroy)}, "2021-01-01");
  const Decision kept = decided(ended_on("2020-01-01"), {rule("a", "P1Y", Keep)}, "2021-01-01");
  EXPECT_TRUE(is_sooner(five, two));
  EXPECT_FALSE(is_sooner(two, five));
  EXPECT_TRUE(is_sooner(kept, five));
  EXPECT_FALSE(is_sooner(five, kept));
}

TEST(Events, E2_ACorrectionTakesThePlaceOfWhatItCorrects) {
  std::vector<Event> events{{1, "dossier_closed", day("2026-01-01")},
                            {2, "dossier_closed", day("2026-02-01"), 1}};
  EXPECT_EQ(starts_of(events).at("dossier_closed"), day("2026-02-01"));
  events.push_back({3, "dossier_closed", day("2026-03-01")});
  EXPECT_EQ(starts_of(events).at("dossier_closed"), day("2026-03-01"));
  events.push_back({.number = 4, .type = "dossier_closed", .supersedes = 3, .withdrawn = true});
  EXPECT_EQ(starts_of(events).at("dossier_closed"), day("2026-02-01"));
  events.push_back({.number = 5, .type = "dossier_closed", .supersedes = 2, .withdrawn = true});
  EXPECT_TRUE(starts_of(events).empty());
}

TEST(Events, R12_TheLastRecordOfATypeCounts) {
  const WallTime first = parse_rfc3339("2026-01-01T00:00:00Z").value();
  const WallTime later = parse_rfc3339("2026-02-01T00:00:00Z").value();
  const std::vector<Event> events{{.number = 1, .type = "a", .effective = {}, .recorded = later},
                                  {.number = 2, .type = "a", .effective = {}, .recorded = first},
                                  {.number = 3, .type = "b", .effective = {}, .recorded = first}};
  EXPECT_EQ(recorded_of(events), (std::map<std::string, WallTime>{{"a", later}, {"b", first}}));
}

TEST(Holds, H9_AnEndThatPassedStillBinds) {
  HoldTerms hold{.start = day("2026-01-01"), .end = day("2026-06-30")};
  EXPECT_EQ(state_of(hold, day("2025-12-31")), HoldState::Pending);
  EXPECT_EQ(state_of(hold, day("2026-06-30")), HoldState::Active);
  EXPECT_EQ(state_of(hold, day("2026-07-01")), HoldState::ExpiredUnreviewed);
  EXPECT_TRUE(binds(state_of(hold, day("2030-01-01"))));
  hold.auto_release = true;
  EXPECT_EQ(state_of(hold, day("2026-07-01")), HoldState::Released);
  EXPECT_EQ(ended_on(hold, day("2026-09-01")), day("2026-07-01"));
  hold.released = day("2026-03-01");
  EXPECT_EQ(ended_on(hold, day("2026-09-01")), day("2026-03-01"));
}

TEST(Holds, H10_AReviewThatPassedReleasesNothing) {
  const HoldTerms hold{.start = day("2026-01-01"), .review_on = day("2026-02-01")};
  EXPECT_FALSE(needs_review(hold, day("2026-02-01")));
  EXPECT_TRUE(needs_review(hold, day("2026-02-02")));
  EXPECT_TRUE(binds(state_of(hold, day("2026-02-02"))));
}

}  // namespace
}  // namespace greffe::retention
