#include "catalog/meeting_list.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include "catalog/read_guard.h"
#include "catalog/row_binding.h"

namespace greffe::catalog {
namespace {

constexpr std::string_view Summaries =
    "SELECT m.id, m.title, m.start_unix_ms, m.duration_ms, m.origin, m.class, m.manifest_sha256,"
    " (SELECT count(*) FROM participants WHERE meeting = m.id),"
    " (SELECT count(*) FROM tracks WHERE meeting = m.id),"
    " (SELECT count(*) FROM renders WHERE meeting = m.id),"
    " (SELECT coalesce(sum(bytes), 0) FROM assets WHERE meeting = m.id)";

bool is_all(const MeetingScope& scope) { return !scope.query && scope.condition.empty(); }

}  // namespace

struct MeetingList::Parts {
  std::unique_ptr<ReadGuard> guard;
  std::unique_ptr<SQLite::Statement> select;
};

MeetingList::MeetingList(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
MeetingList::MeetingList(MeetingList&&) noexcept = default;
MeetingList::~MeetingList() = default;

namespace {

// `select` FROM meetings m, of the scope, with its values bound.
Result<std::unique_ptr<SQLite::Statement>> prepare(SQLite::Database& database, std::string_view select,
                                                   const MeetingScope& scope, std::string_view order) {
  const SqlCondition condition = is_all(scope) ? SqlCondition{.sql = "1", .values = {}} : condition_of(scope);
  std::unique_ptr<SQLite::Statement> statement;
  try {
    statement = std::make_unique<SQLite::Statement>(
        database, fmt::format("{} FROM meetings m WHERE {} {}", select, condition.sql, order));
  } catch (const SQLite::Exception& problem) {
    return fail(ErrorKind::Usage, "query: {}", problem.what());
  }
  bind_values(*statement, condition.values);
  return statement;
}

}  // namespace

Result<MeetingList> MeetingList::open(const Catalog& catalog, const MeetingScope& scope) {
  return guarded("query", [&]() -> Result<MeetingList> {
    SQLite::Database& database = catalog.connection().database();
    touch_words(database);
    auto parts = std::make_unique<Parts>();
    parts->guard = std::make_unique<ReadGuard>(database);
    GREFFE_TRY(parts->select,
               prepare(database, Summaries, scope, "ORDER BY m.start_unix_ms DESC, m.id DESC"));
    return MeetingList(std::move(parts));
  });
}

Result<std::optional<MeetingSummary>> MeetingList::next() {
  return guarded("catalog", [&]() -> Result<std::optional<MeetingSummary>> {
    SQLite::Statement& select = *parts_->select;
    if (!select.executeStep()) return std::nullopt;
    MeetingSummary summary;
    MeetingRow& row = summary.meeting;
    Taker taker(select);
    taker >> row.id >> row.title >> row.start_unix_ms >> row.duration_ms >> row.origin >> row.meeting_class >>
        row.manifest >> summary.participants >> summary.tracks >> summary.renders >> summary.bytes;
    return summary;
  });
}

Result<std::int64_t> count_meetings(const Catalog& catalog, const MeetingScope& scope) {
  return guarded("query", [&]() -> Result<std::int64_t> {
    SQLite::Database& database = catalog.connection().database();
    touch_words(database);
    const ReadGuard guard(database);
    GREFFE_TRY(const auto select, prepare(database, "SELECT count(*)", scope, ""));
    select->executeStep();
    return select->getColumn(0).getInt64();
  });
}

}  // namespace greffe::catalog
