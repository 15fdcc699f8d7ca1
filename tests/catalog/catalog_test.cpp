#include "catalog/catalog.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>

#include "catalog/connection.h"
#include "catalog/dump.h"
#include "catalog/query.h"
#include "catalog/schema.h"
#include "catalog/search.h"
#include "records.h"
#include "support/samples.h"
#include "support/schema.h"

namespace greffe::catalog {
namespace {

using namespace std::chrono_literals;

std::string dump_text(const Catalog& catalog) {
  std::string text;
  const Status dumped = dump(catalog, [&](std::string_view line) {
    text += std::string(line) + "\n";
    return Status();
  });
  EXPECT_TRUE(dumped) << dumped.error().message();
  return text;
}

class CatalogTest : public testing::Test {
 protected:
  Path file() const { return folder_.path() / "catalog.sqlite"; }
  Catalog create() const {
    auto catalog = Catalog::create(file());
    if (!catalog) throw std::runtime_error(catalog.error().message());
    return std::move(*catalog);
  }
  Catalog filled() const {
    Catalog catalog = create();
    for (const MeetingRecord& record : {council(), later()}) {
      const Status put = catalog.put_meeting(record);
      if (!put) throw std::runtime_error(put.error().message());
    }
    return catalog;
  }
  std::vector<std::string> found(const Catalog& catalog, std::vector<std::string> phrases,
                                 SearchOrder order = SearchOrder::NewestFirst) const {
    auto search = CueSearch::open(catalog, phrases, order);
    if (!search) return {search.error().message()};
    std::vector<std::string> texts;
    while (const auto hit = search->next().value()) texts.push_back(hit->text);
    return texts;
  }

