// A thousand entries and a checkpoint over them: whatever is changed is found.
#include <gtest/gtest.h>

#include <random>

#include "journal/chain_walk.h"
#include "journal/check_journal.h"
#include "journal/checkpoint_folder.h"
#include "support/samples.h"

namespace greffe::journal {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t Entries = 1000;
// Of what is tried, one in so many: all, but where a sanitizer makes everything slow.
#if defined(__SANITIZE_ADDRESS__)
constexpr std::size_t OneIn = 20;
#elif defined(__has_feature)
constexpr std::size_t OneIn = __has_feature(address_sanitizer) ? 20 : 1;
#else
constexpr std::size_t OneIn = 1;
#endif
const WallTime Start = *parse_rfc3339("2026-11-20T10:00:00Z");

Event event_of(std::size_t number) {
  const std::string id = fmt::format("20261120-{:06}Z-0123456789", number);
  Event event{.action = number % 3 == 0 ? "ingest" : "edit", .subjects = {id}};
  if (number % 2 == 0)
    event.files.push_back({.file = "meetings/" + id + "/meeting.json", .after = fixity::digest_of(id)});
  if (number % 5 == 0) event.outcome = "intended";
  return event;
}

JournalEntry next_entry(const Head& head, Event event) {
  return {.seq = head.seq + 1,
          .utc = Start + std::chrono::seconds(head.seq),
          .actor = {.uid = 1000, .host = "archive-1"},
          .event = std::move(event),
          .prev = head.digest};
}

std::vector<std::string> written_lines() {
  std::vector<std::string> lines;
  Head head;
  for (std::size_t i = 0; i < Entries; ++i) {
    lines.push_back(canonical_line(next_entry(head, event_of(i))));
    head = {.seq = head.seq + 1, .digest = fixity::digest_of(lines.back())};
  }
  return lines;
}

// The lines with numbers and chain as if they had been written so.
std::vector<std::string> chained_anew(const std::vector<std::string>& lines) {
  std::vector<std::string> chained;
  Head head;
  for (const std::string& line : lines) {
    JournalEntry entry = entry_of_line(line).value();
    entry.seq = head.seq + 1;
    entry.prev = head.digest;
    chained.push_back(canonical_line(entry));
    head = {.seq = entry.seq, .digest = fixity::digest_of(chained.back())};
  }
  return chained;
}

// The journal as it was, with the walk kept before each line: a change is checked from where it is, by the
// code that reads whole journals.
class Tampering : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    lines_ = written_lines();
    ChainWalk walk;
    for (const std::string& line : lines_) {
      walks_.push_back(walk);
      ASSERT_FALSE(walk.take(line));
    }
    walks_.push_back(walk);
    root_ = walk.tree().root();
  }
  static void TearDownTestSuite() {
    lines_.clear();
    walks_.clear();
  }

  // Why the journal does not hold in which `text` stands in the place of lines [first, behind); empty when it
  // holds. `text` has its newlines; what is behind its last one joins the next line, or is torn at the end.
  static std::string_view reason_of(std::size_t first, std::size_t behind, std::string text) {
    ChainWalk walk = walks_[first];
    std::optional<fixity::Digest> root_there;
    const auto take = [&](std::string_view line) {
      const auto problem = walk.take(line);
      if (walk.head().seq == static_cast<std::int64_t>(Entries)) root_there = walk.tree().root();
      return problem ? problem->reason : std::string_view();
    };
    while (true) {
      for (auto end = text.find('\n'); end != std::string::npos; end = text.find('\n')) {
        if (const auto why = take(std::string_view(text).substr(0, end)); !why.empty()) return why;
        text.erase(0, end + 1);
      }
      if (behind == lines_.size()) break;
      text += lines_[behind++] + "\n";
    }
    const auto problem =
        contradiction(static_cast<std::int64_t>(Entries), root_, walk.head().seq, root_there);
    return problem ? problem->reason : std::string_view();
  }

  static std::string text_of(std::size_t first, std::size_t behind) {
    std::string text;
    for (std::size_t i = first; i < behind; ++i) text += lines_[i] + "\n";
    return text;
  }

  static std::vector<std::string> lines_;
  static std::vector<ChainWalk> walks_;
  static fixity::Digest root_;
};
std::vector<std::string> Tampering::lines_;
std::vector<ChainWalk> Tampering::walks_;
fixity::Digest Tampering::root_;

