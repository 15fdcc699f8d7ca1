// Which meetings a query or a condition finds, within bounds of time.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "catalog/catalog.h"
#include "catalog/meeting_query.h"

namespace greffe::catalog {

// What a hold or a rule is scoped by: one of both.
struct MeetingScope {
  std::optional<MeetingQuery> query;
  std::string condition;  // SQL over the columns of v_meetings, as behind WHERE
};

// What it means for the table `meetings m`.
SqlCondition condition_of(const MeetingScope& scope);

struct MatchLimits {
  std::chrono::milliseconds time = std::chrono::seconds(30);
  std::size_t rows = 5'000'000;
};

// Ids in order. A condition may only read: what would do more is refused (ErrorKind::Usage), as is what does
// not compile. More time or rows than the limits fail with ErrorKind::Failed.
Result<std::vector<std::string>> find_matches(const Catalog& catalog, const MeetingScope& scope,
                                              const MatchLimits& limits = {});
// Whether this meeting is among them.
Result<bool> is_match(const Catalog& catalog, const MeetingScope& scope, std::string_view meeting,
                      const MatchLimits& limits = {});

}  // namespace greffe::catalog