  test::TemporaryFolder folder_;
};

TEST_F(CatalogTest, GivesBackTheMeetingThatWasPut) {
  const Catalog catalog = filled();
  EXPECT_EQ(catalog.find_meeting(council().meeting.id).value(), council());
  EXPECT_EQ(catalog.find_meeting(later().meeting.id).value(), later());
  EXPECT_EQ(catalog.find_meeting("gone").value(), std::nullopt);
}

TEST_F(CatalogTest, PuttingAMeetingAgainReplacesAllItsRows) {
  Catalog catalog = filled();
  const std::string before = dump_text(catalog);
  ASSERT_TRUE(catalog.put_meeting(council()));
  EXPECT_EQ(dump_text(catalog), before);
  MeetingRecord changed = council();
  changed.meeting.title = "Other";
  changed.participants.pop_back();
  changed.cues = {{0, 1, "", "pears"}};
  ASSERT_TRUE(catalog.put_meeting(changed));
  EXPECT_EQ(catalog.find_meeting(changed.meeting.id).value(), changed);
  EXPECT_EQ(found(catalog, {"apple"}), std::vector<std::string>{"Those apple trees again"});
  EXPECT_TRUE(catalog.settle());
  EXPECT_TRUE(catalog.check());
}

TEST_F(CatalogTest, ListsNewestFirstWithCounts) {
  const Catalog catalog = filled();
  const auto list = catalog.meetings().value();
  ASSERT_EQ(list.size(), 2u);
  EXPECT_EQ(list[0].meeting, later().meeting);
  EXPECT_EQ(list[1].meeting, council().meeting);
  EXPECT_EQ(list[1].participants, 2);
  EXPECT_EQ(list[1].tracks, 1);
  EXPECT_EQ(list[1].renders, 1);
  EXPECT_EQ(list[1].bytes, 1'000'500);
}

TEST_F(CatalogTest, SearchFindsPhrasesNewestMeetingFirst) {
  const Catalog catalog = filled();
  EXPECT_EQ(found(catalog, {"apple trees"}),
            (std::vector<std::string>{"Those apple trees again", "We planted apple trees."}));
  EXPECT_EQ(
      found(catalog, {"apple", "trees"}),
      (std::vector<std::string>{"Those apple trees again", "We planted apple trees.", "Trees and an apple"}));
  EXPECT_EQ(found(catalog, {"APPLE", "amelie"}), std::vector<std::string>{"We planted apple trees."});
  EXPECT_EQ(found(catalog, {"deja"}), std::vector<std::string>{"Déjà vu"});
  EXPECT_EQ(found(catalog, {"pear"}), std::vector<std::string>{});
  EXPECT_EQ(found(catalog, {"apple trees"}, SearchOrder::Rank).size(), 2u);
}

TEST_F(CatalogTest, SearchNamesMeetingTimeAndSpeaker) {
  const Catalog catalog = filled();
  auto search = CueSearch::open(catalog, {"planted"}, SearchOrder::NewestFirst);
  const auto hit = search->next().value();
  ASSERT_TRUE(hit);
  EXPECT_EQ(hit->meeting, council().meeting.id);
  EXPECT_EQ(hit->title, council().meeting.title);
  EXPECT_EQ(hit->start_ms, 1000);
  EXPECT_EQ(hit->end_ms, 3000);
  EXPECT_EQ(hit->speaker, "Amélie");
}

TEST_F(CatalogTest, R71_HostileTextIsOnlyText) {
  Catalog catalog = create();
  MeetingRecord record = council();
  record.meeting.title = "'; DROP TABLE meetings; --";
  record.participants[0].name = std::string("nul\0byte \x1b[31m", 14);
  record.cues = {{0, 1, "x\" OR 1", "NEAR(a b) AND text : * ^c \" ' ( ) { } + - %_"}};
  ASSERT_TRUE(catalog.put_meeting(record));
  EXPECT_EQ(catalog.find_meeting(record.meeting.id).value(), record);
  for (const char* phrase : {"NEAR(a b)", "text : *", "\"a", "a\"\"b", "^c", "x\" OR 1", "a' OR '1'='1",
                             "speaker:x", "{a b}", "a*"}) {
    auto search = CueSearch::open(catalog, {phrase}, SearchOrder::NewestFirst);
    ASSERT_TRUE(search) << phrase << search.error().message();
    EXPECT_TRUE(search->next()) << phrase;
  }
  EXPECT_EQ(CueSearch::open(catalog, {"!!"}, SearchOrder::NewestFirst).error().kind(), ErrorKind::Usage);
  EXPECT_EQ(CueSearch::open(catalog, {""}, SearchOrder::NewestFirst).error().kind(), ErrorKind::Usage);
  EXPECT_TRUE(CueSearch::open(catalog, {"\xff\xfe"}, SearchOrder::NewestFirst)->next());
}

TEST_F(CatalogTest, R93_ProcessesPutMeetingsAtOnce) {
  create();
  constexpr int Writers = 4;
  constexpr int Each = 5;
  for (int writer = 0; writer < Writers; ++writer)
    if (::fork() == 0) {
      auto catalog = Catalog::open(file());
      int failed = catalog ? 0 : 100;
      for (int i = 0; i < Each && catalog; ++i) {
        MeetingRecord record = council();
        record.meeting.id = fmt::format("20261120-08{:02}{:02}Z-0123456789", writer, i);
        if (!catalog->put_meeting(record)) ++failed;
      }
      ::_exit(failed);
    }
  for (int writer = 0, status = 0; writer < Writers; ++writer) {
    ::wait(&status);
    EXPECT_EQ(status, 0);
  }
  EXPECT_EQ(Catalog::open(file())->meetings()->size(), static_cast<std::size_t>(Writers * Each));
  EXPECT_TRUE(Catalog::open(file())->check());
}

TEST_F(CatalogTest, R93_SaysBusyWhenAnotherWriterKeepsTheLock) {
  create();
  SQLite::Database other(file().string(), SQLite::OPEN_READWRITE);
  other.exec("BEGIN IMMEDIATE");
  auto catalog = Catalog::open(file(), {.lock_wait = 30ms});
  const Status put = catalog ? catalog->put_meeting(council()) : Status(tl::unexpected(catalog.error()));
  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().kind(), ErrorKind::Busy) << put.error().message();
}

TEST_F(CatalogTest, R97_NewerCatalogIsRefused) {
  create();
  SQLite::Database(file().string(), SQLite::OPEN_READWRITE).exec("PRAGMA user_version = 99");
  EXPECT_EQ(Catalog::open(file()).error().kind(), ErrorKind::NoArchive);
  EXPECT_EQ(Catalog::open_read_only(file()).error().kind(), ErrorKind::NoArchive);
}

TEST_F(CatalogTest, R96_WhatIsNoCatalogIsRefusedAndLeftAsItIs) {
  test::write_file(file(),
                   "this is not a database, and long enough to have a header of 100 bytes "
                   "................................");
  const std::string before = test::file_text(file());
  EXPECT_EQ(Catalog::open(file()).error().kind(), ErrorKind::Integrity);
  EXPECT_EQ(Catalog::create(file()).error().kind(), ErrorKind::Integrity);
  EXPECT_EQ(Catalog::open_read_only(file()).error().kind(), ErrorKind::Integrity);
  EXPECT_EQ(test::file_text(file()), before);
  std::filesystem::remove(file());
  SQLite::Database(file().string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec("CREATE TABLE t (x)");
  EXPECT_EQ(Catalog::open(file()).error().kind(), ErrorKind::Integrity);
  EXPECT_FALSE(Catalog::open(folder_.path() / "gone.sqlite"));
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "gone.sqlite"));
}

