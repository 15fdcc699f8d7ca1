#include "journal/journal.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file_lock.h"
#include "journal/segment.h"
#include "support/samples.h"

namespace greffe::journal {
namespace {

using namespace std::chrono_literals;

const WallTime November = *parse_rfc3339("2026-11-20T10:00:00Z");
const WallTime December = *parse_rfc3339("2026-12-01T00:00:00Z");

Actor clerk() {
  const char* argv[] = {"greffe-ingest", "council"};
  return {.uid = 1000, .sudo_user = "amelie", .host = "archive-1", .argv = digest_of_arguments(2, argv)};
}

class JournalTest : public testing::Test {
 protected:
  Journal journal() const { return Journal(folder_.path(), clerk(), 1s); }
  JournalEntry append(const std::string& subject, WallTime now = November) {
    auto entry = journal().append({.action = "ingest", .subjects = {subject}}, now);
    EXPECT_TRUE(entry) << entry.error().message();
    return entry.value_or(JournalEntry{});
  }
  std::vector<std::string> subjects(std::int64_t first_seq = 1) const {
    std::vector<std::string> found;
    auto reader = JournalReader::open(folder_.path(), first_seq);
    while (auto entry = reader->next().value())
      found.push_back(entry->event.subjects.empty() ? "" : entry->event.subjects[0]);
    return found;
  }
  ChainCheck check() const { return check_chain(folder_.path()).value(); }
  std::string text(const char* segment = "2026-11.jsonl") const {
    return test::file_text(folder_.path() / segment);
  }
  void write(const std::string& text, const char* segment = "2026-11.jsonl") {
    test::write_file(folder_.path() / segment, text);
  }

