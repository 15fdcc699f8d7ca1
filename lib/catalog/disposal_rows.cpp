#include "catalog/disposal_rows.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <algorithm>

#include "catalog/meeting_writer.h"
#include "catalog/row_binding.h"

namespace greffe::catalog {
namespace {

using SQLite::Statement;

// A catalog of an older program, opened for reading, does not have them.
bool has_disposals(const Catalog& catalog) {
  return catalog.connection()
             .database()
             .execAndGet("SELECT count(*) FROM sqlite_schema WHERE name = 'disposal_lines'")
             .getInt() > 0;
}

std::string day_or_none(const std::optional<CivilDate>& day) {
  return day ? greffe::text_of(*day) : std::string();
}

template <class Work>
auto of_disposals(const Catalog& catalog, Work&& work) -> decltype(work(std::declval<SQLite::Database&>())) {
  return guarded("disposals", [&]() -> decltype(work(std::declval<SQLite::Database&>())) {
    using Found = typename decltype(work(std::declval<SQLite::Database&>()))::value_type;
    if (!has_disposals(catalog)) return Found{};
    return work(catalog.connection().database());
  });
}

void put_list(SQLite::Database& database, const DisposalRecord& record,
              const std::optional<ClosedList>& closed) {
  const DisposalList& list = record.list;
  Statement insert(database,
                   "INSERT INTO disposal_lists VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                   " ON CONFLICT (id) DO UPDATE SET visas = excluded.visas,"
                   " certificates = excluded.certificates, closed_utc = excluded.closed_utc");
  Binder bind(insert);
  bind << list.id << rfc3339(list.made) << greffe::text_of(list.day) << list.by.login << list.policy_version
       << list.scope << list.digest() << static_cast<std::int64_t>(list.lines.size()) << list.bytes()
       << static_cast<std::int64_t>(record.visas.size())
       << static_cast<std::int64_t>(record.certificates.size())
       << (closed ? rfc3339(closed->when) : std::string());
  bind.run();
}

// Rows of lines, one after the other.
class LinePutter {
 public:
  LinePutter(SQLite::Database& database, const DisposalRecord& record,
             const std::optional<ClosedList>& closed)
      : record_(record),
        closed_(closed),
        insert_(database,
                "INSERT INTO disposal_lines VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                " ON CONFLICT (list, meeting) DO UPDATE SET trashed_utc = excluded.trashed_utc,"
                " purge_from = excluded.purge_from, restored_utc = excluded.restored_utc,"
                " destroyed_utc = excluded.destroyed_utc, outcome = excluded.outcome,"
                " again_from = excluded.again_from"),
        bind_(insert_) {}

  void put(const ListLine& line) {
    static const LineFiles Nothing;
    const auto found = record_.done.find(line.meeting);
    const LineFiles& done = found != record_.done.end() ? found->second : Nothing;
    bind_ << record_.list.id << line.meeting << line.record_class << line.start_unix_ms << line.end_unix_ms
          << line.bytes << line.manifest << line.rule << day_or_none(line.keep_until)
          << greffe::text_of(line.due_from) << (done.trashed ? rfc3339(done.trashed->when) : std::string())
          << (done.trashed ? greffe::text_of(done.trashed->purge_from) : std::string())
          << (done.restored ? rfc3339(done.restored->when) : std::string())
          << (done.tombstone ? rfc3339(done.tombstone->destroyed) : std::string());
    put_outcome(line.meeting);
    bind_.run();
  }

 private:
  void put_outcome(const std::string& meeting) {
    std::string outcome, again;
    if (closed_) {
      if (const auto ended = closed_->lines.find(meeting); ended != closed_->lines.end()) {
        outcome = retention::name_of(ended->second.state);
        again = day_or_none(ended->second.again_from);
      }
    }
    bind_ << outcome << again;
  }

  const DisposalRecord& record_;
  const std::optional<ClosedList>& closed_;
  Statement insert_;
  Binder bind_;
};

// What the catalog forgets of a meeting that was destroyed, and keeps to know it again.
class Forgetter {
 public:
  explicit Forgetter(SQLite::Database& database)
      : writer_(database),
        dump_(database, "INSERT OR IGNORE INTO destroyed_dumps VALUES (?, ?, ?)"),
        plan_(database, "DELETE FROM plan_rows WHERE meeting = ?"),
        bind_dump_(dump_),
        bind_plan_(plan_) {}