TEST_F(CatalogTest, R96_DamagedPagesAreFound) {
  { ASSERT_TRUE(filled().settle()); }
  std::string bytes = test::file_text(file());
  for (std::size_t i = 4096; i < bytes.size(); i += 97) bytes[i] = static_cast<char>(bytes[i] ^ 0x55);
  test::write_file(file(), bytes);
  const auto catalog = Catalog::open_read_only(file());
  const Status checked = catalog ? catalog->check() : Status(tl::unexpected(catalog.error()));
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().kind(), ErrorKind::Integrity) << checked.error().message();
}

TEST_F(CatalogTest, R94_ReadsWhereNothingCanBeWritten) {
  { filled(); }
  // Root may write anywhere: the test then stands on what a closed WAL catalog without its -shm file gives.
  ASSERT_EQ(::chmod(file().c_str(), 0440), 0);
  ASSERT_EQ(::chmod(folder_.path().c_str(), 0550), 0);
  const auto catalog = Catalog::open_read_only(file());
  ASSERT_TRUE(catalog) << catalog.error().message();
  EXPECT_EQ(catalog->meetings()->size(), 2u);
  auto writer = Catalog::open_read_only(file());
  EXPECT_FALSE(writer->put_meeting(council()));
  ASSERT_EQ(::chmod(folder_.path().c_str(), 0750), 0);
}

TEST_F(CatalogTest, R95_NoSharedMemoryOnNetworkFileSystems) {
  const auto catalog = Catalog::create(file(), {.on_network = true});
  ASSERT_TRUE(catalog);
  EXPECT_EQ(catalog->connection().database().execAndGet("PRAGMA journal_mode").getString(), "delete");
  const auto local = Catalog::open(file(), {.on_network = false});
  EXPECT_EQ(local->connection().database().execAndGet("PRAGMA journal_mode").getString(), "wal");
}

