#include "json/read_file.h"

namespace greffe::json {

Result<Value> read_file(const Path& file, ParseLimits limits) {
  GREFFE_TRY(const std::string text, read_text(file, limits.bytes));
  auto value = parse(text, std::move(limits));
  if (!value) return fail_within(file.string(), value);
  return value;
}

Result<Value> read_file(const Path& file, std::size_t most_bytes) {
  return read_file(file, ParseLimits{.bytes = most_bytes});
}

}  // namespace greffe::json
