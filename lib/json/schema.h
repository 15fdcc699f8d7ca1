// JSON Schema draft-07.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "json/value.h"

namespace greffe::json {

// Checks `document` against `schema`; gives what does not hold, as "place: why", empty when all does.
// Fails when the schema itself cannot be read.
Result<std::vector<std::string>> violations(const Value& schema, const Value& document);

}  // namespace greffe::json
