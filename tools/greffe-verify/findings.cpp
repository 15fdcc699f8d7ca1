#include "greffe-verify/findings.h"

#include "base/text.h"

namespace greffe::verify_tool {

json::Array findings_json(const std::vector<journal::Finding>& findings) {
  json::Array array;
  for (const journal::Finding& finding : findings)
    array.push_back(json::Object{{"reason", finding.reason},
                                 {"place", valid_utf8(finding.place)},
                                 {"text", valid_utf8(finding.text)}});
  return array;
}

std::string findings_text(const std::vector<journal::Finding>& findings) {
  std::string text;
  for (const journal::Finding& finding : findings)
    text += fmt::format("{}: {}: {}\n", finding.reason, printable(finding.place), printable(finding.text));
  return text;
}

}  // namespace greffe::verify_tool
