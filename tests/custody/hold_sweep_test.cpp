// Live holds and meetings whose rows a program did not live to make.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "custody/catalog_index.h"
#include "custody/create_archive.h"
#include "custody/holds.h"
#include "custody/rebuild_catalog.h"
#include "journal/journal.h"
#include "meeting_folder.h"

namespace greffe::custody {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* Known = "20261120-080000Z-0123456789";
constexpr const char* Killed = "20261121-080000Z-0123456789";
const WallTime Now = *parse_rfc3339("2026-11-21T12:00:00Z");

// Of two meetings one has rows; the ingest of the other was killed behind its folder.
class HoldSweepTest : public testing::Test {
 protected:
  HoldSweepTest() : archive_(*create_archive(folder_.path() / "archive", {.id = "a"}, Clerk, Now, 1s)) {
    test::make_meeting_folder(archive_, Known);
    DamageLog damage;
    EXPECT_TRUE(index_meeting(archive_, Known, acting_, damage));
  }
  std::string place(HoldRequest request) {
    request.matter = request.owner = request.reason = "x";
    return place_hold(archive_, request, acting_)->hold.id;
  }
  DamageLog rebuild() {
    DamageLog damage;
    NoProgress progress;
    const auto rebuilt = rebuild_catalog(archive_, acting_, damage, progress);
    EXPECT_TRUE(rebuilt) << rebuilt.error().message();
    return damage;
  }
  std::vector<catalog::HoldMemberRow> members(const std::string& hold) const {
    return catalog::members_of(catalog::Catalog::open_read_only(archive_.catalog_file()).value(), hold)
        .value();
  }
  std::vector<std::string> held(const std::string& hold) const {
    std::vector<std::string> ids;
    for (const auto& member : members(hold)) ids.push_back(member.meeting);
    return ids;
  }
  std::vector<std::string> covers() const {
    std::vector<std::string> found;
    auto reader = journal::JournalReader::open(archive_.journal_folder());
    while (const auto entry = reader->next().value())
      if (entry->event.action == "hold-cover")
        found.push_back(fmt::format("{} {} {}", fmt::join(entry->event.subjects, " "),
                                    entry->event.files.size(), entry->event.outcome));
    return found;
  }

