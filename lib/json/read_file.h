// A JSON document in a file.
#pragma once

#include "base/file.h"
#include "json/value.h"

namespace greffe::json {

// Refused above `limits.bytes`, before anything is read. What it says of a failure begins with the path.
Result<Value> read_file(const Path& file, ParseLimits limits);
Result<Value> read_file(const Path& file, std::size_t most_bytes);

}  // namespace greffe::json
