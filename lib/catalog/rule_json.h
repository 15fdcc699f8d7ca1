// Policies as JSON (greffe.policy/1), as people write them and as policy/rules-N.json keeps them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "json/value.h"
#include "retention/policy.h"

namespace greffe::catalog {

struct ReadPolicy {
  retention::Policy policy;  // to be used only where there are no mistakes
  std::vector<retention::Mistake> mistakes;
};

// All mistakes at once, each with its place ("rules[3].duration"): wrong types, unknown fields and values,
// and what retention::mistakes_in finds. A version in the text is read, 0 where there is none.
ReadPolicy read_policy(const json::Value& value);

json::Object json_of(const retention::Policy& policy);
json::Object json_of(const retention::Rule& rule);

// The same of a text. Fails with all mistakes, one a line.
Result<retention::Policy> parse_policy(std::string_view text);
std::string text_of(const retention::Policy& policy);

// "rules[3].duration: …", one a line below `title`.
std::string text_of(std::string_view title, const std::vector<retention::Mistake>& mistakes);

}  // namespace greffe::catalog
