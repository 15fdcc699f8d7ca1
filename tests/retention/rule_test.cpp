#include "retention/policy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace greffe::retention {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Rule default_rule() {
  return {.id = "council",
          .classes = {"council"},
          .duration = Period{60, 0},
          .final_action = FinalAction::Destroy};
}

std::vector<std::string> places(const std::vector<Mistake>& mistakes) {
  std::vector<std::string> found;
  for (const Mistake& mistake : mistakes) found.push_back(mistake.place);
  return found;
}

TEST(Rules, AllMistakesAreNamedAtOnce) {
  Rule floor{.id = "least", .level = Level::Floor, .retains = false, .final_action = FinalAction::Destroy};
  Rule nameless{.level = Level::Explicit, .duration = Period{1, 0}, .approvers = 0};
  EXPECT_THAT(places(mistakes_in({default_rule(), default_rule(), floor, nameless})),
              ElementsAre("rules[1].id", "rules[2].duration", "rules[2].final_action", "rules[2].retains",
                          "rules[2].final_action", "rules[3].id", "rules[3].meetings", "rules[3].approvers"));
  EXPECT_THAT(mistakes_in({default_rule()}), IsEmpty());
}

TEST(Rules, T2_ZeroIsOnlyForWhatWasIngestedInError) {
  Rule zero = default_rule();
  zero.duration = Period{};
  EXPECT_THAT(places(mistakes_in({zero})), ElementsAre("rules[0].duration"));
  zero.ingested_in_error = true;
  EXPECT_THAT(places(mistakes_in({zero})), ElementsAre("rules[0].approvers"));
  zero.approvers = 2;
  EXPECT_THAT(mistakes_in({zero}), IsEmpty());
}

TEST(Rules, D6_NoGraceIsOnlyForClassesThatAreNamed) {
  Rule fast = default_rule();
  fast.grace_days = 0;
  EXPECT_THAT(mistakes_in({fast}), IsEmpty());
  fast.classes.clear();
  EXPECT_THAT(places(mistakes_in({fast})), ElementsAre("rules[0].grace_days"));
  fast.grace_days = 1;
  EXPECT_THAT(mistakes_in({fast}), IsEmpty());
  for (const int days : {-1, 3651}) {
    fast.grace_days = days;
    EXPECT_THAT(places(mistakes_in({fast})), ElementsAre("rules[0].grace_days"));
  }
}

TEST(Rules, D2_SignaturesNeedKeysEnoughToBeGiven) {
  Policy policy{.terms = {}, .approver_keys = {}, .rules = {default_rule()}};
  policy.rules[0].signed_approval = true;
  policy.rules[0].approvers = 2;
  EXPECT_THAT(places(mistakes_in(policy)), ElementsAre("rules[0].signed_approval"));
  policy.approver_keys = {{"director", "A"}};
  EXPECT_THAT(places(mistakes_in(policy)), ElementsAre("rules[0].approvers"));
  policy.approver_keys.push_back({"deputy", "B"});
  EXPECT_THAT(mistakes_in(policy), IsEmpty());
  // One person with two keys would be two approvers.
  policy.approver_keys.push_back({"director", "B"});
  EXPECT_THAT(places(mistakes_in(policy)),
              ElementsAre("approver_keys[2].name", "approver_keys[2].public_key"));
}

TEST(Rules, R11_ALockedPolicyMayOnlyGain) {
  const std::vector<Rule> locked{default_rule()};
  std::vector<Rule> next = locked;
  next[0].duration = Period{72, 0};
  next[0].classes = {"council", "board"};
  next[0].approvers = 2;
  next.push_back({.id = "new", .duration = Period{12, 0}, .final_action = FinalAction::Keep});
  EXPECT_THAT(loosened(locked, next), IsEmpty());
  next[0].classes.clear();  // all
  next[0].duration.reset();
  next[0].final_action = FinalAction::Keep;
  EXPECT_THAT(loosened(locked, next), IsEmpty());
}

