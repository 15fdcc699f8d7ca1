#include "retention/disposal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace greffe::retention {
namespace {

CivilDate on(std::string_view text) { return parse_date(text).value(); }

LineVisa visa_of(std::string person, Verdict verdict, std::string_view given, std::string key = "") {
  const CivilDate day = on(given);
  return {.person = std::move(person),
          .key = std::move(key),
          .with_proposers_key = false,
          .verdict = verdict,
          .given = day,
          .valid_until = days_after(day, VisaDays),
          .deferred_until = {}};
}

LineVisa accept_of(std::string person, std::string_view given = "2026-03-05", std::string key = "") {
  return visa_of(std::move(person), Verdict::Accept, given, std::move(key));
}

LineVisa deferral_of(std::string person, std::string_view given, std::string_view until) {
  LineVisa visa = visa_of(std::move(person), Verdict::Defer, given);
  visa.deferred_until = on(until);
  return visa;
}

LineHistory proposed_by_marie() {
  LineHistory history;
  history.proposed = on("2026-03-01");
  history.proposer = "marie";
  return history;
}

LineHistory with(std::vector<LineVisa> visas) {
  LineHistory history = proposed_by_marie();
  history.visas = std::move(visas);
  return history;
}

LineState state(const LineHistory& history, std::string_view today, LineTerms terms = {}) {
  return state_of(terms, history, on(today));
}

TEST(Disposal, D1_AListWaitsForAVisa) {
  EXPECT_EQ(state(proposed_by_marie(), "2026-03-01"), LineState::Proposed);
  EXPECT_TRUE(is_open(LineState::Proposed));
}

TEST(Disposal, D2_AnotherPersonApproves) {
  EXPECT_EQ(state(with({accept_of("louise")}), "2026-03-05"), LineState::Approved);
  EXPECT_EQ(state(with({accept_of("marie")}), "2026-03-05"), LineState::Proposed);
  EXPECT_EQ(state(with({accept_of("marie", "2026-03-05", "marie's key")}), "2026-03-05"),
            LineState::Proposed);
}

TEST(Disposal, D2_NobodyApprovesBeforeTheyDo) {
  EXPECT_EQ(state(with({accept_of("louise")}), "2026-03-04"), LineState::Proposed);
}

TEST(Disposal, D2_AsManyPeopleAsTheRuleAsksFor) {
  const LineTerms two{.approvers = 2};
  EXPECT_EQ(state(with({accept_of("louise")}), "2026-03-05", two), LineState::Proposed);
  EXPECT_EQ(state(with({accept_of("louise"), accept_of("louise")}), "2026-03-05", two), LineState::Proposed);
  EXPECT_EQ(state(with({accept_of("louise"), accept_of("marie")}), "2026-03-05", two), LineState::Proposed);
  EXPECT_EQ(state(with({accept_of("louise"), accept_of("paul")}), "2026-03-05", two), LineState::Approved);
  // A rule that asks for nobody is read as one that asks for somebody.
  EXPECT_EQ(state(proposed_by_marie(), "2026-03-05", {.approvers = 0}), LineState::Proposed);
}

TEST(Disposal, D2_OneKeyIsOnePerson) {
  const LineTerms two{.approvers = 2, .signed_approval = true};
  EXPECT_EQ(state(with({accept_of("louise", "2026-03-05", "k"), accept_of("paul", "2026-03-05", "k")}),
                  "2026-03-05", two),
            LineState::Proposed);
  EXPECT_EQ(state(with({accept_of("louise", "2026-03-05", "k"), accept_of("paul", "2026-03-05", "l")}),
                  "2026-03-05", two),
            LineState::Approved);
  // Nor does one person with two keys become two.
  EXPECT_EQ(state(with({accept_of("louise", "2026-03-05", "k"), accept_of("louise", "2026-03-05", "l")}),
                  "2026-03-05", two),
            LineState::Proposed);
}

TEST(Disposal, D2_WhereAllShareOneAccountTheKeyIsThePerson) {
  const LineTerms one{.signed_approval = true}, two{.approvers = 2, .signed_approval = true};
  const LineVisa with_k = accept_of("marie", "2026-03-05", "k"),
                 with_l = accept_of("marie", "2026-03-06", "l");
  EXPECT_EQ(state(with({with_k}), "2026-03-05", one), LineState::Approved);
  EXPECT_EQ(state(with({with_k}), "2026-03-05", two), LineState::Proposed);
  EXPECT_EQ(state(with({with_k, with_k}), "2026-03-05", two), LineState::Proposed);
  EXPECT_EQ(state(with({with_k, with_l}), "2026-03-06", two), LineState::Approved);
  EXPECT_EQ(state(with({with_k, accept_of("louise", "2026-03-06", "k")}), "2026-03-06", two),
            LineState::Proposed);
  // Where the rule asks for no signature, the login is the person.
  EXPECT_EQ(state(with({with_k}), "2026-03-05"), LineState::Proposed);
  EXPECT_EQ(state(with({accept_of("marie")}), "2026-03-05", one), LineState::Proposed);
  // Each key has its own last word.
  LineVisa deferral = visa_of("marie", Verdict::Defer, "2026-03-06", "l");
  deferral.deferred_until = on("2026-05-01");
  EXPECT_EQ(state(with({with_k, deferral}), "2026-03-06", one), LineState::Deferred);
  EXPECT_EQ(state(with({deferral, with_k}), "2026-03-06", one), LineState::Deferred);
}

TEST(Disposal, D2_TheKeyOfTheProposalApprovesNothing) {
  LineVisa own = accept_of("marie", "2026-03-05", "k");
  own.with_proposers_key = true;
  EXPECT_EQ(state(with({own}), "2026-03-05", {.signed_approval = true}), LineState::Proposed);
  EXPECT_EQ(
      state(with({own, accept_of("marie", "2026-03-05", "l")}), "2026-03-05", {.signed_approval = true}),
      LineState::Approved);
  // Under no other login, either.
  own.person = "louise";
  EXPECT_EQ(state(with({own}), "2026-03-05", {.signed_approval = true}), LineState::Proposed);
  EXPECT_EQ(state(with({own}), "2026-03-05"), LineState::Proposed);
}

TEST(Disposal, D2_WithoutASignatureNothingIsApprovedWhereOneIsAskedFor) {
  const LineTerms is_signed{.signed_approval = true};
  EXPECT_EQ(state(with({accept_of("louise")}), "2026-03-05", is_signed), LineState::Proposed);
  EXPECT_EQ(state(with({accept_of("louise", "2026-03-05", "k")}), "2026-03-05", is_signed),
            LineState::Approved);
  // The last word counts, also when it is the weaker one.
  EXPECT_EQ(
      state(with({accept_of("louise", "2026-03-05", "k"), accept_of("louise")}), "2026-03-05", is_signed),
      LineState::Proposed);
}

TEST(Disposal, D2_AVisaIsGoodThroughItsLastDay) {
  LineVisa visa = accept_of("louise");
  visa.valid_until = on("2026-04-01");
  EXPECT_EQ(state(with({visa}), "2026-04-01"), LineState::Approved);
  EXPECT_EQ(state(with({visa}), "2026-04-02"), LineState::Expired);
  EXPECT_FALSE(is_open(LineState::Expired));
  // Given again, it counts again.
  EXPECT_EQ(state(with({visa, accept_of("louise", "2026-04-02")}), "2026-04-02"), LineState::Approved);
}

TEST(Disposal, D2_OneExpiredVisaOfTwoExpiresTheLine) {
  LineVisa visa = accept_of("louise");
  visa.valid_until = on("2026-04-01");
  const LineTerms two{.approvers = 2};
  EXPECT_EQ(state(with({visa, accept_of("paul")}), "2026-04-01", two), LineState::Approved);
  EXPECT_EQ(state(with({visa, accept_of("paul")}), "2026-04-02", two), LineState::Expired);
  // Alone it was not enough anyway.
  EXPECT_EQ(state(with({visa}), "2026-04-02", two), LineState::Proposed);
}

TEST(Disposal, D2_AListWaitsForVisasForHalfAYear) {
  EXPECT_EQ(state(proposed_by_marie(), "2026-08-28"), LineState::Proposed);
  EXPECT_EQ(state(proposed_by_marie(), "2026-08-29"), LineState::Expired);
  // A visa of its last day is as good as any; one that comes too late accepts nothing.
  EXPECT_EQ(state(with({accept_of("louise", "2026-08-28")}), "2026-09-30"), LineState::Approved);
  EXPECT_EQ(state(with({accept_of("louise", "2026-08-29")}), "2026-08-29"), LineState::Expired);
}

TEST(Disposal, D2_OneRefusalIsEnoughAndForGood) {
  const auto refusal = visa_of("paul", Verdict::Refuse, "2026-03-04");
  EXPECT_EQ(state(with({accept_of("louise"), refusal}), "2026-03-05"), LineState::Refused);
  EXPECT_EQ(state(with({refusal, accept_of("paul"), accept_of("louise")}), "2026-03-05"), LineState::Refused);
  // Whoever says it: also the proposer, and without a signature.
  EXPECT_EQ(
      state(with({accept_of("louise", "2026-03-05", "k"), visa_of("marie", Verdict::Refuse, "2026-03-05")}),
            "2026-03-05", {.signed_approval = true}),
      LineState::Refused);
}

TEST(Disposal, D2_ADeferralStandsUntilItsPersonSaysOtherwise) {
  const auto deferral = deferral_of("paul", "2026-03-06", "2027-01-01");
  EXPECT_EQ(state(with({accept_of("louise"), deferral}), "2026-03-06"), LineState::Deferred);
  EXPECT_EQ(state(with({deferral, accept_of("louise", "2026-03-07")}), "2026-03-07"), LineState::Deferred);
  EXPECT_EQ(state(with({deferral, accept_of("paul", "2026-03-07")}), "2026-03-07"), LineState::Approved);
  // It comes back in another list, not in this one.
  EXPECT_EQ(state(with({deferral}), "2027-01-02"), LineState::Deferred);
}

TEST(Disposal, D4_WhatWentThroughAnotherListIsOver) {
  LineHistory history = with({accept_of("louise")});
  history.destroyed_elsewhere = true;
  EXPECT_EQ(state(history, "2026-03-05"), LineState::DestroyedElsewhere);
  EXPECT_FALSE(is_open(LineState::DestroyedElsewhere));
  EXPECT_FALSE(proposable_again({}, history, on("2026-03-05")));
  history.visas.push_back(visa_of("paul", Verdict::Refuse, "2026-03-05"));
  EXPECT_EQ(state(history, "2026-03-05"), LineState::Refused);
  history.destroyed = true;
  EXPECT_EQ(state(history, "2026-03-05"), LineState::Destroyed);
  for (const LineState each : AllLineStates) EXPECT_EQ(find_line_state(name_of(each)), each);
  EXPECT_FALSE(find_line_state("gone"));
}

TEST(Disposal, H6_AHoldCancelsWhatIsNotRefused) {
  LineHistory history = with({accept_of("louise")});
  history.held = true;
  EXPECT_EQ(state(history, "2026-03-05"), LineState::Cancelled);
  history.trashed = on("2026-03-05");
  EXPECT_EQ(state(history, "2026-03-06"), LineState::Cancelled);
  history.restored = true;
  EXPECT_EQ(state(history, "2026-03-06"), LineState::Restored);
  history = with({visa_of("paul", Verdict::Refuse, "2026-03-04")});
  history.held = true;
  EXPECT_EQ(state(history, "2026-03-05"), LineState::Refused);
}

TEST(Disposal, D6_InGraceUntilPurgedOrRestored) {
  LineHistory history = with({accept_of("louise")});
  history.trashed = on("2026-03-06");
  EXPECT_EQ(state(history, "2026-03-06"), LineState::InGrace);
  EXPECT_EQ(state(history, "2027-03-06"), LineState::InGrace);  // its visa was good when it went
  history.visas.push_back(deferral_of("paul", "2026-03-07", "2027-01-01"));
  EXPECT_EQ(state(history, "2026-03-07"), LineState::InGrace);
  history.destroyed = true;
  history.held = true;
  EXPECT_EQ(state(history, "2026-04-06"), LineState::Destroyed);
}

TEST(Disposal, D6_GraceIsCountedInWholeDays) {
  EXPECT_EQ(purge_from({}, on("2026-03-01")), on("2026-04-01"));
  EXPECT_EQ(purge_from({.grace_days = 1}, on("2026-03-01")), on("2026-03-03"));
  EXPECT_EQ(purge_from({.grace_days = 0}, on("2026-03-01")), on("2026-03-01"));
  EXPECT_EQ(purge_from({.grace_days = -5}, on("2026-03-01")), on("2026-03-01"));
  EXPECT_EQ(purge_from({.grace_days = 3650}, on("9999-12-01")), on("9999-12-31"));
}

TEST(Disposal, D16_WhatWasIngestedInErrorNeedsASecondApprover) {
  const LineTerms in_error{.approvers = 2, .grace_days = 30};
  LineHistory history = with({accept_of("louise")});
  EXPECT_EQ(state(history, "2026-03-05", in_error), LineState::Proposed);
  history.visas.push_back(accept_of("paul"));
  EXPECT_EQ(state(history, "2026-03-05", in_error), LineState::Approved);
}

TEST(Disposal, H6_WhenALineMayComeAgain) {
  const auto again = [](const LineHistory& history, std::string_view today) {
    return proposable_again({}, history, on(today));
  };
  EXPECT_EQ(again(proposed_by_marie(), "2026-03-01"), std::nullopt);
  EXPECT_EQ(again(with({accept_of("louise")}), "2026-03-05"), std::nullopt);
  EXPECT_EQ(again(proposed_by_marie(), "2026-10-01"), on("2026-10-01"));  // expired
  EXPECT_EQ(again(with({visa_of("paul", Verdict::Refuse, "2026-03-04")}), "2026-12-01"), std::nullopt);
  EXPECT_EQ(again(with({deferral_of("paul", "2026-03-04", "2027-01-01"),
                        deferral_of("louise", "2026-03-04", "2027-02-01")}),
                  "2026-03-05"),
            on("2027-02-01"));
  EXPECT_EQ(again(with({visa_of("paul", Verdict::Defer, "2026-03-04")}), "2026-03-05"), std::nullopt);

  LineHistory history = with({accept_of("louise")});
  history.held = true;
  EXPECT_EQ(again(history, "2026-03-06"), on("2026-03-06"));
  history.trashed = on("2026-03-05");
  EXPECT_EQ(again(history, "2026-03-06"), std::nullopt);  // not while it lies in the trash
  history.restored = true;
  EXPECT_EQ(again(history, "2026-03-06"), on("2026-03-06"));
  history.destroyed = true;
  EXPECT_EQ(again(history, "2026-03-06"), std::nullopt);
}

Coverage since(std::string_view day) {
  return {
      .terms = {.start = on("2026-01-01"), .end = {}, .auto_release = false, .review_on = {}, .released = {}},
      .since = on(day),
      .after_list = false};
}

bool held(const Coverage& coverage, std::string_view today) {
  return was_held(std::span(&coverage, 1), on("2026-03-01"), on(today));
}

TEST(Disposal, H6_AHoldCountsFromItsMembershipOn) {
  EXPECT_FALSE(was_held({}, on("2026-03-01"), on("2026-04-01")));
  EXPECT_TRUE(held(since("2026-02-01"), "2026-03-01"));
  EXPECT_TRUE(held(since("2026-03-05"), "2026-03-05"));
  EXPECT_FALSE(held(since("2026-03-05"), "2026-03-04"));
  Coverage coverage = since("2026-03-05");
  coverage.terms.start = on("2026-03-20");  // placed for later
  EXPECT_FALSE(held(coverage, "2026-03-19"));
  EXPECT_TRUE(held(coverage, "2026-03-20"));
}

TEST(Disposal, H6_WhatWasOnceHeldStaysCancelled) {
  Coverage coverage = since("2026-03-05");
  coverage.terms.released = on("2026-03-10");
  EXPECT_TRUE(held(coverage, "2027-01-01"));
  coverage.terms.released = on("2026-03-05");  // placed and released within a day
  coverage.after_list = true;
  EXPECT_TRUE(held(coverage, "2027-01-01"));
  coverage = since("2026-03-01");  // on the day of the list: which was first?
  coverage.terms.released = on("2026-03-01");
  EXPECT_FALSE(held(coverage, "2027-01-01"));
  coverage.after_list = true;
  EXPECT_TRUE(held(coverage, "2027-01-01"));
  coverage = since("2026-02-01");
  coverage.terms.released = on("2026-02-27");
  EXPECT_FALSE(held(coverage, "2027-01-01"));
}

TEST(Disposal, H9_AHoldPastItsEndStillCancelsUnlessItEndsByItself) {
  Coverage coverage = since("2026-02-01");
  coverage.terms.end = on("2026-02-15");
  EXPECT_TRUE(held(coverage, "2026-03-01"));
  coverage.terms.auto_release = true;
  EXPECT_FALSE(held(coverage, "2026-03-01"));
  coverage.terms.end = on("2026-03-01");
  EXPECT_TRUE(held(coverage, "2026-03-05"));
  coverage.terms.released = on("2026-02-20");  // never bound after its release
  EXPECT_FALSE(held(coverage, "2026-03-05"));
}

TEST(Disposal, NamesAreReadBack) {
  for (const Verdict verdict : {Verdict::Accept, Verdict::Refuse, Verdict::Defer})
    EXPECT_EQ(find_verdict(name_of(verdict)), verdict);
  EXPECT_EQ(find_verdict("Accept"), std::nullopt);
  EXPECT_EQ(name_of(LineState::InGrace), "in-grace");
}

}  // namespace
}  // namespace greffe::retention
