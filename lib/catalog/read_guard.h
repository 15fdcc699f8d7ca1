// While it lives, the connection compiles nothing that writes, and stops what runs too long.
#pragma once

#include <chrono>
#include <optional>

#include "catalog/connection.h"

struct sqlite3;

namespace greffe::catalog {

class ReadGuard {
 public:
  // Without a time, only a request to stop ends a query. `database` must outlive the guard. FTS5 must have
  // been asked something before, since it declares its columns by what looks like a write: touch_words does
  // that.
  explicit ReadGuard(SQLite::Database& database, std::optional<std::chrono::milliseconds> time = {});
  ReadGuard(const ReadGuard&) = delete;
  ReadGuard& operator=(const ReadGuard&) = delete;
  ~ReadGuard();

  // True once the time was used up.
  bool is_late() const;

 private:
  sqlite3* handle_;
  std::optional<std::chrono::steady_clock::time_point> until_;
};

void touch_words(SQLite::Database& database);

}  // namespace greffe::catalog