TEST_F(Tampering, R100_A8_WhatIsUnchangedHolds) {
  for (std::size_t i = 0; i < Entries; i += 97) EXPECT_EQ(reason_of(i, i + 1, text_of(i, i + 1)), "") << i;
}

TEST_F(Tampering, R100_A8_EverySingleChangedByteIsFound) {
  std::mt19937 random(100);
  std::size_t changes = 0;
  for (std::size_t i = 0; i < Entries; ++i) {
    const std::string whole = text_of(i, i + 1);
    // Of some lines every other value at every place, of all lines one value at every place.
    const bool in_full = i == 0 || i == Entries / 2 || i == Entries - 1;
    for (std::size_t at = i % OneIn; at < whole.size(); at += OneIn)
      for (int value = 1; value < (in_full ? 256 : 2); ++value) {
        std::string changed = whole;
        const int flipped = in_full ? value : static_cast<int>(1 + random() % 255);
        changed[at] = static_cast<char>(changed[at] ^ flipped);
        ++changes;
        ASSERT_NE(reason_of(i, i + 1, changed), "") << "entry " << i + 1 << " byte " << at;
      }
  }
  std::printf("%zu changed bytes, all found\n", changes);
}

TEST_F(Tampering, R100_A8_EveryDeletedLineIsFound) {
  for (std::size_t i = 0; i < Entries; ++i)
    for (const std::size_t count : {1u, 2u, 10u})
      if (i + count <= Entries) {
        const bool is_tail = i + count == Entries;
        ASSERT_EQ(reason_of(i, i + count, ""), is_tail ? reason::TruncatedTail : reason::BrokenSequence) << i;
      }
}

TEST_F(Tampering, R100_A8_EverySwapOfNeighboursIsFound) {
  for (std::size_t i = 0; i + 1 < Entries; ++i)
    ASSERT_EQ(reason_of(i, i + 2, text_of(i + 1, i + 2) + text_of(i, i + 1)), reason::BrokenSequence) << i;
}

TEST_F(Tampering, R100_A8_EveryInsertionIsFound) {
  for (std::size_t i = 0; i < Entries; ++i) {
    const std::string forged = canonical_line(next_entry(walks_[i].head(), {.action = "edit"})) + "\n";
    ASSERT_EQ(reason_of(i, i, forged), reason::BrokenSequence) << i;
    ASSERT_EQ(reason_of(i, i, "\n"), reason::NotAnEntry) << i;
    ASSERT_EQ(reason_of(i, i, "{}\n"), reason::NotAnEntry) << i;
    ASSERT_EQ(reason_of(i, i, lines_[(i + 5) % Entries] + "\n"), reason::BrokenSequence) << i;
  }
}

TEST_F(Tampering, R100_A8_EveryCutOfTheTailIsFound) {
  for (std::size_t i = 0; i < Entries; ++i) {
    const std::string whole = text_of(i, i + 1);
    for (std::size_t size = 0; size < whole.size(); ++size)
      ASSERT_EQ(reason_of(i, Entries, whole.substr(0, size)), reason::TruncatedTail) << i << " " << size;
  }
}

TEST_F(Tampering, R100_A8_EveryCutOutOfTheMiddleIsFound) {
  std::mt19937 random(101);
  for (std::size_t round = 0; round < 20'000 / OneIn; ++round) {
    const std::size_t first = random() % Entries, behind = std::min(Entries, first + 1 + random() % 4);
    std::string text = text_of(first, behind);
    const std::size_t from = random() % text.size();
    text.erase(from, 1 + random() % (text.size() - from));
    ASSERT_NE(reason_of(first, behind, text), "") << first << " " << from;
  }
}