  const journal::Actor Clerk{.uid = 1000, .host = "archive-1"};
  const Acting acting_{.actor = Clerk, .now = Now, .lock_wait = 1s};
  test::TemporaryFolder folder_;
  catalog::Archive archive_;
};

TEST_F(HoldSweepTest, H3_ARebuildPutsWhatItFindsUnderTheLiveHoldsThatMatch) {
  const std::string live = place({.query = "participant:amelie"});
  const std::string by_condition = place({.condition = "title LIKE 'Council%'"});
  const std::string other = place({.query = "title:budget"});
  const std::string snapshot = place({.query = "title:council", .snapshot = true});
  test::make_meeting_folder(archive_, Killed);
  for (int again = 0; again < 2; ++again) {
    EXPECT_TRUE(rebuild().empty());
    EXPECT_THAT(held(live), ElementsAre(Known, Killed));
    EXPECT_THAT(held(by_condition), ElementsAre(Known, Killed));
    EXPECT_THAT(held(other), IsEmpty());
    EXPECT_THAT(held(snapshot), ElementsAre(Known));
  }
  EXPECT_THAT(members(live).at(1).evidence, HasSubstr(R"("by":"query","manifest_sha256":")"));
  const auto ids = std::minmax(live, by_condition);
  EXPECT_THAT(covers(), ElementsAre(fmt::format("{} {} 1 intended", ids.first, Killed),
                                    fmt::format("{} {} 1 intended", ids.second, Killed),
                                    fmt::format("{} {} 1 done", ids.first, Killed),
                                    fmt::format("{} {} 1 done", ids.second, Killed)));
  // The files have it, so that it lasts without the catalog.
  std::filesystem::remove(archive_.catalog_file());
  rebuild();
  EXPECT_THAT(held(live), ElementsAre(Known, Killed));
}

TEST_F(HoldSweepTest, H3_WithoutAnOldCatalogTooAndNoneUnderAReleasedHold) {
  const std::string live = place({.query = "participant:amelie"});
  const std::string released = place({.condition = "title <> ''"});
  ASSERT_TRUE(release_hold(archive_, released, "over", true, acting_));
  test::make_meeting_folder(archive_, Killed);
  std::filesystem::remove(archive_.catalog_file());
  EXPECT_TRUE(rebuild().empty());
  EXPECT_THAT(held(live), ElementsAre(Known, Killed));
  EXPECT_THAT(held(released), ElementsAre(Known));
}

TEST_F(HoldSweepTest, H2_WhatWasReleasedIsPlacedAnewOnTheSameDay) {
  std::set<std::string> placed;
  for (std::size_t round = 1; round <= 3; ++round) {
    const std::string hold = place({.query = "participant:amelie"});
    EXPECT_EQ(place({.query = "participant:amelie"}), hold);
    placed.insert(hold);
    EXPECT_EQ(placed.size(), round);
    EXPECT_THAT(held(hold), ElementsAre(Known));
    const auto open = catalog::Catalog::open_read_only(archive_.catalog_file()).value();
    EXPECT_EQ(binding(catalog::holds_on(open, Known).value(), *parse_date("2026-11-21")).size(), 1u);
    EXPECT_TRUE(release_hold(archive_, hold, "over", true, acting_));
  }
}

TEST_F(HoldSweepTest, ASnapshotThatLacksWhatCameSinceDoesNotStandForThatOfNow) {
  const HoldRequest snapshot{.query = "participant:amelie", .snapshot = true};
  const std::string first = place(snapshot);
  EXPECT_EQ(place(snapshot), first);
  test::make_meeting_folder(archive_, Killed);
  rebuild();
  const std::string second = place(snapshot);
  EXPECT_THAT(held(first), ElementsAre(Known));
  EXPECT_THAT(held(second), ElementsAre(Known, Killed));
  EXPECT_EQ(place(snapshot), second);
}

TEST_F(HoldSweepTest, H9_WhatEndedByItselfBeforeItWasPlacedIsRefused) {
  HoldRequest over{.query = "participant:amelie", .start = *parse_date("2026-01-01"), .auto_release = true};
  over.matter = over.owner = over.reason = "x";
  over.end = *parse_date("2026-11-20");
  EXPECT_FALSE(place_hold(archive_, over, acting_));
  over.end = *parse_date("2026-11-21");
  EXPECT_TRUE(place_hold(archive_, over, acting_));
}

TEST_F(HoldSweepTest, H5_AQueryThatBreaksTakesEveryMeetingOfARebuild) {
  const std::string live = place({.condition = "title = 'Budget'"});
  const auto file = archive_.root() / "holds" / live / "hold.json";
  std::string text = test::file_text(file);
  text.replace(text.find("title = 'Budget'"), 16, "gone = 'Budget' ");
  test::write_file(file, text);
  std::filesystem::remove(archive_.catalog_file());
  test::make_meeting_folder(archive_, Killed);
  EXPECT_EQ(rebuild().count("hold-query-failed"), 1u);
  EXPECT_THAT(held(live), ElementsAre(Known, Killed));
  EXPECT_THAT(members(live).at(0).evidence, HasSubstr(R"("failed":")"));
}

// Its rows are what is left of it: they bind, and take what comes.
TEST_F(HoldSweepTest, H3_AHoldWhoseFilesSomebodyDeletedStillTakesMeetings) {
  const std::string live = place({.query = "participant:amelie"});
  std::filesystem::remove_all(archive_.root() / "holds" / live);
  test::make_meeting_folder(archive_, Killed);
  EXPECT_EQ(rebuild().count("missing-hold"), 1u);
  EXPECT_THAT(held(live), ElementsAre(Known, Killed));
  EXPECT_THAT(covers(), ElementsAre(fmt::format("{} {} 0 intended", live, Killed),
                                    fmt::format("{} {} 0 done", live, Killed)));
}

TEST_F(HoldSweepTest, H3_AnIngestEntersTheHoldsOfAMeetingTogether) {
  for (const char* title : {"Council", "Council of", "Council of November"})
    place({.condition = fmt::format("title LIKE '{}%'", title)});
  test::make_meeting_folder(archive_, Killed);
  DamageLog damage;
  ASSERT_TRUE(index_meeting(archive_, Killed, acting_, damage));
  const auto told = covers();
  ASSERT_EQ(told.size(), 6u);
  for (std::size_t i = 0; i < told.size(); ++i) EXPECT_THAT(told[i], HasSubstr(i < 3 ? "intended" : "done"));
  EXPECT_TRUE(journal::check_chain(archive_.journal_folder())->holds());
}

}  // namespace
}  // namespace greffe::custody