TEST(Rules, R11_EveryWayOfLooseningIsSeen) {
  const std::vector<Rule> locked{default_rule()};
  EXPECT_THAT(places(loosened(locked, {})), ElementsAre("rules"));
  const auto with = [&](auto&& change) {
    std::vector<Rule> next = locked;
    change(next[0]);
    return places(loosened(locked, next));
  };
  EXPECT_THAT(with([](Rule& rule) { rule.duration = Period{59, 31}; }), ElementsAre("rules[0].duration"));
  EXPECT_THAT(with([](Rule& rule) { rule.classes = {"board"}; }), ElementsAre("rules[0].classes"));
  EXPECT_THAT(with([](Rule& rule) { rule.query = "title:x"; }), ElementsAre("rules[0].query"));
  EXPECT_THAT(with([](Rule& rule) { rule.producer = "north"; }), ElementsAre("rules[0].producer"));
  EXPECT_THAT(with([](Rule& rule) { rule.start = DossierClosed; }), ElementsAre("rules[0].start"));
  EXPECT_THAT(with([](Rule& rule) { rule.retains = false; }), ElementsAre("rules[0].retains"));
  EXPECT_THAT(with([](Rule& rule) { rule.level = Level::Fallback; }), ElementsAre("rules[0].level"));
  EXPECT_THAT(with([](Rule& rule) { rule.cut_off.kind = CutOff::Kind::Year; }),
              ElementsAre("rules[0].cut_off"));
  EXPECT_THAT(with([](Rule& rule) { rule.approvers = 0; }), ElementsAre("rules[0].approvers"));
  EXPECT_THAT(with([](Rule& rule) { rule.signed_approval = true; }), IsEmpty());
  std::vector<Rule> next = locked;
  next.push_back({.id = "new", .duration = Period{1, 0}, .final_action = FinalAction::Destroy});
  EXPECT_THAT(places(loosened(locked, next)), ElementsAre("rules[1].final_action"));
}

// R6: where a rule begins to apply, a fallback rule ends.
TEST(Rules, R11_NothingIsTakenFromALockedFallbackRuleThatKeepsBetter) {
  const Rule fallback{.id = "rest", .level = Level::Fallback, .final_action = FinalAction::Keep};
  const std::vector<Rule> locked{default_rule(), fallback};
  std::vector<Rule> next = locked;
  EXPECT_THAT(loosened(locked, next), IsEmpty());
  for (const std::vector<std::string>& classes : {std::vector<std::string>{"council", "other"}, {}}) {
    next[0].classes = classes;
    EXPECT_THAT(places(loosened(locked, next)), ElementsAre("rules[0]"));
  }
  next = locked;
  next.push_back({.id = "new", .classes = {"other"}, .duration = Period{0, 1}});
  EXPECT_THAT(places(loosened(locked, next)), ElementsAre("rules[2]"));
  next[2].duration.reset();  // forever, as the fallback rule
  EXPECT_THAT(loosened(locked, next), IsEmpty());
  // A class that has a rule of its own never came to the fallback rule.
  next[2] = {.id = "new", .classes = {"council"}, .duration = Period{0, 1}};
  EXPECT_THAT(loosened(locked, next), IsEmpty());
  next[2].level = Level::Floor;
  next[2].classes.clear();
  EXPECT_THAT(loosened(locked, next), IsEmpty());
  next[2].level = Level::Explicit;
  next[2].meetings = {"m"};
  EXPECT_THAT(places(loosened(locked, next)), ElementsAre("rules[2]"));
}

TEST(Rules, R11_ALockedFallbackRuleOfSomeClassesIsForThose) {
  Rule fallback{.id = "rest",
                .level = Level::Fallback,
                .classes = {"other"},
                .duration = Period{120, 0},
                .final_action = FinalAction::Destroy};
  const std::vector<Rule> locked{default_rule(), fallback};
  std::vector<Rule> next = locked;
  next[0].classes = {"council", "board"};
  EXPECT_THAT(loosened(locked, next), IsEmpty());
  next[0].classes = {"council", "other"};
  EXPECT_THAT(places(loosened(locked, next)), ElementsAre("rules[0]"));
  next[0].classes.clear();
  EXPECT_THAT(places(loosened(locked, next)), ElementsAre("rules[0]"));
  next[0].duration = Period{120, 0};
  EXPECT_THAT(loosened(locked, next), IsEmpty());
}

// R7: what says "keep" stands in the way of rules that destroy.
TEST(Rules, R11_ALockedRuleGoesOnSayingWhatFollows) {
  std::vector<Rule> locked{default_rule()};
  locked[0].final_action = FinalAction::Review;
  std::vector<Rule> next = locked;
  next[0].final_action = FinalAction::Keep;
  EXPECT_THAT(loosened(locked, next), IsEmpty());
  next[0].final_action.reset();
  EXPECT_THAT(places(loosened(locked, next)), ElementsAre("rules[0].final_action"));
}

}  // namespace
}  // namespace greffe::retention