TEST_F(CatalogTest, EveryConnectionIsHardened) {
  const Catalog catalog = create();
  SQLite::Database& database = catalog.connection().database();
  EXPECT_EQ(database.execAndGet("PRAGMA foreign_keys").getInt(), 1);
  EXPECT_EQ(database.execAndGet("PRAGMA recursive_triggers").getInt(), 1);
  EXPECT_EQ(database.execAndGet("PRAGMA trusted_schema").getInt(), 0);
  EXPECT_EQ(database.execAndGet("PRAGMA synchronous").getInt(), 2);
  EXPECT_EQ(database.execAndGet("PRAGMA application_id").getInt(), ApplicationId);
  database.exec("PRAGMA writable_schema = ON");
  EXPECT_ANY_THROW(database.exec("DELETE FROM sqlite_schema"));
  struct stat status {};
  ASSERT_EQ(::stat(file().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07, 0u);
}

TEST_F(CatalogTest, A6_JournalRowsAreNeitherChangedNorReplaced) {
  Catalog catalog = create();
  const JournalRow row{.seq = 1,
                       .utc = "2026-11-20T10:00:00.000Z",
                       .action = "create",
                       .subjects = "[]",
                       .outcome = "done",
                       .entry = "{}"};
  ASSERT_TRUE(catalog.put_journal({row}));
  ASSERT_TRUE(catalog.put_journal({row}));
  EXPECT_EQ(catalog.journal(1).value(), std::vector<JournalRow>{row});
  EXPECT_EQ(catalog.last_journal_seq().value(), 1);
  SQLite::Database& database = catalog.connection().database();
  EXPECT_ANY_THROW(database.exec("UPDATE journal SET action = 'x'"));
  EXPECT_ANY_THROW(database.exec("DELETE FROM journal"));
  for (const char* change :
       {"INSERT OR REPLACE INTO journal VALUES (1, 'x', 'x', 'x', 'x', 'x')",
        "REPLACE INTO journal VALUES (1, 'x', 'x', 'x', 'x', 'x')", "UPDATE OR REPLACE journal SET seq = 2",
        "INSERT INTO journal VALUES (1, 'x', 'x', 'x', 'x', 'x') "
        "ON CONFLICT (seq) DO UPDATE SET action = 'x'",
        "INSERT INTO journal VALUES ('one', 'x', 'x', 'x', 'x', 'x')"})
    EXPECT_ANY_THROW(database.exec(change)) << change;
  EXPECT_EQ(catalog.journal(1).value(), std::vector<JournalRow>{row});
  const Catalog reader = Catalog::open_read_only(file()).value();
  EXPECT_EQ(reader.connection().database().execAndGet("PRAGMA recursive_triggers").getInt(), 1);
}

// With REPLACE, the row that another unique column collides with would go without its trigger.
TEST_F(CatalogTest, A6_TheJournalIsUniqueByItsNumberAlone) {
  const Catalog catalog = create();
  SQLite::Database& database = catalog.connection().database();
  EXPECT_EQ(database.execAndGet("SELECT count(*) FROM pragma_index_list('journal') i WHERE i.\"unique\" = 1")
                .getInt(),
            0);
  EXPECT_EQ(database.execAndGet("SELECT strict FROM pragma_table_list('journal')").getInt(), 1);
}

// A catalog that takes the place of another meets nobody who has that one open, readers neither.
TEST_F(CatalogTest, WhoeverShutsOthersOutIsAlone) {
  create();
  const auto opened = [&](Access access, std::chrono::milliseconds lock_wait) {
    return Connection::open(file(), access, {.lock_wait = lock_wait});
  };
  auto mine = opened(Access::Write, 10ms);
  ASSERT_TRUE(mine);
  {
    const auto reader = opened(Access::Read, 10ms);
    ASSERT_TRUE(reader);
    const Status alone = mine->shut_out_others();
    ASSERT_FALSE(alone);
    EXPECT_EQ(alone.error().kind(), ErrorKind::Busy);
  }
  ASSERT_TRUE(mine->shut_out_others());
  for (const Access access : {Access::Read, Access::Write})
    EXPECT_EQ(opened(access, 10ms).error().kind(), ErrorKind::Busy);
  std::jthread later([&] {
    std::this_thread::sleep_for(30ms);
    auto closed = std::move(mine);
  });
  EXPECT_TRUE(opened(Access::Write, 10s));
}

// Who comes first to a new catalog makes its WAL, for which SQLite waits for nobody.
TEST_F(CatalogTest, ManyMayComeAtOnceToACatalogWithoutAWal) {
  for (int round = 0; round < 5; ++round) {
    ASSERT_TRUE(Connection::open(file(), round == 0 ? Access::Create : Access::Write, {})->leave_wal());
    std::vector<std::jthread> comers;
    for (int i = 0; i < 4; ++i)
      comers.emplace_back([&] { EXPECT_TRUE(Connection::open(file(), Access::Write, {})); });
  }
}

TEST(Dump, ItsSchemaHasEveryTable) {
  const auto text = read_text(Path(GREFFE_SOURCE_DIR) / "schemas/row.schema.json", 1 << 20);
  ASSERT_TRUE(text);
  const json::Value schema = json::parse(*text).value();
  const auto row_of = [](std::string_view table) {
    return json::Object{{"schema", "greffe.row/1"}, {"table", table}, {"row", json::Object{{"id", 1}}}};
  };
  for (const TableShape& table : dumped_tables())
    EXPECT_TRUE(test::violations(schema, row_of(table.name))->empty()) << table.name;
  EXPECT_FALSE(test::violations(schema, row_of("tapes"))->empty());
}

TEST_F(CatalogTest, DumpAndLoadGiveTheSameRows) {
  Catalog catalog = filled();
  ASSERT_TRUE(catalog.put_journal({{1, "2026-11-20T10:00:00.000Z", "create", "[]", "done", "{}"}}));
  const std::string text = dump_text(catalog);
  const auto load_text = [&](std::string rest, const Path& target) {
    auto other = Catalog::create(target);
    Status loaded = load(*other, [&]() -> Result<std::optional<std::string>> {
      if (rest.empty()) return std::nullopt;
      const std::string line = rest.substr(0, rest.find('\n'));
      rest.erase(0, line.size() + 1);
      return line;
    });
    EXPECT_EQ(loaded.has_value(), dump_text(*other) == text);
    return loaded;
  };
  const Status loaded = load_text(text, folder_.path() / "other.sqlite");
  ASSERT_TRUE(loaded) << loaded.error().message();
  const Status cut =
      load_text(text.substr(0, text.rfind('\n', text.size() - 2) + 1), folder_.path() / "cut.sqlite");
  ASSERT_FALSE(cut);
  EXPECT_NE(cut.error().message().find("cut short"), std::string::npos);
  EXPECT_FALSE(load_text("", folder_.path() / "empty.sqlite"));
  EXPECT_FALSE(load_text("{}\n", folder_.path() / "none.sqlite"));
  EXPECT_FALSE(load_text(text + text.substr(text.find('\n') + 1), folder_.path() / "twice.sqlite"));
}

TEST_F(CatalogTest, BackupIsACheckedCopyInOneFile) {
  const Catalog catalog = filled();
  const Path target = folder_.path() / "backup.sqlite";
  const Status backed_up = catalog.back_up(target);
  ASSERT_TRUE(backed_up) << backed_up.error().message();
  EXPECT_FALSE(std::filesystem::exists(target.string() + "-wal"));
  EXPECT_EQ(dump_text(*Catalog::open_read_only(target)), dump_text(catalog));
  EXPECT_FALSE(catalog.back_up(target));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_.path()), {}),
            4);  // catalog, -wal, -shm, copy
}

