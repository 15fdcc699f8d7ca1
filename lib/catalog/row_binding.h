// Rows in and out of SQLite's statements, column by column in their order.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fixity/digest.h"
#include "json/value.h"

namespace SQLite {
class Statement;
}

namespace greffe::catalog {

// Binds values to ?1, ?2, … in order.
class Binder {
 public:
  explicit Binder(SQLite::Statement& statement) : statement_(statement) {}
  Binder& operator<<(std::string_view text);
  Binder& operator<<(std::int64_t number);
  Binder& operator<<(const fixity::Digest& digest) { return *this << digest.hex(); }
  // Runs the statement and makes it ready for the next row.
  void run();

 private:
  SQLite::Statement& statement_;
  int index_ = 0;
};

// The same of integers and text.
void bind_values(SQLite::Statement& statement, std::span<const json::Value> values);

// Takes the columns of a row in order.
class Taker {
 public:
  explicit Taker(SQLite::Statement& statement) : statement_(statement) {}
  Taker& operator>>(std::string& text);
  Taker& operator>>(std::int64_t& number);
  Taker& operator>>(fixity::Digest& digest);

 private:
  SQLite::Statement& statement_;
  int index_ = 0;
};

// The first column of all rows that are left, as text.
std::vector<std::string> first_column(SQLite::Statement& statement);

}  // namespace greffe::catalog
