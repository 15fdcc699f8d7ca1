#include "catalog/retention_rows.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include "catalog/row_binding.h"

namespace greffe::catalog {
namespace {

using SQLite::Statement;

bool has_table(SQLite::Database& database, const char* name) {
  Statement select(database, "SELECT 1 FROM sqlite_schema WHERE name = ?");
  select.bind(1, name);
  return select.executeStep();
}

std::optional<CivilDate> date_in(const SQLite::Column& column) {
  const auto date = parse_date(column.getString());
  return date ? std::optional(*date) : std::nullopt;
}

WallTime instant_in(const SQLite::Column& column) {
  return parse_rfc3339(column.getString()).value_or(WallTime{});
}

// Rows of another table whose first column is a meeting id, walked beside the meetings.
class Beside {
 public:
  Beside(SQLite::Database& database, const std::string& sql, const std::optional<std::string>& meeting)
      : select_(database, sql) {
    if (meeting) select_.bind(1, *meeting);
    step();
  }

  // Calls `take` with each row of this meeting; meetings are asked for in order.
  template <class Take>
  void rows_of(const std::string& meeting, Take take) {
    while (there_ && meeting_ < meeting) step();
    for (; there_ && meeting_ == meeting; step()) take(select_);
  }

 private:
  void step() {
    there_ = select_.executeStep();
    if (there_) meeting_ = select_.getColumn(0).getText();
  }

  Statement select_;
  bool there_ = false;
  std::string meeting_;
};

retention::Event event_in(Statement& row) {
  const std::int64_t supersedes = row.getColumn(4).getInt64();
  return {.number = row.getColumn(1).getInt64(),
          .type = row.getColumn(2).getString(),
          .effective = date_in(row.getColumn(3)).value_or(CivilDate{}),
          .supersedes = supersedes > 0 ? std::optional(supersedes) : std::nullopt,
          .withdrawn = row.getColumn(5).getInt() != 0,
          .recorded = instant_in(row.getColumn(6))};
}

// A start that cannot be read binds from the first day on.
CoveringHold hold_in(Statement& row) {
  constexpr CivilDate FirstDay = std::chrono::year(1) / 1 / 1;
  return {.id = row.getColumn(1).getString(),
          .terms = {.start = date_in(row.getColumn(2)).value_or(FirstDay),
                    .end = date_in(row.getColumn(3)),
                    .auto_release = row.getColumn(4).getInt() != 0,
                    .review_on = date_in(row.getColumn(5)),
                    .released = date_in(row.getColumn(6))},
          .since = instant_in(row.getColumn(7))};
}

}  // namespace

struct RetentionRows::Parts {
  Parts(SQLite::Database& database, const std::optional<std::string>& meeting)
      : moment(sqlite3_get_autocommit(database.getHandle()) == 0
                   ? nullptr
                   : std::make_unique<SQLite::Transaction>(database)),
        meetings(database, sql("SELECT id, class, start_unix_ms, start_unix_ms + duration_ms FROM meetings",
                               "id", meeting)),
        bytes(database, sql("SELECT meeting, sum(bytes) FROM assets", "meeting", meeting, "GROUP BY meeting"),
              meeting) {
    if (meeting) meetings.bind(1, *meeting);
    if (has_table(database, "producers"))
      producers.emplace(database,
                        sql("SELECT meeting, name FROM producers", "meeting", meeting, "", ", position"),
                        meeting);
    if (has_table(database, "event_meetings"))
      events.emplace(database,
                     sql("SELECT m.meeting, e.number, e.type, e.effective_date, e.supersedes, e.withdrawn, "
                         "e.recorded_utc FROM event_meetings m CROSS JOIN events e ON e.number = m.event",
                         "m.meeting", meeting),
                     meeting);
    if (has_table(database, "hold_members"))
      holds.emplace(
          database,
          sql("SELECT m.meeting, h.id, h.start_date, h.end_date, h.auto_release, h.review_on, "
              "h.released_date, m.since_utc FROM hold_members m CROSS JOIN holds h ON h.id = m.hold AND "
              "h.blocks LIKE '%dispose%'",
              "m.meeting", meeting),
          meeting);
  }

  // In the order of the meetings; of one only where that is given.
  static std::string sql(std::string_view select, std::string_view key,
                         const std::optional<std::string>& meeting, std::string_view grouped = "",
                         std::string_view then_by = "") {
    return fmt::format("{} {} {} ORDER BY {}{}", select,
                       meeting ? fmt::format("WHERE {} = ?1", key) : std::string(), grouped, key, then_by);
  }

  // Within a transaction of the caller's there is a moment already.
  std::unique_ptr<SQLite::Transaction> moment;
  Statement meetings;
  Beside bytes;
  std::optional<Beside> producers, events, holds;
  RetentionRow row;
};

RetentionRows::RetentionRows(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
RetentionRows::RetentionRows(RetentionRows&&) noexcept = default;
RetentionRows::~RetentionRows() = default;

Result<RetentionRows> RetentionRows::open(const Catalog& catalog, const std::optional<std::string>& meeting) {
  return guarded(catalog.connection().file().string(), [&]() -> Result<RetentionRows> {
    return RetentionRows(std::make_unique<Parts>(catalog.connection().database(), meeting));
  });
}

Result<const RetentionRow*> RetentionRows::next() {
  return guarded("catalog", [&]() -> Result<const RetentionRow*> {
    Parts& parts = *parts_;
    if (!parts.meetings.executeStep()) return nullptr;
    RetentionRow& row = parts.row;
    row.meeting = parts.meetings.getColumn(0).getText();
    row.meeting_class = parts.meetings.getColumn(1).getText();
    row.start_unix_ms = parts.meetings.getColumn(2).getInt64();
    row.end_unix_ms = parts.meetings.getColumn(3).getInt64();
    row.bytes = 0;
    row.producers.clear();
    row.events.clear();
    row.holds.clear();
    parts.bytes.rows_of(row.meeting, [&](Statement& found) { row.bytes = found.getColumn(1).getInt64(); });
    if (parts.producers)
      parts.producers->rows_of(
          row.meeting, [&](Statement& found) { row.producers.push_back(found.getColumn(1).getString()); });
    if (parts.events)
      parts.events->rows_of(row.meeting, [&](Statement& found) { row.events.push_back(event_in(found)); });
    if (parts.holds)
      parts.holds->rows_of(row.meeting, [&](Statement& found) { row.holds.push_back(hold_in(found)); });
    return &row;
  });
}

Result<std::vector<std::string>> late_meetings(const Catalog& catalog) {
  return guarded(catalog.connection().file().string(), [&]() -> Result<std::vector<std::string>> {
    SQLite::Database& database = catalog.connection().database();
    if (!has_table(database, "late_meetings")) return std::vector<std::string>{};
    Statement select(database, "SELECT meeting FROM late_meetings ORDER BY meeting");
    return first_column(select);
  });
}

Result<std::map<std::int64_t, WallTime>> superseded_events(const Catalog& catalog) {
  return guarded(catalog.connection().file().string(), [&]() -> Result<std::map<std::int64_t, WallTime>> {
    std::map<std::int64_t, WallTime> numbers;
    SQLite::Database& database = catalog.connection().database();
    if (!has_table(database, "events")) return numbers;
    Statement select(database, "SELECT supersedes, recorded_utc FROM events WHERE supersedes > 0");
    while (select.executeStep())
      numbers.insert_or_assign(select.getColumn(0).getInt64(), instant_in(select.getColumn(1)));
    return numbers;
  });
}

}  // namespace greffe::catalog
