#include "catalog/row_binding.h"

#include <SQLiteCpp/SQLiteCpp.h>

namespace greffe::catalog {

Binder& Binder::operator<<(std::string_view text) {
  statement_.bind(++index_, std::string(text));
  return *this;
}

Binder& Binder::operator<<(std::int64_t number) {
  statement_.bind(++index_, number);
  return *this;
}

void Binder::run() {
  statement_.exec();
  statement_.reset();
  index_ = 0;
}

Taker& Taker::operator>>(std::string& text) {
  text = statement_.getColumn(index_++).getString();
  return *this;
}

Taker& Taker::operator>>(std::int64_t& number) {
  number = statement_.getColumn(index_++).getInt64();
  return *this;
}

Taker& Taker::operator>>(fixity::Digest& digest) {
  digest = fixity::Digest::of_hex(statement_.getColumn(index_++).getString()).value_or(fixity::Digest{});
  return *this;
}

void bind_values(SQLite::Statement& statement, std::span<const json::Value> values) {
  int index = 0;
  for (const json::Value& value : values) {
    ++index;
    if (const auto* const number = value.find_integer())
      statement.bind(index, *number);
    else
      statement.bind(index, *value.find_text());
  }
}

std::vector<std::string> first_column(SQLite::Statement& statement) {
  std::vector<std::string> values;
  while (statement.executeStep()) values.push_back(statement.getColumn(0).getString());
  return values;
}

}  // namespace greffe::catalog
