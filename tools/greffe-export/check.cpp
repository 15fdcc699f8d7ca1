// check: whether a bag of anybody is complete and unchanged.
#include "package/check_bag.h"

#include "base/text.h"
#include "cli/exit_code.h"
#include "cli/program.h"
#include "greffe-export/verbs.h"
#include "json/value.h"

namespace greffe::export_tool {
namespace {

using package::BagCheck;
using package::BagFinding;
using package::Grade;

std::string_view name_of(Grade grade) {
  return grade == Grade::Warning ? "warning" : grade == Grade::Invalid ? "invalid" : "no-bag";
}

json::Object json_of(const std::string& bag, const BagCheck& check) {
  json::Array labels, findings;
  for (const auto& [label, value] : check.info)
    labels.push_back(json::Object{{"label", valid_utf8(label)}, {"value", valid_utf8(value)}});
  for (const BagFinding& finding : check.findings.kept())
    findings.push_back(json::Object{{"grade", name_of(finding.grade)},
                                    {"reason", finding.reason},
                                    {"place", valid_utf8(finding.place)},
                                    {"text", valid_utf8(finding.text)}});
  return {{"schema", "greffe.bag-check/1"},
          {"bag", valid_utf8(bag)},
          {"valid", check.is_valid()},
          {"version", check.version.text()},
          {"encoding", check.encoding},
          {"algorithms", json::Array(check.algorithms.begin(), check.algorithms.end())},
          {"files", static_cast<std::int64_t>(check.files)},
          {"bytes", static_cast<std::int64_t>(check.bytes)},
          {"labels", std::move(labels)},
          {"findings", std::move(findings)}};
}

std::string report(const BagCheck& check) {
  std::string text;
  for (const BagFinding& finding : check.findings.kept())
    text += fmt::format("{}{}: {}: {}\n", finding.grade == Grade::Warning ? "warning: " : "", finding.reason,
                        printable(finding.place), printable(finding.text));
  text += fmt::format("BagIt {}, {}: {} files, {} bytes\n", check.version.text(),
                      fmt::join(check.algorithms, ", "), check.files, check.bytes);
  const Grade gravest = check.findings.gravest();
  return text + (gravest == Grade::Warning ? "valid\n"
                 : gravest == Grade::NoBag ? "no bag\n"
                                           : "not valid\n");
}

class CheckVerb : public Verb {
 public:
  const char* name() const override { return "check"; }

  void define(cli::CommandLine& command) override {
    command.verb("check", "Says whether a bag is complete and unchanged, whoever made it")
        .argument("BAG", bag_, "A folder, or a tar or zip file");
  }

  Result<int> run(const Options& options) override {
    GREFFE_TRY(const auto contents, package::open_bag(bag_));
    const auto progress = cli::make_progress(options.common);
    GREFFE_TRY(const BagCheck check, package::check_bag(*contents, *progress));
    cli::print(options.json ? json::write(json_of(bag_, check), json::Style::Indented) + "\n"
                            : report(check));
    const Grade gravest = check.findings.gravest();
    return gravest == Grade::Warning ? cli::Done : gravest == Grade::NoBag ? cli::Failed : cli::Integrity;
  }

 private:
  std::string bag_;
};

}  // namespace

std::unique_ptr<Verb> check_verb() { return std::make_unique<CheckVerb>(); }

}  // namespace greffe::export_tool
