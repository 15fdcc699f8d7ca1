// Findings as the verbs show them.
#pragma once

#include <string>
#include <vector>

#include "journal/finding.h"
#include "json/value.h"

namespace greffe::verify_tool {

// [{"reason", "place", "text"}, …].
json::Array findings_json(const std::vector<journal::Finding>& findings);
// "reason: place: text", a line each.
std::string findings_text(const std::vector<journal::Finding>& findings);

}  // namespace greffe::verify_tool