TEST_F(CatalogTest, QueryReadsAndDoesNothingElse) {
  { filled(); }
  const Catalog catalog = Catalog::open_read_only(file()).value();
  auto query =
      Query::open(catalog, "SELECT title, duration_ms, NULL, 0.5, x'ff' FROM meetings ORDER BY title;");
  ASSERT_TRUE(query) << query.error().message();
  EXPECT_EQ(query->columns().front(), "title");
  EXPECT_EQ(*query->next().value(),
            (std::vector<json::Value>{"Council of November", 60'000, json::Value(), 0.5, "ff"}));
  EXPECT_TRUE(query->next().value());
  EXPECT_FALSE(query->next().value());
  auto words = Query::open(catalog, "SELECT text FROM cue_words WHERE cue_words MATCH 'apple'");
  ASSERT_TRUE(words) << words.error().message();
  EXPECT_TRUE(words->next().value());
  for (const char* bad :
       {"DELETE FROM meetings", "DROP TABLE meetings", "PRAGMA query_only = OFF", "PRAGMA user_version = 9",
        "ATTACH '/tmp/x' AS x", "SELECT load_extension('x')", "SELECT 1; SELECT 2", "", "-- nothing",
        "VACUUM INTO '/tmp/x'", "SELEKT", "BEGIN", "INSERT INTO journal VALUES (9,'','','','','')",
        "CREATE TEMP TABLE x (y)", "SELECT * FROM nothing", "SELECT \"nothing\""}) {
    const auto refused = Query::open(catalog, bad);
    ASSERT_FALSE(refused) << bad;
    EXPECT_EQ(refused.error().kind(), ErrorKind::Usage) << bad;
  }
}

}  // namespace
}  // namespace greffe::catalog
