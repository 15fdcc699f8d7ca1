// What may be proposed again, and what only when somebody names it.
#include "custody/propose.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "catalog/rule_json.h"
#include "custody/catalog_index.h"
#include "custody/change_policy.h"
#include "custody/create_archive.h"
#include "custody/disposal_run.h"
#include "custody/dispose.h"
#include "custody/give_visa.h"
#include "custody/retention_plan.h"
#include "custody/saved_queries.h"
#include "meeting_folder.h"

namespace greffe::custody {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

// Three meetings that are due since yesterday; Marie proposes, Anna answers.
class ProposeTest : public testing::Test {
 protected:
  static constexpr const char *Waits = "20261120-080000Z-0123456781",
                              *Refused = "20261120-080000Z-0123456782",
                              *Deferred = "20261120-080000Z-0123456783";

  ProposeTest() : archive_(*create_archive(folder_.path() / "archive", {.id = "a"}, Marie, now_, 1s)) {
    for (const char* id : {Waits, Refused, Deferred}) take_in(id);
    const auto policy = catalog::parse_policy(
        R"({"notice_days": 0, "cooling_days": 0, "rules": [{"id": "all", "level": "default",)"
        R"( "duration": "P1D", "final_action": "destroy"}]})");
    EXPECT_TRUE(policy) << policy.error().message();
    EXPECT_TRUE(add_policy(archive_, *policy, as(Marie)));
    const auto open = catalog::Catalog::open_read_only(archive_.catalog_file()).value();
    const auto state = read_policy_state(archive_, open).value();
    const auto diff = diff_policy(archive_, open, state, 1, std::nullopt, *parse_date("2026-11-23")).value();
    EXPECT_TRUE(activate_policy(
        archive_, {.version = 1, .diff = diff.digest.hex(), .reason = "r", .clock_jump = {}}, as(Marie)));
  }

  void take_in(const char* id) {
    test::make_meeting_folder(archive_, id);
    DamageLog damage;
    EXPECT_TRUE(index_meeting(archive_, id, as(Marie), damage));
  }
  Acting as(const journal::Actor& who) const { return {.actor = who, .now = now_, .lock_wait = 1s}; }
  Proposed propose_all(std::vector<std::string> meetings = {}, const std::string& query = {}) {
    now_ += 1min;
    const auto proposed = propose(archive_,
                                  {.all = meetings.empty() && query.empty(),
                                   .record_class = {},
                                   .rule = {},
                                   .query = query,
                                   .meetings = std::move(meetings),
                                   .note = {},
                                   .clock_jump = {},
                                   .max_items = {},
                                   .max_bytes = {},
                                   .key_file = {}},
                                  as(Marie));
    EXPECT_TRUE(proposed) << proposed.error().message();
    return proposed.value_or(Proposed{});
  }
  static std::vector<std::string> meetings_of(const Proposed& proposed) {
    std::vector<std::string> ids;
    for (const catalog::ListLine& line : proposed.list.lines) ids.push_back(line.meeting);
    return ids;
  }
  void answer(const catalog::DisposalList& list, VisaOrder order) {
    now_ += 1min;
    order.list = list.id;
    order.digest = list.digest();
    const auto text = visa_text(archive_, order, as(Anna));
    ASSERT_TRUE(text) << text.error().message();
    const auto given = give_visa(archive_, *text, {}, {}, as(Anna));
    ASSERT_TRUE(given) << given.error().message();
  }
  template <class Step>
  void carry_out(Step step, const std::string& list) {
    now_ += 1min;
    NoProgress progress;
    DisposalOrder order{.list = list, .digest = {}, .max_items = {}, .max_bytes = {}, .clock_jump = {}};
    const auto simulated = step(archive_, order, as(Marie), progress);
    ASSERT_TRUE(simulated) << simulated.error().message();
    order.digest = simulated->digest;
    const auto done = step(archive_, order, as(Marie), progress);
    ASSERT_TRUE(done) << done.error().message();
    EXPECT_GT(done->meetings, 0);
  }

  std::string reasons_of_purge(const std::string& list) {
    NoProgress progress;
    const auto simulated = purge_trash(
        archive_, {.list = list, .digest = {}, .max_items = {}, .max_bytes = {}, .clock_jump = {}}, as(Marie),
        progress);
    std::vector<std::string> reasons;
    for (const LineReport& line : simulated->lines)
      if (line.code != "REFUSED") reasons.push_back(line.code + " " + line.why);
    return fmt::format("{}", fmt::join(reasons, "; "));
  }

