#include "custody/export_register.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "catalog/query.h"
#include "custody/create_archive.h"
#include "custody/rebuild_catalog.h"
#include "custody/verify_catalog.h"
#include "support/samples.h"
#include "support/schema.h"

namespace greffe::custody {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* First = "20261120-080000Z-0123456789";
constexpr const char* Second = "20261121-080000Z-abcdef0123";

class ExportRegisterTest : public testing::Test {
 protected:
  ExportRegisterTest() : archive_(*create_archive(folder_.path() / "archive", {.id = "a"}, Clerk, Now, 1s)) {}

  ExportRecord record(std::vector<std::string> meetings, const std::string& target = "/out/bag.tar") const {
    ExportRecord made{.format = "bagit",
                      .bagging_date = std::chrono::year(2026) / 11 / 20,
                      .recipient = "Archives départementales",
                      .reason = "versement",
                      .target = target};
    for (const std::string& id : meetings)
      made.meetings.push_back({id, fixity::digest_of(std::string_view(id)), 3, 1000});
    made.parts = {{"bag.tar", 10240, "bag.tar", fixity::digest_of(std::string_view("bag"))}};
    made.holds = {"hold-20261120-aaaaaa"};
    return made;
  }
  Status enter(ExportRecord made, bool finish = true) {
    GREFFE_TRY(auto registration, ExportRegistration::begin(archive_, acting_));
    GREFFE_CHECK(registration.enter(std::move(made)));
    return finish ? registration.finish(registration.entered()) : Status();
  }
  std::vector<std::string> rows(const std::string& sql) {
    const auto catalog = catalog::Catalog::open_read_only(archive_.catalog_file());
    auto query = catalog::Query::open(*catalog, sql);
    std::vector<std::string> found;
    for (auto row = query->next(); row && *row; row = query->next())
      found.push_back(json::write(json::Array((*row)->begin(), (*row)->end())));
    return found;
  }
  std::vector<std::string> findings() {
    NoProgress progress;
    const auto verified = verify_catalog(archive_, {.now = Now}, progress);
    if (!verified) return {verified.error().message()};
    std::vector<std::string> found;
    for (const auto& finding : verified->findings)
      found.push_back(fmt::format("{}: {}", finding.reason, finding.place));
    return found;
  }
  Path file(int number) { return archive_.root() / export_path(number); }