TEST_F(Tampering, A2_A8_WhoWritesTheChainAnewIsFoundByTheCheckpoint) {
  const auto check = [&](std::vector<std::string> lines, std::string_view wanted) {
    std::string text;
    for (const std::string& line : chained_anew(lines)) text += line + "\n";
    ASSERT_EQ(reason_of(0, Entries, std::move(text)), wanted);
  };
  for (std::size_t i = 0; i < Entries; i += 37 * OneIn) {
    std::vector<std::string> changed = lines_, shorter = lines_, longer = lines_, swapped = lines_;
    JournalEntry entry = entry_of_line(lines_[i]).value();
    entry.actor.uid = 4711;
    changed[i] = canonical_line(entry);
    check(changed, reason::InconsistentCheckpoint);
    shorter.erase(shorter.begin() + static_cast<std::ptrdiff_t>(i));
    check(shorter, reason::TruncatedTail);
    // The last line again behind the last is no change, but one more entry.
    if (i + 1 < Entries) {
      shorter.push_back(lines_[i]);
      check(shorter, reason::InconsistentCheckpoint);
      longer.insert(longer.begin() + static_cast<std::ptrdiff_t>(i), lines_[i]);
      check(longer, reason::InconsistentCheckpoint);
      std::swap(swapped[i], swapped[i + 1]);
      check(swapped, reason::InconsistentCheckpoint);
    }
  }
}

// The same on files: segments of three months, a signed checkpoint, all of check_journal.
class TamperedFiles : public Tampering {
 protected:
  void SetUp() override {
    places_ = {.journal = folder_.path() / "journal", .keys = folder_.path() / "keys", .origin = "test"};
    const fixity::VerifierKey verifier{.name = "test", .key = key_.public_key()};
    trust_.keys = {verifier};
    std::filesystem::create_directories(places_.checkpoints());
    write(lines_);
    sign(Entries, root_);
  }

  // The lines as segments of 400.
  void write(const std::vector<std::string>& lines) {
    for (int month = 10; month <= 12; ++month) {
      std::string text;
      const std::size_t first = static_cast<std::size_t>(month - 10) * 400;
      for (std::size_t i = first; i < std::min(lines.size(), first + 400); ++i) text += lines[i] + "\n";
      test::write_file(places_.journal / fmt::format("2026-{}.jsonl", month), text);
    }
  }
  void sign(std::size_t size, const fixity::Digest& root) {
    Checkpoint checkpoint{
        .origin = "test", .size = static_cast<std::int64_t>(size), .root = root, .time = Start};
    fixity::SignedNote note{.text = checkpoint.text()};
    note.sign(key_, "test");
    test::write_file(places_.checkpoints() / (checkpoint_name(checkpoint) + CheckpointSuffix),
                     note.written());
  }
  JournalCheck check() const {
    auto check = check_journal(places_, trust_);
    EXPECT_TRUE(check) << check.error().message();
    return std::move(check).value();
  }
  std::vector<std::string> reasons() const {
    std::vector<std::string> found;
    const JournalCheck checked = check();
    for (const Finding& finding : checked.findings.kept()) found.emplace_back(finding.reason);
    return found;
  }

  test::TemporaryFolder folder_;
  fixity::PrivateKey key_ = fixity::PrivateKey::generate();
  JournalPlaces places_;
  JournalTrust trust_{.now = Start};
};

using Reasons = std::vector<std::string>;

