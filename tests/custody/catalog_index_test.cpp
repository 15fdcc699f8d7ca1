#include "custody/catalog_index.h"

#include <gtest/gtest.h>

#include "base/file_lock.h"
#include "catalog/dump.h"
#include "catalog/search.h"
#include "custody/create_archive.h"
#include "custody/edit_meeting.h"
#include "custody/meeting_record.h"
#include "custody/rebuild_catalog.h"
#include "journal/journal.h"
#include "meeting_folder.h"

namespace greffe::custody {
namespace {

using namespace std::chrono_literals;

constexpr const char* Id = "20261120-080000Z-0123456789";
constexpr const char* OtherId = "20261121-080000Z-0123456789";
const WallTime Now = *parse_rfc3339("2026-11-20T12:00:00Z");
const journal::Actor Clerk{.uid = 1000, .host = "archive-1"};

class ArchiveFlowTest : public testing::Test {
 protected:
  ArchiveFlowTest() : archive_(*create_archive(folder_.path() / "archive", {.id = "a"}, Clerk, Now, 1s)) {
    for (const char* id : {Id, OtherId}) {
      test::make_meeting_folder(archive_, id);
      EXPECT_TRUE(index_meeting(archive_, id, {.now = WallTime{}, .lock_wait = 1s}, damage_));
    }
  }
  catalog::Catalog open() const { return catalog::Catalog::open_read_only(archive_.catalog_file()).value(); }
  std::string dump_text() const {
    std::string text;
    const catalog::Catalog catalog = open();
    EXPECT_TRUE(catalog::dump(catalog, [&](std::string_view line) {
      text += std::string(line) + "\n";
      return Status();
    }));
    return text;
  }
  Result<bool> edit(const MeetingEdit& edit) {
    return edit_meeting(archive_, Id, edit, Clerk, Now, 100ms, damage_);
  }
  catalog::MeetingRecord record(const char* id = Id) const { return open().find_meeting(id).value().value(); }
  Path meeting_file(const char* name) const { return archive_.meeting_folder(Id) / name; }
  std::vector<std::string> journal_outcomes(const std::string& action) const {
    std::vector<std::string> outcomes;
    auto reader = journal::JournalReader::open(archive_.journal_folder());
    while (const auto entry = reader->next().value())
      if (entry->event.action == action) outcomes.push_back(entry->event.outcome);
    return outcomes;
  }

