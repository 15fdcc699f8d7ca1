// Queries that people have given a name, to be asked again: queries/query-N.json, each written once.
//
// The newest file of a name counts; a query that was changed or deleted is still there. Files have numbers,
// not names, since the journal tells of files, and of no person.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/archive.h"
#include "catalog/meeting_matches.h"
#include "custody/acting.h"
#include "json/value.h"

namespace greffe::custody {

// Of one file. Neither query nor condition: its name was given up.
struct SavedQuery {
  std::int64_t number = 0;  // from 1, of the file
  std::string name;         // letters, digits, '-', '_' and '.', at most 64
  std::string query;        // as MeetingQuery takes it, or:
  std::string condition;    // SQL over v_meetings
  WallTime saved{};
  std::int64_t uid = 0;   // of who saved it
  std::string sudo_user;  // the person, where the account was borrowed
  bool is_deleted() const { return query.empty() && condition.empty(); }
};

// The document of its file.
json::Object json_of(const SavedQuery& saved);

// Those that stand, by name. A hole in the numbers, or a file that is not what its name says, fails with
// ErrorKind::Integrity.
Result<std::vector<SavedQuery>> saved_queries(const catalog::Archive& archive);
// ErrorKind::Usage where none of that name stands.
Result<SavedQuery> find_saved_query(const catalog::Archive& archive, std::string_view name);

// Gives one of `query` and `condition` a name, in the place of what had it. ErrorKind::Usage for what does
// not compile. The same again adds nothing, but completes what a kill has left.
Result<SavedQuery> save_query(const catalog::Archive& archive, const std::string& name,
                              const std::string& query, const std::string& condition, const Acting& acting);
// Gives up the name.
Status delete_query(const catalog::Archive& archive, const std::string& name, const Acting& acting);

// Where `query` is "@NAME", puts what is saved under that name into `query` or `condition`, which must be
// empty then.
Status resolve_saved_query(const catalog::Archive& archive, std::string& query, std::string& condition);
// Ready to be asked: one of a query, "@NAME" too, and a condition, or neither.
Result<catalog::MeetingScope> scope_of(const catalog::Archive& archive, std::string query,
                                       std::string condition);

}  // namespace greffe::custody