  test::TemporaryFolder folder_;
};

TEST_F(JournalTest, A1_LinesAreCanonicalAndReadBackAsTheyWereWritten) {
  const FileChange change{
      .file = "meetings/x/meeting.json", .before = fixity::digest_of("1"), .after = fixity::digest_of("2")};
  const auto written = journal().append({.action = "edit",
                                         .subjects = {"m1", "m2"},
                                         .files = {change},
                                         .outcome = "intended",
                                         .policy_version = "p3"},
                                        November);
  ASSERT_TRUE(written) << written.error().message();
  auto reader = JournalReader::open(folder_.path());
  EXPECT_EQ(reader->next().value(), *written);
  EXPECT_EQ(reader->line(), canonical_line(*written));
  EXPECT_EQ(text(), canonical_line(*written) + "\n");
  EXPECT_TRUE(text().starts_with(
      "{\"action\":\"edit\",\"actor\":{\"host\":\"archive-1\",\"sudo_user\":\"amelie\",\"uid\":1000}"));
  EXPECT_EQ(reader->next().value(), std::nullopt);
}

TEST_F(JournalTest, A2_ChainRunsAcrossSegments) {
  append("a");
  append("b");
  append("c", December);
  append("d", December);
  EXPECT_EQ(subjects(), (std::vector<std::string>{"a", "b", "c", "d"}));
  EXPECT_EQ(subjects(3), (std::vector<std::string>{"c", "d"}));
  EXPECT_EQ(subjects(2), (std::vector<std::string>{"b", "c", "d"}));
  EXPECT_EQ(subjects(5), std::vector<std::string>{});
  const ChainCheck found = check();
  EXPECT_TRUE(found.holds());
  EXPECT_EQ(found.entries, 4);
  EXPECT_EQ(found.head.digest, fixity::digest_of(text("2026-12.jsonl")
                                                     .substr(text("2026-12.jsonl").find('\n') + 1,
                                                             text("2026-12.jsonl").size() -
                                                                 text("2026-12.jsonl").find('\n') - 2)));
}

TEST_F(JournalTest, A2_SeveralEntriesAreChainedInTheirOrder) {
  append("first");
  const std::vector<Event> events{{.action = "hold-cover", .subjects = {"second"}},
                                  {.action = "hold-cover", .subjects = {"third"}}};
  ASSERT_TRUE(journal().append(events, November));
  ASSERT_TRUE(journal().append(std::span<const Event>(), November));
  append("fourth");
  EXPECT_EQ(subjects(), (std::vector<std::string>{"first", "second", "third", "fourth"}));
  EXPECT_TRUE(check().holds());
  EXPECT_EQ(check().entries, 4);
}

TEST_F(JournalTest, OfSeveralEntriesWithOneTooLongNoneIsWritten) {
  append("first");
  const std::string before = text();
  const std::vector<Event> events{{.action = "short"},
                                  {.action = "long", .subjects = {std::string(LargestLine, 'x')}}};
  EXPECT_FALSE(journal().append(events, November));
  EXPECT_EQ(text(), before);
}

TEST_F(JournalTest, R98_ClockSetBackBreaksNoOrder) {
  append("a", December);
  append("b", November);
  EXPECT_EQ(subjects(), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(segments_in(folder_.path()).value(), std::vector<std::string>{"2026-12.jsonl"});
  EXPECT_TRUE(check().holds());
}

TEST_F(JournalTest, R92_TornLastLineIsCutAndTold) {
  append("a");
  append("b");
  const std::string whole = text();
  const std::size_t first = whole.find('\n') + 1;
  for (std::size_t size = first + 1; size + 1 < whole.size(); size += 7) {
    write(whole.substr(0, size));
    EXPECT_EQ(subjects(), std::vector<std::string>{"a"}) << size;
    EXPECT_EQ(check().torn_bytes, size - first);
    append("c");
    EXPECT_EQ(subjects(), (std::vector<std::string>{"a", "", "c"})) << size;
    auto reader = JournalReader::open(folder_.path(), 2);
    const auto healed = reader->next().value();
    ASSERT_TRUE(healed);
    EXPECT_EQ(healed->event.action, "heal-journal");
    EXPECT_EQ(healed->event.files[0].before, fixity::digest_of(whole.substr(first, size - first)));
    EXPECT_TRUE(check().holds());
    EXPECT_EQ(check().torn_bytes, 0u);
  }
}

TEST_F(JournalTest, R92_LastLineThatLacksOnlyItsNewlineIsKept) {
  append("a");
  append("b");
  write(text().substr(0, text().size() - 1));
  append("c");
  EXPECT_EQ(subjects(), (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_TRUE(check().holds());
}

TEST_F(JournalTest, R92_FirstLineOfASegmentMayBeTorn) {
  append("a");
  write("{\"act", "2026-12.jsonl");
  append("b", December);
  EXPECT_EQ(subjects(), (std::vector<std::string>{"a", "", "b"}));
  EXPECT_TRUE(check().holds());
}

TEST_F(JournalTest, R100_EverySingleChangedByteIsFound) {
  append("a");
  append("b");
  append("c", December);
  const std::string whole = text();
  for (std::size_t i = 0; i < whole.size(); ++i) {
    std::string changed = whole;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    write(changed);
    EXPECT_FALSE(check().holds()) << i << " " << changed[i];
  }
  write(whole);
  EXPECT_TRUE(check().holds());
}

TEST_F(JournalTest, R100_LinesTakenOutOrSwappedAreFound) {
  append("a");
  append("b");
  append("c");
  const std::string whole = text();
  const std::size_t first = whole.find('\n') + 1;
  const std::size_t second = whole.find('\n', first) + 1;
  write(whole.substr(0, first) + whole.substr(second));
  EXPECT_EQ(check().reason, "broken-sequence");
  EXPECT_EQ(check().place, "2026-11.jsonl: line 2");
  EXPECT_EQ(check().entries, 1);
  write(whole.substr(0, first) + "nonsense\n" + whole.substr(second));
  EXPECT_EQ(check().reason, "not-an-entry");
  write(whole.substr(first));
  EXPECT_FALSE(check().holds());
}

TEST_F(JournalTest, NothingIsChainedToALineThatIsNoEntry) {
  append("a");
  write(text() + "nonsense\n");
  const auto refused = journal().append({.action = "ingest"}, November);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind(), ErrorKind::Integrity);
}

TEST_F(JournalTest, R93_ProcessesAppendAtOnce) {
  constexpr int Writers = 4;
  constexpr int Each = 10;
  for (int writer = 0; writer < Writers; ++writer)
    if (::fork() == 0) {
      int failed = 0;
      for (int i = 0; i < Each; ++i)
        if (!Journal(folder_.path(), clerk(), 30s).append({.action = "ingest"}, November)) ++failed;
      ::_exit(failed);
    }
  for (int writer = 0, status = 0; writer < Writers; ++writer) {
    ::wait(&status);
    EXPECT_EQ(status, 0);
  }
  EXPECT_TRUE(check().holds());
  EXPECT_EQ(check().entries, Writers * Each);
}

TEST_F(JournalTest, R93_WaitsForTheLockAndSaysBusy) {
  append("a");
  const auto held = FileLock::acquire(folder_.path() / "lock", 0ms);
  const auto refused = Journal(folder_.path(), clerk(), 20ms).append({.action = "ingest"}, November);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind(), ErrorKind::Busy);
}

TEST_F(JournalTest, EmptyOrMissingFolderIsAnEmptyJournal) {
  EXPECT_TRUE(check().holds());
  EXPECT_EQ(check().head, Head{});
  EXPECT_TRUE(check_chain(folder_.path() / "gone")->holds());
}

TEST(JournalEntry, MembersOfLaterVersionsAreKeptInTheBytes) {
  const std::string line = canonical_line({.seq = 1});
  const std::string later = "{\"aaa\":1," + line.substr(1);
  EXPECT_TRUE(entry_of_line(line));
  EXPECT_TRUE(entry_of_line(later));
  EXPECT_FALSE(entry_of_line(" " + line));
  EXPECT_FALSE(entry_of_line("{\"schema\":\"greffe.journal/2\"," + line.substr(1)));
}

TEST(DigestOfArguments, TellsWhereOneEndsAndTheNextBegins) {
  const char* two[] = {"ab", "c"};
  const char* other[] = {"a", "bc"};
  EXPECT_NE(digest_of_arguments(2, two), digest_of_arguments(2, other));
}

}  // namespace
}  // namespace greffe::journal