  test::TemporaryFolder folder_;
  catalog::Archive archive_;
  const Acting acting_{.actor = Clerk, .now = Now, .lock_wait = 1s};
  DamageLog damage_;
  NoProgress progress_;
};

TEST_F(ArchiveFlowTest, FolderBecomesRows) {
  EXPECT_TRUE(damage_.empty());
  const catalog::MeetingRecord found = record();
  EXPECT_EQ(found.meeting.title, "Council of November");
  EXPECT_EQ(found.meeting.start_unix_ms, 1'795'161'600'500);
  EXPECT_EQ(found.meeting.duration_ms, 60'000);
  ASSERT_EQ(found.participants.size(), 2u);
  EXPECT_EQ(found.participants[1].name, "Bérénice");
  ASSERT_EQ(found.tracks.size(), 1u);
  EXPECT_EQ(found.tracks[0].codec, "opus");
  EXPECT_EQ(found.tracks[0].start_ms, -20);
  EXPECT_EQ(found.tracks[0].lost, 2);
  EXPECT_EQ(found.assets.size(), 7u);
  ASSERT_EQ(found.renders.size(), 1u);
  EXPECT_EQ(found.renders[0].file, "renders/film.webm");
  EXPECT_EQ(found.renders[0].options, "{\"fps\":25}");
  EXPECT_EQ(found.cues.size(), 2u);
}

TEST_F(ArchiveFlowTest, WhatIsMissingInAFolderIsDamageNotSilence) {
  std::filesystem::remove(meeting_file("dumps/a.mjr"));
  test::write_file(meeting_file("tracks/a-microphone-1.track.json"), "{");
  DamageLog damage;
  const auto found = read_meeting_record(archive_.meeting_folder(Id), damage);
  ASSERT_TRUE(found) << found.error().message();
  EXPECT_EQ(damage.count("missing-file"), 1u);
  EXPECT_EQ(damage.count("unreadable-file"), 1u);
  EXPECT_TRUE(found->tracks.empty());
}

TEST_F(ArchiveFlowTest, CreatingAgainOpensWhatIsThere) {
  const auto again = create_archive(archive_.root(), {.id = "b"}, Clerk, Now, 1s);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->description().id, "a");
  EXPECT_EQ(journal_outcomes("create"), std::vector<std::string>{"done"});
}

TEST_F(ArchiveFlowTest, RebuildGivesTheSameRowsFromTheFoldersAlone) {
  ASSERT_TRUE(edit({.title = "Other title"}));
  const std::string before = dump_text();
  for (const bool remove_first : {false, true}) {
    if (remove_first) std::filesystem::remove(archive_.catalog_file());
    const auto rebuilt = rebuild_catalog(archive_, acting_, damage_, progress_);
    ASSERT_TRUE(rebuilt) << rebuilt.error().message();
    EXPECT_EQ(rebuilt->meetings, 2);
    EXPECT_EQ(rebuilt->skipped, 0);
    EXPECT_EQ(dump_text(), before);
  }
  EXPECT_TRUE(damage_.empty());
  EXPECT_TRUE(index_meeting(archive_, Id, {.now = WallTime{}, .lock_wait = 1s}, damage_));
  EXPECT_EQ(dump_text(), before);
}

TEST_F(ArchiveFlowTest, R96_RebuildKeepsADamagedCatalogAside) {
  const std::string before = dump_text();
  test::write_file(archive_.catalog_file(), std::string(5000, 'x'));
  ASSERT_TRUE(rebuild_catalog(archive_, acting_, damage_, progress_));
  EXPECT_EQ(dump_text(), before);
  EXPECT_EQ(test::file_text(archive_.catalog_file().string() + ".damaged-1"), std::string(5000, 'x'));
}

TEST_F(ArchiveFlowTest, RebuildGoesOnPastAFolderThatCannotBeRead) {
  test::write_file(meeting_file("meeting.json"), "{}");
  std::filesystem::remove(archive_.catalog_file());
  const auto rebuilt = rebuild_catalog(archive_, acting_, damage_, progress_);
  ASSERT_TRUE(rebuilt);
  EXPECT_EQ(rebuilt->meetings, 1);
  EXPECT_EQ(rebuilt->skipped, 1);
  EXPECT_EQ(damage_.count("unreadable-meeting"), 1u);
}

// What the old catalog knows of files that somebody deleted by hand is not forgotten.
TEST_F(ArchiveFlowTest, RebuildKeepsTheRowsOfFilesThatAreMissing) {
  const std::string before = dump_text();
  for (const char* file : {"meeting.json", "tracks/a-microphone-1.track.json", "dumps/a.mjr"}) {
    const std::string text = test::file_text(meeting_file(file));
    std::filesystem::remove(meeting_file(file));
    DamageLog damage;
    const auto rebuilt = rebuild_catalog(archive_, acting_, damage, progress_);
    ASSERT_TRUE(rebuilt) << rebuilt.error().message();
    EXPECT_EQ(rebuilt->meetings, 2) << file;
    EXPECT_EQ(rebuilt->kept, 1) << file;
    EXPECT_FALSE(damage.empty()) << file;
    EXPECT_EQ(dump_text(), before) << file;
    test::write_file(meeting_file(file), text);
  }
}

TEST_F(ArchiveFlowTest, RebuildKeepsTheRowsOfAFolderThatIsMissingIfTheJournalKnowsIt) {
  journal::Journal journal(archive_.journal_folder(), Clerk, 1s);
  ASSERT_TRUE(journal.append({.action = "ingest", .subjects = {Id}}, Now));
  std::filesystem::remove_all(archive_.meeting_folder(Id));
  const catalog::MeetingRecord there = record();
  for (int again = 0; again < 2; ++again) {
    DamageLog damage;
    const auto rebuilt = rebuild_catalog(archive_, acting_, damage, progress_);
    ASSERT_TRUE(rebuilt) << rebuilt.error().message();
    EXPECT_EQ(rebuilt->kept, 1);
    EXPECT_EQ(damage.count("missing-folder"), 1u);
    EXPECT_EQ(record(), there);
  }
  // Without the old catalog nothing but its id is known, which is told.
  std::filesystem::remove(archive_.catalog_file());
  DamageLog damage;
  ASSERT_TRUE(rebuild_catalog(archive_, acting_, damage, progress_));
  EXPECT_EQ(damage.count("missing-folder"), 1u);
  EXPECT_EQ(damage.entries().at(0).place, Id);
  EXPECT_EQ(open().find_meeting(Id).value(), std::nullopt);
}

TEST_F(ArchiveFlowTest, RebuildLeavesOutARowSomebodyMadeUpAndSaysSo) {
  catalog::MeetingRecord made_up = record();
  made_up.meeting.id = "20200101-000000Z-aaaaaaaaaa";
  ASSERT_TRUE(catalog::Catalog::open(archive_.catalog_file())->put_meeting(made_up));
  DamageLog damage;
  const auto rebuilt = rebuild_catalog(archive_, acting_, damage, progress_);
  ASSERT_TRUE(rebuilt) << rebuilt.error().message();
  EXPECT_EQ(rebuilt->kept, 0);
  EXPECT_EQ(damage.count("missing-folder"), 1u);
  EXPECT_EQ(open().find_meeting(made_up.meeting.id).value(), std::nullopt);
}

TEST_F(ArchiveFlowTest, R93_RebuildDoesNotTakeACatalogAwayFromAnotherProgram) {
  const std::string before = dump_text();
  {
    const catalog::Catalog other = open();
    ASSERT_TRUE(other.meetings());
    const auto refused =
        rebuild_catalog(archive_, {.actor = Clerk, .now = Now, .lock_wait = 50ms}, damage_, progress_);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind(), ErrorKind::Busy);
  }
  EXPECT_EQ(dump_text(), before);
}

TEST_F(ArchiveFlowTest, EditChangesFilesRowsAndJournal) {
  ASSERT_TRUE(edit({.title = "Titre \"é\"", .names = {{"a", "Amélie Durand"}}}).value());
  EXPECT_EQ(record().meeting.title, "Titre \"é\"");
  EXPECT_EQ(record().participants[0].name, "Amélie Durand");
  EXPECT_EQ(record().cues[0].speaker, "Amélie Durand");
  EXPECT_EQ(record().cues[1].speaker, "Bérénice");
  EXPECT_EQ(record(OtherId).meeting.title, "Council of November");
  EXPECT_EQ(journal_outcomes("edit"), (std::vector<std::string>{"intended", "done"}));
  const std::string command = "cd '" + archive_.meeting_folder(Id).string() +
                              "' && sha256sum --quiet --strict -c manifest-sha256.txt";
  EXPECT_EQ(std::system(command.c_str()), 0);
  EXPECT_FALSE(edit({.title = "Titre \"é\""}).value());
  EXPECT_EQ(journal_outcomes("edit").size(), 2u);
}

TEST_F(ArchiveFlowTest, R64_NameThatStandsTwiceLeavesTheCuesAlone) {
  ASSERT_TRUE(edit({.names = {{"b", "Amélie"}}}).value());
  EXPECT_EQ(record().cues[1].speaker, "Amélie");
  ASSERT_TRUE(edit({.names = {{"b", "Claire"}}}).value());
  EXPECT_EQ(record().participants[1].name, "Claire");
  EXPECT_EQ(record().cues[0].speaker, "Amélie");
}

TEST_F(ArchiveFlowTest, EditRefusesUnknownParticipantsAndChangedFiles) {
  EXPECT_EQ(edit({.names = {{"c", "Nobody"}}}).error().kind(), ErrorKind::Usage);
  test::write_file(meeting_file("meeting.json"), test::file_text(meeting_file("meeting.json")) + " ");
  EXPECT_EQ(edit({.title = "x"}).error().kind(), ErrorKind::Integrity);
  EXPECT_TRUE(journal_outcomes("edit").empty());
}

TEST_F(ArchiveFlowTest, R93_EditWaitsForTheMeetingsLock) {
  const auto held = FileLock::acquire(archive_.meeting_lock(Id), 0ms);
  EXPECT_EQ(edit({.title = "x"}).error().kind(), ErrorKind::Busy);
}

}  // namespace
}  // namespace greffe::custody