  const journal::Actor Marie{.uid = 1000, .sudo_user = "marie", .host = "archive-1"};
  const journal::Actor Anna{.uid = 1000, .sudo_user = "anna", .host = "archive-1"};
  WallTime now_ = *parse_rfc3339("2026-11-23T09:00:00Z");
  test::TemporaryFolder folder_;
  catalog::Archive archive_;
};

// The name may be given to another query tomorrow, and who signs the list must know what was asked.
TEST_F(ProposeTest, D1_AListSaysWhatASavedQueryStoodFor) {
  ASSERT_TRUE(save_query(archive_, "november", "title:november", {}, as(Marie)));
  const Proposed proposed = propose_all({}, "@november");
  EXPECT_EQ(proposed.list.scope, "query title:november");
  EXPECT_EQ(proposed.list.lines.size(), 3u);
}

TEST_F(ProposeTest, D2_WhatWasRefusedOrDeferredStaysOutWhileItsListIsOpen) {
  const Proposed first = propose_all();
  ASSERT_THAT(meetings_of(first), ElementsAre(Waits, Refused, Deferred));
  EXPECT_THAT(first.passed_over, IsEmpty());
  answer(first.list, {.refuse = {Refused}, .defer = {{Deferred, *parse_date("2026-12-20")}}});
  const Proposed again = propose_all();
  EXPECT_FALSE(again.is_new);
  EXPECT_EQ(again.list.id, first.list.id);
  ASSERT_EQ(again.passed_over.size(), 2u);
  EXPECT_EQ(again.passed_over[0].meeting, Refused);
  EXPECT_EQ(again.passed_over[0].code, "REFUSED");
  EXPECT_EQ(again.passed_over[0].why, "in " + first.list.id);
  EXPECT_EQ(again.passed_over[1].code, "DEFERRED");
  EXPECT_EQ(again.passed_over[1].why, "until 2026-12-20, in " + first.list.id);
  // The list is still open on the day that was named.
  now_ += 28 * 24h;
  EXPECT_THAT(meetings_of(propose_all()), ElementsAre(Deferred));
  const Proposed named = propose_all({Refused});
  EXPECT_THAT(meetings_of(named), ElementsAre(Refused));
  EXPECT_THAT(named.passed_over, IsEmpty());
}

TEST_F(ProposeTest, D2_TheNewestListCountsWhetherItIsOpenOrClosed) {
  const Proposed first = propose_all();
  answer(first.list, {.refuse = {Refused}, .defer = {{Deferred, *parse_date("2026-11-23")}}});
  // Newer than the open one, and closed by a refusal.
  const Proposed second = propose_all();
  ASSERT_THAT(meetings_of(second), ElementsAre(Deferred));
  answer(second.list, {.refuse = {Deferred}});
  const Proposed third = propose_all();
  EXPECT_EQ(third.list.id, first.list.id);
  ASSERT_EQ(third.passed_over.size(), 2u);
  EXPECT_EQ(third.passed_over[1].why, "in " + second.list.id);
  EXPECT_EQ(third.passed_over[1].code, "REFUSED");
}

TEST_F(ProposeTest, D14_WhatWasDestroyedAndTakenInAgainIsProposedLikeAnyOther) {
  const Proposed first = propose_all();
  answer(first.list, {.accept = {Waits, Deferred}, .refuse = {Refused}});
  carry_out(apply_list, first.list.id);
  now_ += 30 * 24h;
  EXPECT_EQ(reasons_of_purge(first.list.id), "IN_GRACE until 2026-12-23; IN_GRACE until 2026-12-23");
  now_ += 24h;
  carry_out(purge_trash, first.list.id);
  EXPECT_THAT(meetings_of(propose_all()), IsEmpty());
  take_in(Deferred);
  const Proposed again = propose_all();
  EXPECT_THAT(meetings_of(again), ElementsAre(Deferred));
  ASSERT_EQ(again.passed_over.size(), 1u);
  EXPECT_EQ(again.passed_over[0].meeting, Refused);
}

TEST_F(ProposeTest, D5_AFolderThatCannotBeAskedForWasNotMovedBefore) {
  EXPECT_TRUE(bring_back(archive_, Waits)) << "it is not in the trash";
  const Path trash = archive_.trash_folder(Waits).parent_path();
  std::filesystem::remove_all(trash);
  std::filesystem::create_symlink(trash.filename(), trash);
  EXPECT_FALSE(bring_back(archive_, Waits));
}

}  // namespace
}  // namespace greffe::custody
