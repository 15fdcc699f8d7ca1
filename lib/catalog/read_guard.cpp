#include "catalog/read_guard.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include <algorithm>
#include <array>

#include "base/progress.h"

namespace greffe::catalog {
namespace {

constexpr int InstructionsBetweenLooks = 100'000;  // of SQLite's machine: some milliseconds

// Only reading: SELECT, its functions, recursion. Functions that reach out of the database are not in the
// list of what SQLite has here (load_extension is off, and refused by name all the same). FTS5 itself asks
// for data_version.
int authorize(void*, int action, const char* first, const char* second, const char*, const char*) {
  constexpr std::array<std::string_view, 3> Settings{"data_version", "table_info", "table_list"};
  switch (action) {
    case SQLITE_PRAGMA:
      return std::find(Settings.begin(), Settings.end(), first ? first : "") != Settings.end() ? SQLITE_OK
                                                                                               : SQLITE_DENY;
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_RECURSIVE: return SQLITE_OK;
    case SQLITE_FUNCTION:
      return second && std::string_view(second) == "load_extension" ? SQLITE_DENY : SQLITE_OK;
    default: return SQLITE_DENY;
  }
}

int look_for_end(void* guard) {
  return stop_requested() || static_cast<const ReadGuard*>(guard)->is_late() ? 1 : 0;
}

}  // namespace

ReadGuard::ReadGuard(SQLite::Database& database, std::optional<std::chrono::milliseconds> time)
    : handle_(database.getHandle()) {
  if (time) until_ = std::chrono::steady_clock::now() + *time;
  sqlite3_set_authorizer(handle_, authorize, nullptr);
  sqlite3_progress_handler(handle_, InstructionsBetweenLooks, look_for_end, this);
}

ReadGuard::~ReadGuard() {
  sqlite3_set_authorizer(handle_, nullptr, nullptr);
  sqlite3_progress_handler(handle_, 0, nullptr, nullptr);
}

bool ReadGuard::is_late() const { return until_ && std::chrono::steady_clock::now() > *until_; }

void touch_words(SQLite::Database& database) {
  SQLite::Statement(database, "SELECT 1 FROM cue_words LIMIT 0").executeStep();
  SQLite::Statement(database, "SELECT 1 FROM meeting_words LIMIT 0").executeStep();
}

}  // namespace greffe::catalog