  void forget(const std::string& meeting) {
    writer_.remove(meeting);
    bind_plan_ << meeting;
    bind_plan_.run();
  }
  void remember(const Tombstone& stone) {
    for (const TombstoneFile& file : stone.dumps) {
      bind_dump_ << file.sha256 << stone.meeting << stone.list;
      bind_dump_.run();
    }
  }

 private:
  MeetingWriter writer_;
  Statement dump_, plan_;
  Binder bind_dump_, bind_plan_;
};

}  // namespace

Status put_disposal(const Catalog& catalog, const DisposalRecord& record,
                    const std::optional<ClosedList>& closed, const std::set<std::string>& come_again) {
  return guarded("disposals", [&]() -> Status {
    SQLite::Database& database = catalog.connection().database();
    put_list(database, record, closed);
    LinePutter lines(database, record, closed);
    for (const ListLine& line : record.list.lines) lines.put(line);
    Forgetter forgetter(database);
    for (const auto& [meeting, done] : record.done) {
      if (!done.tombstone) continue;
      if (!come_again.contains(meeting)) forgetter.forget(meeting);
      forgetter.remember(*done.tombstone);
    }
    return {};
  });
}

Status put_destroyed_line(const Catalog& catalog, const DisposalRecord& record, const std::string& meeting) {
  return guarded("disposals", [&]() -> Status {
    SQLite::Database& database = catalog.connection().database();
    LinePutter(database, record, std::nullopt).put(*record.list.find(meeting));
    Forgetter forgetter(database);
    forgetter.forget(meeting);
    forgetter.remember(*record.done.find(meeting)->second.tombstone);
    return {};
  });
}

Result<std::set<std::string>> closed_lists(const Catalog& catalog) {
  return of_disposals(catalog, [&](SQLite::Database& database) -> Result<std::set<std::string>> {
    Statement select(database, "SELECT id FROM disposal_lists WHERE closed_utc <> ''");
    std::set<std::string> ids;
    while (select.executeStep()) ids.insert(select.getColumn(0).getString());
    return ids;
  });
}

Result<std::map<std::string, ListSummary>> closed_summaries(const Catalog& catalog) {
  using Summaries = std::map<std::string, ListSummary>;
  return of_disposals(catalog, [&](SQLite::Database& database) -> Result<Summaries> {
    Statement lists(database,
                    "SELECT id, day, made_by, scope, sha512, meetings, bytes, visas, certificates"
                    " FROM disposal_lists WHERE closed_utc <> ''");
    Summaries summaries;
    while (lists.executeStep()) {
      ListSummary list;
      Taker taker(lists);
      taker >> list.id >> list.day >> list.by >> list.scope >> list.sha512 >> list.meetings >> list.bytes >>
          list.visas >> list.certificates;
      summaries.emplace(list.id, std::move(list));
    }
    Statement lines(
        database,
        "SELECT list, outcome, count(*) FROM disposal_lines WHERE outcome <> '' GROUP BY list, outcome");
    while (lines.executeStep()) {
      std::string list, outcome;
      std::int64_t count = 0;
      Taker taker(lines);
      taker >> list >> outcome >> count;
      const auto found = summaries.find(list);
      const auto state = retention::find_line_state(outcome);
      if (found != summaries.end() && state) found->second.states[*state] = count;
    }
    return summaries;
  });
}

Result<DisposalRecord> read_disposal(const Path& folder, const Catalog& catalog) {
  GREFFE_TRY(DisposalRecord record, read_disposal(folder));
  using Found = std::map<std::string, std::string, std::less<>>;
  auto found = of_disposals(catalog, [&](SQLite::Database& database) -> Result<Found> {
    Statement select(database,
                     "SELECT d.list, d.destroyed_utc FROM disposal_lines d"
                     " WHERE d.meeting = ? AND d.list <> ? AND d.destroyed_utc <> '' ORDER BY d.list");
    Found elsewhere;
    for (const ListLine& line : record.list.lines) {
      select.reset();
      select.bind(1, line.meeting);
      select.bind(2, record.list.id);
      while (select.executeStep()) {
        const auto when = parse_rfc3339(select.getColumn(1).getString());
        // What was destroyed before has come again.
        if (when && *when >= record.list.made) elsewhere[line.meeting] = select.getColumn(0).getString();
      }
    }
    return elsewhere;
  });
  if (!found) return tl::unexpected(found.error());
  record.destroyed_elsewhere = std::move(*found);
  return record;
}

Result<std::optional<EarlierLine>> find_earlier_line(const Catalog& catalog, std::string_view meeting) {
  return of_disposals(catalog, [&](SQLite::Database& database) -> Result<std::optional<EarlierLine>> {
    Statement select(database,
                     "SELECT d.list, l.made_utc, d.outcome, d.again_from FROM disposal_lines d"
                     " JOIN disposal_lists l ON l.id = d.list"
                     " WHERE d.meeting = ? AND d.outcome <> '' ORDER BY l.made_utc DESC, l.id DESC LIMIT 1");
    select.bind(1, std::string(meeting));
    if (!select.executeStep()) return std::nullopt;
    EarlierLine line;
    std::string made, outcome, again;
    Taker taker(select);
    taker >> line.list >> made >> outcome >> again;
    const auto when = parse_rfc3339(made);
    const auto state = retention::find_line_state(outcome);
    if (!when || !state)
      return fail(ErrorKind::Integrity, "{}, {}: made \"{}\", outcome \"{}\"", line.list, meeting, made,
                  outcome);
    line.made = *when;
    line.state = *state;
    if (const auto day = parse_date(again)) line.again_from = *day;
    return line;
  });
}

Result<std::vector<DestroyedDump>> destroyed_with(const Catalog& catalog,
                                                  std::span<const fixity::Digest> dumps) {
  return of_disposals(catalog, [&](SQLite::Database& database) -> Result<std::vector<DestroyedDump>> {
    Statement select(database,
                     "SELECT meeting, list FROM destroyed_dumps WHERE sha256 = ? ORDER BY meeting, list");
    std::vector<DestroyedDump> found;
    for (const fixity::Digest& digest : dumps) {
      select.reset();
      select.bind(1, digest.hex());
      while (select.executeStep()) {
        Taker taker(select);
        DestroyedDump& dump = found.emplace_back();
        dump.digest = digest;
        taker >> dump.meeting >> dump.list;
      }
    }
    return found;
  });
}

Result<std::vector<std::string>> others_with(const Catalog& catalog, std::string_view meeting,
                                             std::span<const std::string> dumps) {
  return guarded("assets", [&]() -> Result<std::vector<std::string>> {
    Statement select(catalog.connection().database(),
                     "SELECT DISTINCT meeting FROM assets WHERE sha256 = ? AND meeting <> ?");
    std::vector<std::string> found;
    for (const std::string& digest : dumps) {
      select.reset();
      select.bind(1, digest);
      select.bind(2, std::string(meeting));
      while (select.executeStep()) found.push_back(select.getColumn(0).getString());
    }
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
  });
}

Result<std::vector<CoveringHold>> coverages_of(const Catalog& catalog, std::string_view meeting) {
  return guarded("holds", [&]() -> Result<std::vector<CoveringHold>> {
    GREFFE_TRY(RetentionRows rows, RetentionRows::open(catalog, std::string(meeting)));
    GREFFE_TRY(const RetentionRow* row, rows.next());
    return row == nullptr ? std::vector<CoveringHold>() : row->holds;
  });
}

Result<std::string> last_disposal_outcome(const Catalog& catalog, std::string_view action,
                                          std::string_view meeting, std::string_view file) {
  return of_disposals(catalog, [&](SQLite::Database& database) -> Result<std::string> {
    Statement select(database,
                     "SELECT outcome FROM journal WHERE action IN ('dispose', 'restore', 'purge')"
                     " AND subjects = ? AND action = ? AND instr(entry, ?) > 0 ORDER BY seq DESC LIMIT 1");
    select.bind(1, json::write(json::Array{json::Value(meeting)}));
    select.bind(2, std::string(action));
    select.bind(3, std::string(file));
    return select.executeStep() ? select.getColumn(0).getString() : std::string();
  });
}

Result<std::pair<std::int64_t, std::int64_t>> purge_entries(const Catalog& catalog,
                                                            std::span<const std::string> meetings) {
  using Range = std::pair<std::int64_t, std::int64_t>;
  return of_disposals(catalog, [&](SQLite::Database& database) -> Result<Range> {
    Statement select(database,
                     "SELECT min(seq), max(seq) FROM journal WHERE action IN ('dispose', 'restore', 'purge')"
                     " AND subjects = ? AND action = 'purge'");
    Range range{};
    for (const std::string& meeting : meetings) {
      select.reset();
      select.bind(1, json::write(json::Array{json::Value(meeting)}));
      if (!select.executeStep() || select.getColumn(0).isNull()) continue;
      const std::int64_t first = select.getColumn(0).getInt64(), last = select.getColumn(1).getInt64();
      range.first = range.first == 0 ? first : std::min(range.first, first);
      range.second = std::max(range.second, last);
    }
    return range;
  });
}

}  // namespace greffe::catalog
