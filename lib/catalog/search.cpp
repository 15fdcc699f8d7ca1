#include "catalog/search.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include "base/text.h"
#include "catalog/fts.h"

namespace greffe::catalog {
namespace {

constexpr const char* NewestFirst =
    "SELECT c.meeting, m.title, c.start_ms, c.end_ms, c.speaker, c.text"
    " FROM cue_words JOIN cues c ON c.number = cue_words.rowid JOIN meetings m ON m.id = c.meeting"
    " WHERE cue_words MATCH ? ORDER BY m.start_unix_ms DESC, m.id DESC, c.position";
constexpr const char* ByRank =
    "SELECT c.meeting, m.title, c.start_ms, c.end_ms, c.speaker, c.text"
    " FROM cue_words JOIN cues c ON c.number = cue_words.rowid JOIN meetings m ON m.id = c.meeting"
    " WHERE cue_words MATCH ? ORDER BY rank, m.start_unix_ms DESC, m.id DESC, c.position";

}  // namespace

struct CueSearch::Parts {
  SQLite::Statement select;
  std::string file;
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
    const char* const sql = order == SearchOrder::Rank ? ByRank : NewestFirst;
    auto parts =
        std::make_unique<Parts>(Parts{SQLite::Statement(catalog.connection().database(), sql), file});
    parts->select.bind(1, query);
    return CueSearch(std::move(parts));
  });
}

Result<std::optional<CueHit>> CueSearch::next() {
  return guarded(parts_->file, [&]() -> Result<std::optional<CueHit>> {
    SQLite::Statement& select = parts_->select;
    if (!select.executeStep()) return std::nullopt;
    return CueHit{.meeting = select.getColumn(0).getString(),
                  .title = select.getColumn(1).getString(),
                  .start_ms = select.getColumn(2).getInt64(),
                  .end_ms = select.getColumn(3).getInt64(),
                  .speaker = select.getColumn(4).getString(),
                  .text = select.getColumn(5).getString()};
  });
}

}  // namespace greffe::catalog
