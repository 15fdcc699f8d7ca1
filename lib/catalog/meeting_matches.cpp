#include "catalog/meeting_matches.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include "catalog/read_guard.h"
#include "catalog/row_binding.h"

namespace greffe::catalog {
namespace {

SqlCondition condition_for(const MeetingScope& scope, const std::string* meeting) {
  if (meeting == nullptr) return condition_of(scope);
  if (scope.query) return scope.query->condition_for(*meeting);
  SqlCondition condition = condition_of(scope);
  condition.sql = fmt::format("m.id = ? AND {}", condition.sql);
  condition.values.emplace_back(*meeting);
  return condition;
}

Result<std::vector<std::string>> run(const Catalog& catalog, const MeetingScope& scope,
                                     const std::string* meeting, const MatchLimits& limits) {
  SQLite::Database& database = catalog.connection().database();
  const SqlCondition condition = condition_for(scope, meeting);
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
    bind_values(*select, condition.values);
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

SqlCondition condition_of(const MeetingScope& scope) {
  if (scope.query) return scope.query->condition();
  // A condition that closes parentheses of ours still only reads.
  return {.sql = fmt::format("m.id IN (SELECT id FROM v_meetings WHERE ({}\n))", scope.condition),
          .values = {}};
}

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
