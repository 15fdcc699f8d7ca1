#include "catalog/search.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <algorithm>
#include <tuple>

#include "base/text.h"
#include "catalog/cue_numbers.h"
#include "catalog/fts.h"
#include "catalog/rank.h"

namespace greffe::catalog {
namespace {

// Cues are numbered by time: see cue_numbers.h.
constexpr const char* NewestFirst =
    "SELECT rowid FROM cue_words WHERE cue_words MATCH ?1 ORDER BY rowid DESC";
constexpr const char* Ranked =
    "SELECT rowid, greffe_rank(cue_words, ?2) FROM cue_words WHERE cue_words MATCH ?1"
    " ORDER BY rowid DESC LIMIT ?3";
constexpr const char* OneCue =
    "SELECT c.meeting, m.title, c.start_ms, c.end_ms, c.speaker, c.text"
    " FROM cues c JOIN meetings m ON m.id = c.meeting WHERE c.number = ?1";

}  // namespace

struct CueSearch::Parts {
  Parts(SQLite::Database& database, const char* sql, const std::string& query)
      : words(database, sql), cue(database, OneCue) {
    words.bind(1, query);
  }

  // Puts the numbers of the next meeting with hits into `found`, in the order of its cues.
  void find_next_meeting() {
    found.clear();
    given = 0;
    if (!ahead) step();
    while (ahead && (found.empty() || slot_of_cue(found.back()) == slot_of_cue(*ahead))) {
      found.push_back(*ahead);
      step();
    }
    std::reverse(found.begin(), found.end());
  }

  void step() {
    at_end = at_end || !words.executeStep();
    ahead = at_end ? std::nullopt : std::optional(words.getColumn(0).getInt64());
  }

  // Puts the numbers of the newest cues that were found into `found`, the best first.
  void rank(SQLite::Database& database) {
    words.bind(2, database.execAndGet("SELECT coalesce(max(number), 0) FROM cues").getInt64());
    words.bind(3, static_cast<std::int64_t>(MostRanked) + 1);
    std::vector<std::pair<double, std::int64_t>> cues;
    while (words.executeStep())
      cues.emplace_back(words.getColumn(1).getDouble(), words.getColumn(0).getInt64());
    at_end = true;
    is_cut = cues.size() > MostRanked;
    if (is_cut) cues.pop_back();
    std::sort(cues.begin(), cues.end(), [](const auto& a, const auto& b) {
      return std::tuple(a.first, -slot_of_cue(a.second), a.second) <
             std::tuple(b.first, -slot_of_cue(b.second), b.second);
    });
    for (const auto& [rank, number] : cues) found.push_back(number);
  }

  SQLite::Statement words;
  SQLite::Statement cue;
  std::string file;
  std::vector<std::int64_t> found;    // numbers
  std::size_t given = 0;              // of them
  std::optional<std::int64_t> ahead;  // a number read already
  bool at_end = false;
  bool is_cut = false;
};

CueSearch::CueSearch(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
CueSearch::CueSearch(CueSearch&&) noexcept = default;
CueSearch::~CueSearch() = default;

Result<CueSearch> CueSearch::open(const Catalog& catalog, const std::vector<std::string>& phrases,
                                  SearchOrder order) {
  std::string query;
  for (const std::string& phrase : phrases) {
    if (!has_word(phrase)) return fail(ErrorKind::Usage, "\"{}\" has no word to search for", phrase);
    query += (query.empty() ? "" : " AND ") + fts_phrase(valid_utf8(phrase));
  }
  const std::string file = catalog.connection().file().string();
  return guarded(file, [&]() -> Result<CueSearch> {
    SQLite::Database& database = catalog.connection().database();
    const bool ranked = order == SearchOrder::Rank;
    if (ranked) add_rank_function(database);
    auto parts = std::make_unique<Parts>(database, ranked ? Ranked : NewestFirst, query);
    parts->file = file;
    if (ranked) parts->rank(database);
    return CueSearch(std::move(parts));
  });
}

bool CueSearch::is_cut() const { return parts_->is_cut; }

Result<std::optional<CueHit>> CueSearch::next() {
  return guarded(parts_->file, [&]() -> Result<std::optional<CueHit>> {
    Parts& parts = *parts_;
    while (true) {
      if (parts.given == parts.found.size()) {
        parts.find_next_meeting();
        if (parts.found.empty()) return std::nullopt;
      }
      SQLite::Statement& cue = parts.cue;
      cue.reset();
      cue.bind(1, parts.found[parts.given++]);
      // A cue may go while ranked ones are being given out.
      if (!cue.executeStep()) continue;
      return CueHit{.meeting = cue.getColumn(0).getString(),
                    .title = cue.getColumn(1).getString(),
                    .start_ms = cue.getColumn(2).getInt64(),
                    .end_ms = cue.getColumn(3).getInt64(),
                    .speaker = cue.getColumn(4).getString(),
                    .text = cue.getColumn(5).getString()};
    }
  });
}

}  // namespace greffe::catalog
