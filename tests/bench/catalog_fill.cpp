// Fills a new archive with meetings that never were: rows of the catalog and a journal that tells of them, no
// folders. Through the rooms of the house, so that schema and journal are the real ones. The same numbers
// give the same archive.
//
// usage: catalog_fill ARCHIVE MEETINGS CUES_PER_MEETING
#include <SQLiteCpp/SQLiteCpp.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <iostream>
#include <random>

#include "catalog/archive.h"
#include "catalog/catalog.h"
#include "journal/entry.h"
#include "journal/journal.h"
#include "journal/segment.h"

namespace {

using namespace greffe;
using namespace std::chrono_literals;
using Random = std::mt19937_64;

constexpr std::size_t AtOnce = 5000;
constexpr std::int64_t FirstSecond = 1'609'459'200;  // 2021-01-01
constexpr std::int64_t LastSecond = 1'793'491'200;   // 2026-11-01

std::size_t below(Random& random, std::size_t count) { return static_cast<std::size_t>(random() % count); }
double portion(Random& random) { return static_cast<double>(random() >> 11) * 0x1p-53; }

// Numbers from 0, the more seldom the higher: r is taken with a weight of 1 / (r + 1)^power.
class Zipf {
 public:
  Zipf(std::size_t count, double power) {
    double sum = 0;
    for (std::size_t i = 0; i < count; ++i)
      sums_.push_back(sum += std::pow(static_cast<double>(i) + 1.0, -power));
  }
  std::size_t operator()(Random& random) const {
    const auto at = std::upper_bound(sums_.begin(), sums_.end(), portion(random) * sums_.back());
    return std::min(static_cast<std::size_t>(at - sums_.begin()), sums_.size() - 1);
  }

