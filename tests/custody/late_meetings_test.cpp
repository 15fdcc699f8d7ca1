#include "custody/late_meetings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "custody/catalog_index.h"
#include "custody/create_archive.h"
#include "custody/edit_meeting.h"
#include "custody/holds.h"
#include "custody/rebuild_catalog.h"
#include "custody/retention_plan.h"
#include "journal/journal.h"
#include "meeting_folder.h"

namespace greffe::custody {
namespace {

using namespace std::chrono_literals;
using retention::Code;
using testing::ElementsAre;

constexpr const char* Id = "20261120-080000Z-0123456789";
const WallTime Now = *parse_rfc3339("2026-11-21T12:00:00Z");
const CivilDate Today = *parse_date("2026-11-21");

class LateMeetingsTest : public testing::Test {
 protected:
  LateMeetingsTest() : archive_(*create_archive(folder_.path() / "archive", {.id = "a"}, Clerk, Now, 1s)) {
    test::make_meeting_folder(archive_, Id);
    DamageLog damage;
    EXPECT_TRUE(index_meeting(archive_, Id, acting_, damage));
  }
  void edit() {
    DamageLog damage;
    ASSERT_TRUE(edit_meeting(archive_, Id, {.title = "Renamed"}, Clerk, Now, 1s, damage));
  }
  // The folder is the new one and the journal tells; the rows are those of before.
  void edit_and_be_killed() {
    const Path before = folder_.path() / "before.sqlite";
    ASSERT_TRUE(open().back_up(before));
    edit();
    for (const char* more : {"-wal", "-shm"})
      std::filesystem::remove(archive_.catalog_file().string() + more);
    std::filesystem::copy_file(before, archive_.catalog_file(),
                               std::filesystem::copy_options::overwrite_existing);
  }
  void append(const journal::Event& event) { ASSERT_TRUE(append_to_journal(archive_, acting_, event)); }
  journal::Event intended(const std::string& id) const {
    return {.action = "edit",
            .subjects = {id},
            .files = {{.file = catalog::Archive::meeting_path(id) + "/manifest-sha256.txt",
                       .before = {},
                       .after = fixity::digest_of("x")}},
            .outcome = "intended"};
  }
  // As the next program that writes does, whatever it is at.
  void index_journal_of_others() {
    append({.action = "ingest", .subjects = {"20200101-000000Z-0000000000"}});
    auto catalog = catalog::Catalog::open(archive_.catalog_file()).value();
    ASSERT_TRUE(index_journal(archive_, catalog));
  }
  catalog::Catalog open() const { return catalog::Catalog::open_read_only(archive_.catalog_file()).value(); }
  Code code() {
    Code found = Code::Due;
    const auto totals = plan_retention(archive_, open(), Today, [&](const PlannedMeeting& meeting) {
      found = meeting.decision.code;
      return true;
    });
    EXPECT_TRUE(totals) << totals.error().message();
    told_ = totals->damage.count("other-rows");
    return found;
  }

  const journal::Actor Clerk{.uid = 1000, .host = "archive-1"};
  const Acting acting_{.actor = Clerk, .now = Now, .lock_wait = 1s};
  std::uint64_t told_ = 0;
  test::TemporaryFolder folder_;
  catalog::Archive archive_;
};

TEST_F(LateMeetingsTest, H5_WhatAnEditLeftWithoutItsRowsCountsAsHeld) {
  EXPECT_EQ(code(), Code::NoRule);
  EXPECT_EQ(told_, 0u);
  edit_and_be_killed();
  // Also when another program has brought the journal into the catalog meanwhile.
  for (int again = 0; again < 2; ++again) {
    EXPECT_EQ(code(), Code::OnHold);
    EXPECT_EQ(told_, 1u);
    const Why why = why_kept(archive_, open(), Id, Today).value();
    EXPECT_THAT(why.facts.holds, ElementsAre("other-rows"));
    EXPECT_EQ(why.holds.size(), 1u);
    EXPECT_EQ(why.damage.count("other-rows"), 1u);
    index_journal_of_others();
  }
  edit();  // the same again makes its rows
  EXPECT_EQ(code(), Code::NoRule);
  EXPECT_EQ(told_, 0u);
}

TEST_F(LateMeetingsTest, H3_ARebuildMakesItsRowsAndEntersItsHolds) {
  HoldRequest request{.matter = "x", .owner = "x", .reason = "x"};
  request.query = "title:renamed";
  request.blocks = {"dispose"};
  const std::string hold = place_hold(archive_, request, acting_)->hold.id;
  edit_and_be_killed();
  EXPECT_EQ(code(), Code::OnHold);
  DamageLog damage;
  NoProgress progress;
  ASSERT_TRUE(rebuild_catalog(archive_, acting_, damage, progress));
  EXPECT_EQ(code(), Code::OnHold);
  EXPECT_EQ(told_, 0u);
  EXPECT_THAT(why_kept(archive_, open(), Id, Today)->facts.holds, ElementsAre(hold));
}

TEST_F(LateMeetingsTest, AnEditThatFailedHasChangedNothing) {
  append(intended(Id));
  EXPECT_EQ(code(), Code::NoRule);
  index_journal_of_others();
  EXPECT_EQ(code(), Code::NoRule);
  EXPECT_EQ(told_, 0u);
  EXPECT_THAT(catalog::late_meetings(open()).value(), ElementsAre(Id));
  edit();
  EXPECT_EQ(code(), Code::NoRule);
  EXPECT_THAT(catalog::late_meetings(open()).value(), ElementsAre());
}

TEST_F(LateMeetingsTest, AMeetingWithoutRowsIsForTheVerificationOfTheCatalog) {
  append(intended("20261121-080000Z-0123456789"));
  EXPECT_EQ(code(), Code::NoRule);
  index_journal_of_others();
  EXPECT_EQ(code(), Code::NoRule);
  EXPECT_EQ(told_, 0u);
}

TEST_F(LateMeetingsTest, H5_AFolderThatCannotBeReadCountsAsHeldWhereAnEntryTellsOfIt) {
  append(intended(Id));
  std::filesystem::remove(archive_.meeting_folder(Id) / fixity::ManifestName);
  EXPECT_EQ(code(), Code::OnHold);
  EXPECT_EQ(told_, 1u);
}

}  // namespace
}  // namespace greffe::custody