  const journal::Actor Clerk{.uid = 1000, .sudo_user = "amelie", .host = "archive-1"};
  const WallTime Now = *parse_rfc3339("2026-11-20T09:00:00Z");
  const Acting acting_{.actor = Clerk, .now = Now, .lock_wait = 1s};
  test::TemporaryFolder folder_;
  catalog::Archive archive_;
};

TEST_F(ExportRegisterTest, D10_ExportsOfAMeetingAreListedWithTheirDigests) {
  EXPECT_TRUE(registered_exports(archive_)->empty());
  ASSERT_TRUE(enter(record({First, Second})));
  ASSERT_TRUE(enter(record({Second}, "/out/other.tar")));
  const auto of_second = exports_of(archive_, Second);
  ASSERT_EQ(of_second->size(), 2u);
  EXPECT_EQ(of_second->front().recipient, "Archives départementales");
  EXPECT_EQ(of_second->front().by.sudo_user, "amelie");
  EXPECT_EQ(of_second->front().parts.front().digest, fixity::digest_of(std::string_view("bag")));
  EXPECT_EQ(exports_of(archive_, First)->size(), 1u);
  EXPECT_TRUE(exports_of(archive_, "20261122-080000Z-0000000000")->empty());
}

TEST_F(ExportRegisterTest, WhatIsWrittenIsReadAgainAndHoldsToTheSchema) {
  ASSERT_TRUE(enter(record({First})));
  ExportRecord due = record({First});
  due.number = 1;
  due.exported = Now;
  due.by = {.uid = 1000, .sudo_user = "amelie"};
  EXPECT_EQ(registered_exports(archive_)->front(), due);
  const auto text = read_text(file(1), 1 << 20);
  const auto schema = read_text(Path(GREFFE_SOURCE_DIR) / "schemas/export.schema.json", 1 << 20);
  EXPECT_THAT(*test::violations(*json::parse(*schema), *json::parse(*text)), ElementsAre());
}

TEST_F(ExportRegisterTest, A1_TheJournalTellsOfIdsAndDigestsOnlyBeforeAndAfter) {
  ASSERT_TRUE(enter(record({First})));
  const auto told = rows("SELECT outcome, subjects FROM v_journal WHERE action = 'export' ORDER BY seq");
  EXPECT_THAT(told, ElementsAre(R"(["intended","[\"export-1\",\"20261120-080000Z-0123456789\"]"])",
                                R"(["done","[\"export-1\",\"20261120-080000Z-0123456789\"]"])"));
  for (const std::string& entry : rows("SELECT entry FROM v_journal WHERE action = 'export'")) {
    EXPECT_THAT(entry, testing::Not(HasSubstr("Archives")));
    EXPECT_THAT(entry, testing::Not(HasSubstr("bag.tar")));
  }
}

TEST_F(ExportRegisterTest, AnUnfinishedExportIsGoneOnWithWhereItSaysTheSame) {
  ASSERT_TRUE(enter(record({First}), false));
  {
    const auto registration = ExportRegistration::begin(archive_, acting_);
    EXPECT_EQ((*registration->find_unfinished("/out/bag.tar"))->number, 1);
    EXPECT_FALSE(*registration->find_unfinished("/out/other.tar"));
  }
  ASSERT_TRUE(enter(record({First})));
  EXPECT_EQ(registered_exports(archive_)->size(), 1u);
  ASSERT_TRUE(enter(record({Second}), false));
  ASSERT_TRUE(enter(record({First, Second})));  // other content: another export
  EXPECT_EQ(registered_exports(archive_)->size(), 3u);
}

TEST_F(ExportRegisterTest, ARebuiltCatalogHasTheSameRows) {
  ASSERT_TRUE(enter(record({First, Second})));
  const std::string all = "SELECT * FROM v_exports ORDER BY meeting";
  const auto before = rows(all);
  ASSERT_EQ(before.size(), 2u);
  EXPECT_THAT(before.front(), HasSubstr("versement"));
  std::filesystem::remove(archive_.catalog_file());
  DamageLog damage;
  NoProgress progress;
  ASSERT_TRUE(rebuild_catalog(archive_, acting_, damage, progress));
  EXPECT_EQ(rows(all), before);
  EXPECT_THAT(findings(), ElementsAre());
}

TEST_F(ExportRegisterTest, FilesThatWereChangedOrAreGoneAreFound) {
  ASSERT_TRUE(enter(record({First})));
  ASSERT_TRUE(enter(record({Second})));
  const auto text = read_text(file(1), 1 << 20);
  std::string other = *text;
  other.replace(other.find("versement"), 9, "autrement");
  ASSERT_TRUE(write_text_atomically(file(1), other));
  EXPECT_THAT(findings(),
              ElementsAre("other-export-rows: exports", "other-export-file: exports/export-1.json"));
  const Status indexed = enter(record({Second}, "/elsewhere"));
  ASSERT_FALSE(indexed);
  EXPECT_EQ(indexed.error().kind(), ErrorKind::Integrity);
  ASSERT_TRUE(write_text_atomically(file(1), *text));
  std::filesystem::remove(file(2));
  std::filesystem::remove(file(3));
  EXPECT_THAT(findings(), testing::Contains("missing-export: exports"));
  EXPECT_THAT(findings(), testing::Contains("missing-export-file: exports/export-2.json"));
}

TEST_F(ExportRegisterTest, OtherFilesBesideThemAreNone) {
  ASSERT_TRUE(enter(record({First})));
  for (const char* name : {"export-1 (copy).json", "export-old.json"})
    std::filesystem::copy_file(archive_.exports_folder() / "export-1.json", archive_.exports_folder() / name);
  const auto exports = registered_exports(archive_);
  ASSERT_TRUE(exports) << exports.error().message();
  EXPECT_EQ(exports->size(), 1u);
}

TEST_F(ExportRegisterTest, AHoleInTheNumbersIsNoRegister) {
  ASSERT_TRUE(enter(record({First})));
  ASSERT_TRUE(enter(record({Second})));
  std::filesystem::remove(file(1));
  EXPECT_EQ(registered_exports(archive_).error().kind(), ErrorKind::Integrity);
}

}  // namespace
}  // namespace greffe::custody
