#include "retention/policy.h"

#include <gtest/gtest.h>

#include "retention/clock_guard.h"
#include "retention/explain.h"
#include "retention/policy_diff.h"

namespace greffe::retention {
namespace {

CivilDate day(const char* text) { return *parse_date(text); }

Rule rule(std::string id, const char* duration, std::optional<FinalAction> action = FinalAction::Destroy) {
  return {.id = std::move(id), .duration = *parse_period(duration), .final_action = action};
}

Policy policy(std::int64_t version, std::vector<Rule> rules, int cooling_days = 30) {
  return {.version = version, .terms = {}, .cooling_days = cooling_days, .rules = std::move(rules)};
}

TEST(Policy, R10_ALaterDecisionTakesThePlaceOfAnEarlierOne) {
  const std::vector<Activation> decided{{1, 1, day("2026-01-01")}, {2, 2, day("2026-06-01")}};
  EXPECT_EQ(in_force(decided, day("2025-12-31")), nullptr);
  EXPECT_EQ(in_force(decided, day("2026-01-01"))->version, 1);
  EXPECT_EQ(in_force(decided, day("2026-05-31"))->version, 1);
  EXPECT_EQ(in_force(decided, day("2026-06-01"))->version, 2);
  EXPECT_EQ(pending(decided, day("2026-05-31"))->version, 2);
  EXPECT_EQ(pending(decided, day("2026-06-01")), nullptr);
}

TEST(Policy, R10_APendingDecisionIsTakenBackByALaterOne) {
  const std::vector<Activation> decided{
      {1, 1, day("2026-01-01")}, {2, 2, day("2026-06-01")}, {3, 1, day("2026-05-15")}};
  for (const char* on : {"2026-05-14", "2026-05-15", "2026-06-01", "2030-01-01"})
    EXPECT_EQ(in_force(decided, day(on))->version, 1) << on;
  EXPECT_EQ(pending(decided, day("2026-05-20")), nullptr);
}

TEST(Policy, R10_OneVersionOrTheOtherOnEveryDay) {
  const std::vector<Policy> policies{policy(1, {rule("a", "P5Y")}), policy(2, {rule("a", "P1Y")})};
  const std::vector<Activation> decided{{1, 1, day("2026-01-01")}, {2, 2, day("2026-03-01")}};
  for (CivilDate on = day("2026-01-01"); on < day("2026-05-01"); on = next_day(on))
    EXPECT_EQ(rules_in_force(policies, decided, on).rules.size(), 1u) << text_of(on);
}

TEST(Policy, R10_WhatDestroysSoonerCoolsDownAsLongAsEitherVersionSays) {
  const Policy slow = policy(1, {}, 90), fast = policy(2, {}, 0);
  const CivilDate today = day("2026-11-21");
  EXPECT_EQ(effective_day(fast, &slow, true, today), day("2027-02-19"));
  EXPECT_EQ(effective_day(slow, &fast, true, today), day("2027-02-19"));
  EXPECT_EQ(effective_day(slow, nullptr, true, today), day("2027-02-19"));
  EXPECT_EQ(effective_day(fast, &slow, false, today), today);
}

TEST(Policy, R12_ARuleCountsFromWhenItStandsUnchanged) {
  Rule noted = rule("same", "P5Y");
  noted.note = "only the note is new";
  const std::vector<Policy> policies{policy(1, {rule("same", "P5Y"), rule("changed", "P5Y")}),
                                     policy(2, {rule("same", "P5Y"), rule("changed", "P4Y")}),
                                     policy(3, {noted, rule("changed", "P5Y"), rule("new", "P1Y")})};
  const std::vector<Activation> decided{
      {1, 1, day("2024-01-01")}, {2, 2, day("2025-01-01")}, {3, 3, day("2026-01-01")}};
  const RulesInForce found = rules_in_force(policies, decided, day("2026-06-01"));
  ASSERT_EQ(found.version, 3);
  EXPECT_EQ(found.rules[0].since, day("2024-01-01"));
  EXPECT_EQ(found.rules[1].since, day("2026-01-01"));  // it was otherwise in between
  EXPECT_EQ(found.rules[2].since, day("2026-01-01"));
  EXPECT_EQ(rules_in_force(policies, decided, day("2025-06-01")).rules[1].since, day("2025-01-01"));
  EXPECT_EQ(rules_in_force(policies, decided, day("2023-06-01")).version, 0);
}

TEST(Policy, R11_PeriodsOfALockedPolicyOnlyBecomeLonger) {
  Policy locked = policy(1, {rule("a", "P5Y")}), next = policy(2, {rule("a", "P6Y")});
  EXPECT_TRUE(loosened(locked, next).empty());
  next.cooling_days = 29;
  next.terms.notice_days = 29;
  ASSERT_EQ(loosened(locked, next).size(), 2u);
  EXPECT_EQ(loosened(locked, next)[0].place, "notice_days");
  EXPECT_EQ(loosened(locked, next)[1].place, "cooling_days");
}

std::vector<std::string> places_of(const std::vector<Mistake>& mistakes) {
  std::vector<std::string> places;
  for (const Mistake& mistake : mistakes) places.push_back(mistake.place);
  return places;
}

TEST(Policy, R11_GraceOfALockedPolicyOnlyBecomesLonger) {
  Policy locked = policy(1, {rule("a", "P5Y"), rule("b", "P5Y")}), next = locked;
  locked.rules[1].grace_days = next.rules[1].grace_days = 60;
  next.terms.grace_days = 29;
  EXPECT_EQ(places_of(loosened(locked, next)), std::vector<std::string>{"grace_days"});
  next = locked;
  next.rules[0].grace_days = 29;
  next.rules[1].grace_days.reset();  // 30, as the policy has it
  EXPECT_EQ(places_of(loosened(locked, next)),
            (std::vector<std::string>{"rules[0].grace_days", "rules[1].grace_days"}));
  next.rules[0].grace_days = 30;
  next.rules[1].grace_days = 61;
  EXPECT_TRUE(loosened(locked, next).empty());
  // The grace of a rule stands before that of the policy, also for what another rule destroys.
  next.rules.push_back({.id = "c", .level = Level::Floor, .duration = Period{12, 0}, .grace_days = 29});
  EXPECT_EQ(places_of(loosened(locked, next)), std::vector<std::string>{"rules[2].grace_days"});
  next.rules[2].grace_days = 30;
  EXPECT_TRUE(loosened(locked, next).empty());
  locked.rules[0].grace_days = next.rules[0].grace_days = 1;
  locked.rules[0].final_action = next.rules[0].final_action = FinalAction::Keep;
  locked.rules[0].classes = {"council"};
  EXPECT_EQ(places_of(loosened(locked, next)), std::vector<std::string>{"rules[0].grace_days"});
  next.rules[0].classes = locked.rules[0].classes;
  EXPECT_TRUE(loosened(locked, next).empty());
}

TEST(Policy, R11_AFurtherKeyOfALockedPolicyBringsAFurtherApprover) {
  Policy locked = policy(1, {rule("a", "P5Y"), rule("unsigned", "P5Y")});
  locked.rules[0].signed_approval = true;
  locked.approver_keys = {{"director", "A"}, {"deputy", "B"}};
  Policy next = locked;
  next.approver_keys = {{"chief", "A"}};  // another name, and one key fewer
  EXPECT_TRUE(loosened(locked, next).empty());
  next.approver_keys = {{"director", "A"}, {"deputy", "C"}};  // another key under an old name
  EXPECT_EQ(places_of(loosened(locked, next)), std::vector<std::string>{"rules[0].approvers"});
  next.rules[0].approvers = 2;
  EXPECT_TRUE(loosened(locked, next).empty());
  next.approver_keys.push_back({"third", "D"});
  EXPECT_EQ(loosened(locked, next).size(), 1u);
  next.rules[0].approvers = 3;
  EXPECT_TRUE(loosened(locked, next).empty());
  next.rules[0].signed_approval = false;
  EXPECT_EQ(places_of(loosened(locked, next)), std::vector<std::string>{"rules[0].signed_approval"});
}

TEST(Policy, D2_D6_KeysAndGraceArePartOfWhatItSays) {
  const Policy one = policy(1, {rule("a", "P5Y")});
  Policy other = one;
  EXPECT_TRUE(one.says_as(other));
  other.terms.grace_days = 31;
  EXPECT_FALSE(one.says_as(other));
  other = one;
  other.approver_keys = {{"director", "A"}};
  EXPECT_FALSE(one.says_as(other));
  other = one;
  other.rules[0].signed_approval = true;
  EXPECT_FALSE(one.says_as(other));
}

TEST(ClockGuard, T6_AClockSetBackOrFarAheadIsNotBelieved) {
  const WallTime newest = *parse_rfc3339("2026-11-21T12:00:00Z");
  EXPECT_FALSE(clock_fault(newest, std::nullopt));
  EXPECT_FALSE(clock_fault(newest, newest));
  EXPECT_FALSE(clock_fault(newest - ClockSlack, newest));
  EXPECT_EQ(clock_fault(newest - ClockSlack - std::chrono::seconds(1), newest), ClockFault::SetBack);
  EXPECT_FALSE(clock_fault(newest + std::chrono::days(35), newest));
  EXPECT_EQ(clock_fault(newest + std::chrono::days(35) + std::chrono::seconds(1), newest),
            ClockFault::FarAhead);
  EXPECT_FALSE(clock_fault(newest + std::chrono::days(40), newest, 45));
}

TEST(ClockGuard, T6_AnEntryOfFarAheadVouchesOnlyWhereItsClockWasAskedFor) {
  const WallTime begin = *parse_rfc3339("2026-11-21T12:00:00Z");
  VouchedTime time;
  EXPECT_FALSE(time.newest());
  time.see(begin, false);
  time.see(begin + std::chrono::days(35), false);
  EXPECT_EQ(time.newest(), begin + std::chrono::days(35));
  time.see(begin + std::chrono::days(71), false);
  EXPECT_EQ(time.newest(), begin + std::chrono::days(35));
  time.see(begin + std::chrono::days(71), true);
  EXPECT_EQ(time.newest(), begin + std::chrono::days(71));
  time.see(begin + std::chrono::days(3), false);  // set right again
  EXPECT_EQ(time.newest(), begin + std::chrono::days(3));
}

class PolicyDiffTest : public testing::Test {
 protected:
  static Decision decided(const std::vector<Rule>& rules) {
    return decide(facts(), rules_of(policy(1, rules), day("2026-01-01")).rules, {}, day("2026-01-01"));
  }
  static Facts facts() {
    Facts facts;
    facts.starts[std::string(MeetingEnded)] = day("2020-05-10");
    return facts;
  }
};

TEST_F(PolicyDiffTest, R10_CountsBytesAndTheEarliestDayByRule) {
  PolicyDiff diff;
  const Decision five = decided({rule("five", "P5Y")}), one = decided({rule("one", "P1Y")});
  EXPECT_TRUE(add(diff, five, one, 100));
  EXPECT_TRUE(add(diff, one, five, 7));
  EXPECT_FALSE(add(diff, five, five, 1));
  EXPECT_TRUE(add(diff, decided({}), one, 10));  // what was kept for want of a rule
  EXPECT_EQ(diff.meetings, 4);
  EXPECT_EQ(diff.sooner.meetings, 2);
  EXPECT_EQ(diff.sooner.bytes, 110);
  EXPECT_EQ(diff.sooner_by_rule.at("one").earliest, day("2021-05-11"));
  EXPECT_EQ(diff.later.meetings, 1);
  EXPECT_EQ(diff.later_by_rule.at("five").earliest, day("2021-05-11"));
}

TEST_F(PolicyDiffTest, WhatIsNoLongerDestroyedIsLaterByTheRuleThatLetGo) {
  PolicyDiff diff;
  EXPECT_TRUE(add(diff, decided({rule("one", "P1Y")}), decided({}), 5));
  EXPECT_EQ(diff.later_by_rule.at("one").bytes, 5);
}

TEST(Explain, R13_ARuleThatHasNoPartSaysWhy) {
  Rule other = rule("other", "P1Y");
  other.classes = {"council"};
  Rule listed = rule("listed", "P1Y");
  listed.level = Level::Scoped;
  listed.query = "x";
  Rule producer = rule("producer", "P1Y");
  producer.producer = "DSI";
  Rule fallback = rule("fallback", "P1Y");
  fallback.level = Level::Fallback;
  Facts facts;
  facts.record_class = "team";
  const auto rules = rules_of(policy(1, {other, listed, producer, fallback}), day("2026-01-01")).rules;
  EXPECT_EQ(exclusion_of(other, facts, rules), Exclusion::OtherClass);
  EXPECT_EQ(exclusion_of(listed, facts, rules), Exclusion::NotListed);
  EXPECT_EQ(exclusion_of(producer, facts, rules), Exclusion::OtherProducer);
  EXPECT_EQ(exclusion_of(fallback, facts, rules), std::nullopt);
  facts.listed.insert("listed");
  EXPECT_EQ(exclusion_of(fallback, facts, rules), Exclusion::NotFallenBackOn);
}

TEST(Explain, R13_TheRuleToNameIsTheOneThatDecides) {
  Rule floor = rule("floor", "P9Y", std::nullopt);
  floor.level = Level::Floor;
  Rule waits = rule("waits", "P1Y");
  waits.start = "dossier_closed";
  Facts facts;
  facts.starts[std::string(MeetingEnded)] = day("2020-05-10");
  const auto rule_of = [&](const std::vector<Rule>& rules) {
    return deciding_rule(
        decide(facts, rules_of(policy(1, rules), day("2026-01-01")).rules, {}, day("2026-01-01")));
  };
  EXPECT_EQ(rule_of({}), "");
  EXPECT_EQ(rule_of({rule("a", "P5Y"), floor}), "floor");
  EXPECT_EQ(rule_of({rule("a", "P5Y"), waits}), "waits");
  EXPECT_EQ(rule_of({rule("a", "P5Y"), rule("b", "P1Y")}), "a");
}

}  // namespace
}  // namespace greffe::retention