 private:
  std::vector<double> sums_;
};

// Words of syllables: "w0" is the most frequent by another name, so that scripts know what to search for.
std::vector<std::string> made_words(std::size_t count, std::uint64_t seed) {
  constexpr std::array<const char*, 20> Onsets{"b", "c", "d", "f",  "g",  "l",  "m",  "n",  "p", "r",
                                               "s", "t", "v", "ch", "gr", "pl", "tr", "qu", "j", "br"};
  constexpr std::array<const char*, 12> Vowels{"a",  "e",  "i",  "o",  "u",  "é",
                                               "ou", "an", "on", "ai", "in", "è"};
  Random random(seed);
  std::vector<std::string> words;
  for (std::size_t i = 0; i < count; ++i) {
    std::string word;
    for (std::size_t syllables = 1 + (i > 60) + (i > 2000) + below(random, 2); syllables > 0; --syllables)
      word += std::string(Onsets[below(random, Onsets.size())]) + Vowels[below(random, Vowels.size())];
    words.push_back(word + (i > 20'000 ? std::to_string(i % 100) : ""));
  }
  return words;
}

class MeetingMaker {
 public:
  MeetingMaker(std::size_t count, std::size_t cues)
      : count_(count),
        cues_(cues),
        word_(60'000, 1.05),
        person_(20'000, 0.7),
        words_(made_words(60'000, 1)),
        names_(made_words(4000, 2)) {
    // Known words in four places of the frequencies: of 20 million cues 12 million have the first, 50,000 the
    // second, 1400 the third, 200 the last.
    words_[0] = "commune";
    words_[300] = "budget";
    words_[9'000] = "assainissement";
    words_[55'000] = "zostère";
  }

  // The meeting entered as number `i`. One in thirty was held years before it was entered.
  catalog::MeetingRecord make(std::size_t i) {
    const std::int64_t span = LastSecond - FirstSecond;
    const auto part = static_cast<std::int64_t>(i);
    std::int64_t second = FirstSecond + part * span / static_cast<std::int64_t>(count_);
    entered_ = second + 86'400;
    if (below(random_, 30) == 0) second = FirstSecond + (second - FirstSecond) / 3;
    second -= second % 900;  // meetings begin on the quarter of an hour
    constexpr std::array<const char*, 5> Classes{"council", "committee", "team", "hearing", ""};
    constexpr std::array<const char*, 3> Origins{"janus", "livekit", "rtpdump"};
    const CivilTime civil = civil_time(WallTime(std::chrono::seconds(second)));
    catalog::MeetingRecord record;
    const std::string digest = fixity::digest_of(fmt::format("dump {}", i)).hex();
    record.meeting = {
        .id = fmt::format("{:04}{:02}{:02}-{:02}{:02}{:02}Z-{}", civil.year, civil.month, civil.day,
                          civil.hour, civil.minute, civil.second, digest.substr(0, 10)),
        .title = sentence(3),
        .start_unix_ms = second * 1000,
        .duration_ms = static_cast<std::int64_t>(600'000 + below(random_, 7'200'000)),
        .origin = Origins[below(random_, Origins.size())],
        .meeting_class = Classes[std::min<std::size_t>(below(random_, 9), 4)],
        .manifest = fixity::digest_of(fmt::format("manifest {}", i))};
    add_people(record);
    add_files(record);
    for (std::size_t cue = 0; cue < cues_; ++cue) {
      const auto start = static_cast<std::int64_t>(cue) * 4000;
      record.cues.push_back({start, start + 3500,
                             record.participants[below(random_, record.participants.size())].name,
                             sentence(5 + below(random_, 10))});
    }
    return record;
  }
  // When it was entered.
  WallTime entered() const { return WallTime(std::chrono::seconds(entered_)); }

 private:
  std::string sentence(std::size_t length) {
    std::string text;
    for (std::size_t i = 0; i < length; ++i) text += (i ? " " : "") + words_[word_(random_)];
    return text;
  }

  void add_people(catalog::MeetingRecord& record) {
    const std::size_t people = 2 + below(random_, 5);
    while (record.participants.size() < people) {
      const std::size_t person = person_(random_);
      const std::string id = fmt::format("u{}", person);
      const bool there = std::any_of(record.participants.begin(), record.participants.end(),
                                     [&](const auto& known) { return known.id == id; });
      if (there) continue;
      // Names of families repeat: twenty thousand people have some hundred in common.
      record.participants.push_back(
          {id, names_[1000 + person % 3000] + " " + names_[person * 7 % 997 % (person % 13 + 1) * 31 % 997]});
    }
  }

  void add_files(catalog::MeetingRecord& record) {
    auto add = [&](const std::string& path, const std::string& kind, std::int64_t bytes) {
      record.assets.push_back({path, kind, bytes, fixity::digest_of(record.meeting.id + path)});
    };
    add("captions/cues.json", "captions", 4000);
    for (const auto& person : record.participants) {
      add("dumps/" + person.id + ".mjr", "dumps", static_cast<std::int64_t>(below(random_, 100'000'000)));
      record.tracks.push_back({.track = person.id + "-microphone-1",
                               .participant = person.id,
                               .role = "microphone",
                               .codec = "opus",
                               .dump = "dumps/" + person.id + ".mjr",
                               .start_ms = 0,
                               .end_ms = record.meeting.duration_ms,
                               .frames = record.meeting.duration_ms / 20,
                               .packets = record.meeting.duration_ms / 20});
    }
    add("meeting.json", "meeting", 2000);
    for (const auto& track : record.tracks) {
      add("tracks/" + track.track + ".mkv", "tracks", static_cast<std::int64_t>(below(random_, 100'000'000)));
      add("tracks/" + track.track + ".track.json", "tracks", 3000);
    }
  }

  Random random_{3};
  std::size_t count_, cues_;
  Zipf word_, person_;
  std::vector<std::string> words_, names_;
  std::int64_t entered_ = 0;
};

// The journal as ingest leaves it, but not synced line by line.
class JournalMaker {
 public:
  explicit JournalMaker(const catalog::Archive& archive) : archive_(archive) {}

  Status begin() {
    GREFFE_TRY(journal::JournalReader reader, journal::JournalReader::open(archive_.journal_folder()));
    while (true) {
      GREFFE_TRY(const auto entry, reader.next());
      if (!entry) return {};
      last_seq_ = entry->seq;
      last_ = fixity::digest_of(reader.line());
    }
  }

  void add(const catalog::MeetingRow& meeting, WallTime when) {
    journal::Event event{
        .action = "ingest",
        .subjects = {meeting.id},
        .files = {{.file = catalog::Archive::meeting_path(meeting.id) + "/manifest-sha256.txt",
                   .before = {},
                   .after = meeting.manifest}},
        .outcome = "intended",
        .policy_version = {}};
    add(event, when);
    event.outcome = "done";
    add(event, when + 3s);
  }

  // Puts what was added into the segments and the catalog.
  Status flush(catalog::Catalog& catalog) {
    for (const auto& [segment, lines] : lines_) {
      const Path path = archive_.journal_folder() / segment;
      GREFFE_CHECK(append(path, lines));
    }
    lines_.clear();
    GREFFE_CHECK(catalog.put_journal(rows_));
    rows_.clear();
    return {};
  }

 private:
  void add(const journal::Event& event, WallTime when) {
    const journal::JournalEntry entry{.seq = ++last_seq_,
                                      .utc = when,
                                      .actor = {.uid = 1000, .sudo_user = {}, .host = "bench", .argv = last_},
                                      .event = event,
                                      .prev = last_};
    std::string line = journal::canonical_line(entry);
    last_ = fixity::digest_of(line);
    lines_[journal::segment_name(when)] += line + "\n";
    const json::Array subjects(event.subjects.begin(), event.subjects.end());
    rows_.push_back({.seq = entry.seq,
                     .utc = rfc3339(when),
                     .action = event.action,
                     .subjects = json::write(subjects),
                     .outcome = event.outcome,
                     .entry = std::move(line)});
  }

  static Status append(const Path& path, const std::string& lines) {
    std::FILE* file = std::fopen(path.c_str(), "ab");
    if (file == nullptr) return fail_errno(path.string());
    const bool written = std::fwrite(lines.data(), 1, lines.size(), file) == lines.size();
    return std::fclose(file) == 0 && written ? Status() : Status(fail_errno(path.string()));
  }

  const catalog::Archive& archive_;
  std::int64_t last_seq_ = 0;
  fixity::Digest last_{};
  std::map<std::string, std::string> lines_;
  std::vector<catalog::JournalRow> rows_;
};

// While it is filled: nothing has to outlast a crash, and indexes whose order has nothing to do with that of
// the meetings are made at the end, in one go.
class Bulk {
 public:
  explicit Bulk(SQLite::Database& database) : database_(database) {
    for (const char* pragma : {"synchronous = OFF", "cache_size = -500000", "wal_autocheckpoint = 100000"})
      database_.exec(std::string("PRAGMA ") + pragma);
    SQLite::Statement select(database_,
                             "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND name IN "
                             "('assets_by_sha256', 'participants_by_id', 'meetings_by_dumps', "
                             "'journal_by_dumps')");
    while (select.executeStep()) indexes_[select.getColumn(0).getString()] = select.getColumn(1).getString();
    select.reset();
    for (const auto& [name, sql] : indexes_) database_.exec("DROP INDEX " + name);
  }
  void finish() {
    for (const auto& [name, sql] : indexes_) database_.exec(sql);
    database_.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  }

 private:
  SQLite::Database& database_;
  std::map<std::string, std::string> indexes_;
};

Status fill(const Path& root, std::size_t count, std::size_t cues) {
  GREFFE_TRY(catalog::Archive archive,
             catalog::Archive::prepare(root, {.id = std::string(32, '0'), .owner = "bench"}));
  GREFFE_TRY(catalog::Catalog catalog, catalog::Catalog::create(archive.catalog_file()));
  GREFFE_CHECK(archive.publish());
  Bulk bulk(catalog.connection().database());
  MeetingMaker maker(count, cues);
  JournalMaker journal(archive);
  GREFFE_CHECK(journal.begin());
  std::vector<catalog::MeetingRecord> records;
  for (std::size_t i = 0; i < count; ++i) {
    records.push_back(maker.make(i));
    journal.add(records.back().meeting, maker.entered());
    if (records.size() < AtOnce && i + 1 < count) continue;
    GREFFE_CHECK(catalog.put_meetings(records));
    GREFFE_CHECK(journal.flush(catalog));
    records.clear();
    if (::isatty(STDERR_FILENO) != 0) std::cerr << fmt::format("\r{} meetings", i + 1);
  }
  bulk.finish();
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: catalog_fill ARCHIVE MEETINGS CUES_PER_MEETING\n";
    return 2;
  }
  const Status filled =
      fill(argv[1], std::strtoull(argv[2], nullptr, 10), std::strtoull(argv[3], nullptr, 10));
  if (!filled) std::cerr << filled.error().message() << "\n";
  return filled ? 0 : 1;
}