TEST_F(TamperedFiles, A8_EachReasonIsNamed) {
  EXPECT_EQ(reasons(), Reasons{});
  EXPECT_EQ(check().root, root_);
  EXPECT_EQ(check().newest->size, static_cast<std::int64_t>(Entries));
  std::vector<std::string> lines = lines_;
  lines[500] += " ";
  write(lines);
  EXPECT_EQ(reasons(), (Reasons{"not-an-entry", "inconsistent-checkpoint"}));
  EXPECT_EQ(check().findings.kept()[0].place, "journal/2026-11.jsonl: line 101");
  lines = lines_;
  lines.erase(lines.begin() + 700);
  write(lines);
  EXPECT_EQ(reasons(), (Reasons{"broken-sequence", "truncated-tail"}));
  lines = lines_;
  lines.pop_back();
  write(lines);
  EXPECT_EQ(reasons(), Reasons{"truncated-tail"});
  write(chained_anew({lines_.begin() + 1, lines_.end()}));
  EXPECT_EQ(reasons(), Reasons{"truncated-tail"});
  lines = lines_;
  lines[3] = lines[4];
  write(chained_anew(lines));
  EXPECT_EQ(reasons(), Reasons{"inconsistent-checkpoint"});
}

TEST_F(TamperedFiles, A8_ASegmentThatIsGoneOrTornInTheMiddleIsFound) {
  std::filesystem::remove(places_.journal / "2026-11.jsonl");
  EXPECT_EQ(reasons(), (Reasons{"broken-sequence", "truncated-tail"}));
  write(lines_);
  const Path middle = places_.journal / "2026-11.jsonl";
  const std::string text = test::file_text(middle);
  test::write_file(middle, text.substr(0, text.size() - 1));
  EXPECT_EQ(reasons(), (Reasons{"not-an-entry", "truncated-tail"}));
}

TEST_F(TamperedFiles, A3_EveryByteOfACheckpointCounts) {
  Path file;
  for (const auto& entry : std::filesystem::directory_iterator(places_.checkpoints())) file = entry.path();
  const std::string whole = test::file_text(file);
  const auto lines = [&](std::int64_t size) {  // a short journal will do
    write({lines_.begin(), lines_.begin() + size});
  };
  lines(0);
  for (std::size_t i = 0; i < whole.size(); ++i) {
    std::string changed = whole;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    test::write_file(file, changed);
    const JournalCheck checked = check();
    EXPECT_TRUE(checked.findings.has(reason::NotACheckpoint) || checked.findings.has(reason::BadSignature))
        << i;
  }
}

TEST_F(TamperedFiles, A8_SinceReadsOnlyWhatCameLater) {
  const std::int64_t size = 900;
  const fixity::Digest root = walks_[900].tree().root();
  trust_.since = KnownHead{"test", size, root, "since"};
  EXPECT_EQ(reasons(), Reasons{});
  EXPECT_EQ(check().unread, size);
  // A change before the head shows in the root, and is then looked for line by line.
  std::vector<std::string> lines = lines_;
  lines[10] = lines[11];
  write(lines);
  EXPECT_EQ(reasons(), (Reasons{"broken-sequence", "inconsistent-checkpoint", "inconsistent-checkpoint"}));
  lines = lines_;
  lines[950] = lines[951];
  write(lines);
  EXPECT_EQ(reasons(), (Reasons{"broken-sequence", "inconsistent-checkpoint"}));
}

TEST_F(TamperedFiles, A8_HeadsOfOthersAndStaleHeads) {
  trust_.heads = {KnownHead{"other", 1, root_, "a"}};
  EXPECT_EQ(reasons(), Reasons{"inconsistent-checkpoint"});
  trust_.heads = {KnownHead{"test", 600, walks_[600].tree().root(), "b"},
                  KnownHead{"test", 0, walks_[0].tree().root(), "c"}};
  EXPECT_EQ(reasons(), Reasons{});
  trust_.max_age = 1h;
  trust_.now = Start + 1h;
  EXPECT_EQ(reasons(), Reasons{});
  trust_.now += 1ms;
  EXPECT_EQ(reasons(), Reasons{"stale-head"});
}

}  // namespace
}  // namespace greffe::journal
