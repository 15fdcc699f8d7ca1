// catalog: its rows against the folders, holds and journal that they are made of.
#include "cli/exit_code.h"
#include "cli/program.h"
#include "custody/verify_catalog.h"
#include "greffe-verify/findings.h"
#include "greffe-verify/verbs.h"

namespace greffe::verify_tool {
namespace {

json::Value to_json(const custody::CatalogVerification& found) {
  return json::Object{
      {"schema", "greffe.verify-catalog/1"},
      {"holds", found.findings.empty()},
      {"meetings", found.meetings},
      {"legal_holds", found.holds},
      {"journal_entries", found.journal_entries},
      {"findings", findings_json(found.findings)},
      {"remedy", found.rebuild_helps() ? json::Value("greffe-catalog rebuild") : json::Value()}};
}

std::string report(const custody::CatalogVerification& found) {
  std::string text = fmt::format("{} meetings, {} legal holds, {} journal entries compared\n", found.meetings,
                                 found.holds, found.journal_entries);
  text += findings_text(found.findings);
  if (found.rebuild_helps()) text += "greffe-catalog rebuild makes the rows again\n";
  return text + (found.findings.empty() ? "holds\n" : "does not hold\n");
}

class CatalogVerb : public Verb {
 public:
  const char* name() const override { return "catalog"; }

  void define(cli::CommandLine& command) override {
    command
        .verb("catalog", "The catalog: its rows against folders, holds and the journal, in both directions")
        .flag("--words", options_.words, "Its index of words, too; needs room for a copy in $TMPDIR")
        .lock_wait_option(options_.lock_wait);
  }

  Result<int> run(const Options& options) override {
    GREFFE_TRY(const catalog::Archive archive, open_archive(options));
    options_.now = options.now;
    const auto progress = cli::make_progress(options.common);
    GREFFE_TRY(const auto found, custody::verify_catalog(archive, options_, *progress));
    cli::print(options.json ? json::write(to_json(found), json::Style::Indented) + "\n" : report(found));
    return found.findings.empty() ? cli::Done : cli::Integrity;
  }

 private:
  custody::VerifyCatalogOptions options_;
};

}  // namespace

std::unique_ptr<Verb> catalog_verb() { return std::make_unique<CatalogVerb>(); }

}  // namespace greffe::verify_tool
