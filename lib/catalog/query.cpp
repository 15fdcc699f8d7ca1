#include "catalog/query.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include "base/text.h"
#include "catalog/read_guard.h"

namespace greffe::catalog {
namespace {

json::Value value_of(const SQLite::Column& column) {
  if (column.isNull()) return {};
  if (column.isInteger()) return column.getInt64();
  if (column.isFloat()) return column.getDouble();
  if (column.isBlob()) {
    const auto* const bytes = static_cast<const std::uint8_t*>(column.getBlob());
    return fmt::format("{:02x}", fmt::join(bytes, bytes + column.getBytes(), ""));
  }
  return valid_utf8(column.getString());
}

}  // namespace

struct Query::Parts {
  std::unique_ptr<ReadGuard> guard;
  SQLite::Statement select;
  std::vector<std::string> columns;
};

Query::Query(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Query::Query(Query&&) noexcept = default;
Query::~Query() = default;

Result<Query> Query::open(const Catalog& catalog, const std::string& sql) {
  SQLite::Database& database = catalog.connection().database();
  GREFFE_CHECK(guarded("sql", [&]() -> Status {
    touch_words(database);
    return {};
  }));
  try {
    auto guard = std::make_unique<ReadGuard>(database);
    // SQLite compiles the first statement only; that nothing follows it is asked of SQLite itself.
    const char* rest = nullptr;
    sqlite3_stmt* first = nullptr;
    sqlite3_prepare_v2(database.getHandle(), sql.c_str(), -1, &first, &rest);
    // VACUUM is not asked about when it is prepared; it has no columns.
    const bool reads = first && sqlite3_stmt_readonly(first) != 0 && sqlite3_column_count(first) > 0;
    const bool one = reads && trimmed(rest ? rest : "").empty();
    sqlite3_finalize(first);
    auto parts = std::make_unique<Parts>(Parts{std::move(guard), SQLite::Statement(database, sql), {}});
    if (!one) return fail(ErrorKind::Usage, "sql: exactly one query is run");
    for (int i = 0; i < parts->select.getColumnCount(); ++i)
      parts->columns.emplace_back(parts->select.getColumnName(i));
    return Query(std::move(parts));
  } catch (const SQLite::Exception& problem) {
    const bool mistaken = problem.getErrorCode() == SQLITE_ERROR || problem.getErrorCode() == SQLITE_AUTH;
    return fail(mistaken ? ErrorKind::Usage : ErrorKind::Failed, "sql: {}", problem.what());
  }
}

const std::vector<std::string>& Query::columns() const { return parts_->columns; }

Result<std::optional<std::vector<json::Value>>> Query::next() {
  return guarded("sql", [&]() -> Result<std::optional<std::vector<json::Value>>> {
    if (!parts_->select.executeStep()) return std::nullopt;
    std::vector<json::Value> row;
    for (int i = 0; i < parts_->select.getColumnCount(); ++i)
      row.push_back(value_of(parts_->select.getColumn(i)));
    return row;
  });
}

}  // namespace greffe::catalog
