#include "custody/verify_journal.h"

#include "catalog/query.h"
#include "custody/checkpoint.h"
#include "journal/segment.h"

namespace greffe::custody {
namespace {

constexpr const char* Place = "catalog.sqlite";
namespace reason = journal::reason;

// A row of the catalog's index of the journal, as SQL gives it.
using Row = std::vector<json::Value>;
constexpr const char* Rows = "SELECT seq, entry, utc, action, outcome, subjects FROM journal ORDER BY seq";

// True when the row says what the line says; of an entry that was not read, the line alone counts.
bool is_of(const Row& row, std::int64_t seq, std::string_view line,
           const std::optional<journal::JournalEntry>& entry) {
  const auto bytes = [&](std::size_t column) -> std::string_view {
    const std::string* text = row[column].find_text();
    return text ? *text : std::string_view();
  };
  if (!row[0].find_integer() || *row[0].find_integer() != seq || bytes(1) != line) return false;
  if (!entry) return true;
  const json::Array subjects(entry->event.subjects.begin(), entry->event.subjects.end());
  return bytes(2) == rfc3339(entry->utc) && bytes(3) == entry->event.action &&
         bytes(4) == entry->event.outcome && bytes(5) == json::write(subjects);
}

// Goes along the rows of the catalog as the lines of the journal come.
class IndexComparison {
 public:
  // `known`: the last row at the beginning. What is entered later is not looked at.
  IndexComparison(const catalog::Catalog& catalog, std::int64_t known, WallTime now)
      : catalog_(catalog), known_(known), now_(now) {}

  Status see(std::int64_t seq, std::string_view line, const std::optional<journal::JournalEntry>& entry) {
    if (seq == 1) GREFFE_CHECK(start());  // the journal may be read twice, see check_journal
    lines_ = seq;
    if (seq <= known_) return compare(seq, line, entry);
    const bool is_old = entry && entry->event.outcome == "done" && now_ - entry->utc > CatalogMayLag;
    if (is_old && !lacking_) lacking_ = seq;
    return {};
  }

  void conclude(journal::Findings& findings) const {
    if (other_ != 0)
      findings.add(
          {reason::RolledBackCatalog, Place,
           fmt::format("{} entries are otherwise than in the journal, the first is {}", others_, other_)});
    if (known_ > lines_)
      findings.add({reason::RolledBackCatalog, Place,
                    fmt::format("knows {} entries, the journal has {}", known_, lines_)});
    if (lacking_)
      findings.add(
          {reason::RolledBackCatalog, Place,
           fmt::format("does not know entry {}, which is over {} minutes old: a copy of another day, or a "
                       "program was killed; greffe-catalog rebuild makes it true again",
                       *lacking_, CatalogMayLag.count())});
  }

 private:
  Status start() {
    GREFFE_TRY(catalog::Query rows, catalog::Query::open(catalog_, Rows));
    rows_.emplace(std::move(rows));
    others_ = other_ = lines_ = 0;
    lacking_.reset();
    return next_row();
  }

  Status next_row() {
    GREFFE_TRY(row_, rows_->next());
    return {};
  }

  Status compare(std::int64_t seq, std::string_view line, const std::optional<journal::JournalEntry>& entry) {
    const auto number = [&] { return row_ && (*row_)[0].find_integer() ? *(*row_)[0].find_integer() : seq; };
    while (row_ && number() < seq) GREFFE_CHECK(next_row());
    if (row_ && is_of(*row_, seq, line, entry)) return {};
    ++others_;
    if (other_ == 0) other_ = seq;
    return {};
  }

  const catalog::Catalog& catalog_;
  std::int64_t known_;
  WallTime now_;
  std::optional<catalog::Query> rows_;
  std::optional<Row> row_;  // the last one read
  std::int64_t lines_ = 0;
  std::int64_t others_ = 0;  // rows that are missing or otherwise
  std::int64_t other_ = 0;   // the first of them
  std::optional<std::int64_t> lacking_;
};

}  // namespace

Result<JournalVerification> verify_journal(const catalog::Archive& archive,
                                           const journal::JournalTrust& trust) {
  const journal::JournalPlaces places = journal_places(archive);
  JournalVerification verification;
  if (!std::filesystem::exists(archive.catalog_file())) {
    verification.catalog_is_missing = true;
    GREFFE_TRY(verification.check, journal::check_journal(places, trust));
    return verification;
  }
  const auto catalog = catalog::Catalog::open_read_only(archive.catalog_file());
  const auto known =
      catalog ? catalog->last_journal_seq() : Result<std::int64_t>(tl::unexpect, catalog.error());
  if (!known && known.error().kind() != ErrorKind::Integrity) return tl::unexpected(known.error());
  if (!known) {
    GREFFE_TRY(verification.check, journal::check_journal(places, trust));
    verification.check.findings.add({reason::DamagedCatalog, Place, known.error().message()});
    return verification;
  }
  // The catalog is asked before the journal is read: an entry is in the journal before it is in the catalog.
  verification.catalog_entries = *known;
  IndexComparison comparison(*catalog, *known, trust.now);
  const auto see = [&](std::int64_t seq, std::string_view line,
                       const std::optional<journal::JournalEntry>& entry) {
    return comparison.see(seq, line, entry);
  };
  GREFFE_TRY(verification.check, journal::check_journal(places, trust, see));
  comparison.conclude(verification.check.findings);
  return verification;
}

Result<std::optional<std::string>> index_contradiction(const catalog::Archive& archive,
                                                       const catalog::Catalog& catalog) {
  const auto known = catalog.last_journal_seq();
  if (!known && known.error().kind() != ErrorKind::Integrity) return tl::unexpected(known.error());
  if (!known) return std::nullopt;
  IndexComparison comparison(catalog, *known, {});
  GREFFE_TRY(journal::JournalLines lines, journal::JournalLines::open(archive.journal_folder()));
  for (std::int64_t seq = 1;; ++seq) {
    const auto line = lines.next();
    if (!line && line.error().kind() != ErrorKind::Integrity) return tl::unexpected(line.error());
    if (!line || !*line) break;
    const Status seen = comparison.see(seq, **line, std::nullopt);
    if (!seen && seen.error().kind() != ErrorKind::Integrity) return tl::unexpected(seen.error());
    if (!seen) return std::nullopt;
  }
  journal::Findings findings;
  comparison.conclude(findings);
  if (findings.empty()) return std::nullopt;
  return findings.kept().front().text;
}

}  // namespace greffe::custody
