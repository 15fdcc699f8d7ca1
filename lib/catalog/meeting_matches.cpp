#include "catalog/meeting_matches.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include "catalog/read_guard.h"

namespace greffe::catalog {
namespace {

SqlCondition condition_of(const MeetingScope& scope, const std::string* meeting) {
  if (scope.query)
    return meeting != nullptr ? scope.query->condition_for(*meeting) : scope.query->condition();
  // A condition that closes parentheses of ours still only reads.
  SqlCondition condition{
      .sql = fmt::format("m.id IN (SELECT id FROM v_meetings WHERE ({}\n))", scope.condition), .values = {}};
  if (meeting == nullptr) return condition;
  condition.sql = fmt::format("m.id = ? AND {}", condition.sql);
  condition.values.emplace_back(*meeting);
  return condition;
}

void bind(SQLite::Statement& statement, const std::vector<json::Value>& values) {
  int index = 0;
  for (const json::Value& value : values) {
    ++index;
    if (const auto number = value.find_integer())
      statement.bind(index, *number);
    else
      statement.bind(index, *value.find_text());
  }
}

Result<std::vector<std::string>> run(const Catalog& catalog, const MeetingScope& scope,
                                     const std::string* meeting, const MatchLimits& limits) {
  SQLite::Database& database = catalog.connection().database();
  const SqlCondition condition = condition_of(scope, meeting);
  return guarded("query", [&]() -> Result<std::vector<std::string>> {
    touch_words(database);
    const ReadGuard guard(database, limits.time);
    std::optional<SQLite::Statement> select;
    try {
      select.emplace(database,
                     fmt::format("SELECT m.id FROM meetings m WHERE {} ORDER BY m.id", condition.sql));
    } catch (const SQLite::Exception& problem) {
      return fail(ErrorKind::Usage, "query: {}", problem.what());
    }
    bind(*select, condition.values);
    std::vector<std::string> found;
    try {
      while (select->executeStep()) {
        if (found.size() == limits.rows) return fail("query: finds more than {} meetings", limits.rows);
        found.push_back(select->getColumn(0).getString());
      }
    } catch (const SQLite::Exception&) {
      if (guard.is_late()) return fail("query: takes longer than {} ms", limits.time.count());
      throw;
    }
    return found;
  });
}

}  // namespace

Result<std::vector<std::string>> find_matches(const Catalog& catalog, const MeetingScope& scope,
                                              const MatchLimits& limits) {
  return run(catalog, scope, nullptr, limits);
}

Result<bool> is_match(const Catalog& catalog, const MeetingScope& scope, std::string_view meeting,
                      const MatchLimits& limits) {
  const std::string id(meeting);
  GREFFE_TRY(const auto found, run(catalog, scope, &id, limits));
  return !found.empty();
}

}  // namespace greffe::catalog
