#include "catalog/archive.h"

#include <gtest/gtest.h>

#include "support/samples.h"

namespace greffe::catalog {
namespace {

const ArchiveDescription Greffe{.id = "00112233445566778899aabbccddeeff", .owner = "Commune d'Éxemple"};
constexpr const char* First = "20261120-080000Z-0123456789";
constexpr const char* Second = "20261120-080000Z-01aaaaaaaa";
constexpr const char* Third = "20270101-000000Z-0123456789";

class ArchiveTest : public testing::Test {
 protected:
  Archive made() const {
    const auto archive = Archive::prepare(root(), Greffe);
    if (!archive || !archive->publish()) throw std::runtime_error("no archive");
    return *archive;
  }
  Path root() const { return folder_.path() / "archive"; }
  test::TemporaryFolder folder_;
};

TEST_F(ArchiveTest, OpensWhatItMade) {
  made();
  EXPECT_EQ(Archive::open(root())->description(), Greffe);
  EXPECT_EQ(Archive::prepare(root(), {.id = "other"})->description(), Greffe);
}

TEST_F(ArchiveTest, IsNoneUntilPublished) {
  ASSERT_TRUE(Archive::prepare(root(), Greffe));
  EXPECT_EQ(Archive::open(root()).error().kind(), ErrorKind::NoArchive);
  made();
  EXPECT_TRUE(Archive::open(root()));
}

TEST_F(ArchiveTest, R97_MissingOrNewerIsNoArchive) {
  EXPECT_EQ(Archive::open(root()).error().kind(), ErrorKind::NoArchive);
  for (const char* newer :
       {R"({"schema":"greffe.archive/2","format":2,"id":"x","policy_time_zone":"UTC"})",
        R"({"schema":"greffe.archive/1","format":2,"id":"x","policy_time_zone":"UTC"})"}) {
    test::write_file(root() / "archive.json", newer);
    EXPECT_EQ(Archive::open(root()).error().kind(), ErrorKind::NoArchive) << newer;
  }
  for (const char* bad :
       {"", "{}", "[]", R"({"schema":"other/1","format":1,"id":"x","policy_time_zone":"UTC"})"}) {
    test::write_file(root() / "archive.json", bad);
    EXPECT_EQ(Archive::open(root()).error().kind(), ErrorKind::Failed) << bad;
  }
}

TEST_F(ArchiveTest, DoesNotMoveInWithFilesOfOthers) {
  test::write_file(root() / "holiday.jpg", "x");
  EXPECT_EQ(Archive::prepare(root(), Greffe).error().kind(), ErrorKind::Usage);
}

TEST_F(ArchiveTest, R70_MeetingIdsAreNothingElse) {
  EXPECT_TRUE(is_meeting_id(First));
  for (const char* bad :
       {"", "20261120-080000Z-012345678", "20261120-080000Z-0123456789a", "20261120-080000Z-012345678G",
        "../../..-080000Z-0123456789", "20261120/080000Z-0123456789", "20261120-080000Z-ABCDEF0123"})
    EXPECT_FALSE(is_meeting_id(bad)) << bad;
}

TEST_F(ArchiveTest, FindsAMeetingByUniquePrefix) {
  const Archive archive = made();
  for (const char* id : {First, Second, Third}) ASSERT_TRUE(make_directories(archive.meeting_folder(id)));
  ASSERT_TRUE(make_directories(archive.root() / "meetings/2026/11/20/20261120-lost+found"));
  ASSERT_TRUE(make_directories(archive.root() / "meetings/2026/11/21" / First));
  EXPECT_EQ(archive.meeting_ids().value(), (std::vector<std::string>{First, Second, Third}));
  EXPECT_EQ(archive.find_meeting(First).value(), First);
  EXPECT_EQ(archive.find_meeting("20261120-080000Z-01a").value(), Second);
  EXPECT_EQ(archive.find_meeting("2027").value(), Third);
  EXPECT_EQ(archive.find_meeting("202701").value(), Third);
  for (const char* bad :
       {"2026", "20261120-080000Z-01", "2025", "", "../..", "x", "20261120-080000Z-0123456780"})
    EXPECT_EQ(archive.find_meeting(bad).error().kind(), ErrorKind::Usage) << bad;
}

TEST_F(ArchiveTest, PathsAreThoseOfTheDesign) {
  const Archive archive = made();
  EXPECT_EQ(Archive::meeting_path(First), "meetings/2026/11/20/20261120-080000Z-0123456789");
  EXPECT_EQ(archive.meeting_folder(First), root() / Archive::meeting_path(First));
  EXPECT_EQ(archive.journal_folder(), root() / "journal");
  EXPECT_EQ(random_archive_id().size(), 32u);
  EXPECT_NE(random_archive_id(), random_archive_id());
}

}  // namespace
}  // namespace greffe::catalog
