// JSON Schema draft-07.
#pragma once

#include <string>
#include <vector>

#include "json/value.h"

namespace greffe::test {

// Checks `document` against `schema`; gives what does not hold, as "place: why", empty when all does.
// Fails when the schema itself cannot be read.
Result<std::vector<std::string>> violations(const json::Value& schema, const json::Value& document);

}  // namespace greffe::test
