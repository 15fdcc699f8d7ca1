// journal: the chain, its checkpoints and their signatures, time stamps, heads kept elsewhere, and the
// catalog.
#include <map>

#include "base/log.h"
#include "base/text.h"
#include "cli/exit_code.h"
#include "cli/program.h"
#include "custody/verify_journal.h"
#include "greffe-verify/findings.h"
#include "greffe-verify/trusted.h"
#include "greffe-verify/verbs.h"
#include "json/value.h"

namespace greffe::verify_tool {
namespace {

json::Value checkpoint_json(const journal::JournalCheck& check) {
  if (!check.newest) return {};
  json::Object checkpoint{{"size", check.newest->size},
                          {"root", check.newest->root.hex()},
                          {"signed_by", json::Array(check.newest_by.begin(), check.newest_by.end())}};
  if (check.newest->time) checkpoint.set("time", rfc3339(*check.newest->time));
  return checkpoint;
}

json::Value to_json(const custody::JournalVerification& verification, const std::string& origin) {
  const journal::JournalCheck& check = verification.check;
  json::Object document{{"schema", "greffe.verify-journal/1"},
                        {"origin", origin},
                        {"holds", check.findings.empty()},
                        {"entries", check.entries},
                        {"unread", check.unread},
                        {"root", check.root.hex()},
                        {"torn_bytes", check.torn_bytes},
                        {"checkpoints", check.checkpoints},
                        {"newest_checkpoint", checkpoint_json(check)},
                        {"time_stamps", check.tokens},
                        {"catalog_entries", verification.catalog_entries},
                        {"findings", findings_json(check.findings.kept())}};
  if (check.newest_token) document.set("newest_time_stamp", rfc3339(*check.newest_token));
  return document;
}

std::string summary(const custody::JournalVerification& verification) {
  const journal::JournalCheck& check = verification.check;
  std::string text = fmt::format("{} entries, root {}\n", check.entries, check.root.hex());
  if (check.unread > 0) text += fmt::format("{} of them before the head given: hashed only\n", check.unread);
  if (check.newest)
    text += fmt::format("{} checkpoints, the newest over {} entries{}{}, signed by {}\n", check.checkpoints,
                        check.newest->size, check.newest->time ? " of " : "",
                        check.newest->time ? rfc3339(*check.newest->time, 0) : "",
                        fmt::join(check.newest_by, ", "));
  else
    text += check.checkpoints == 0 ? std::string("no checkpoints\n")
                                   : fmt::format("{} checkpoints, none that holds\n", check.checkpoints);
  if (check.newest_token)
    text += fmt::format("{} time stamps, the newest of {}\n", check.tokens, rfc3339(*check.newest_token, 0));
  if (check.torn_bytes > 0)
    text += fmt::format("{} bytes of a line that a crash has cut: the next program that writes heals it\n",
                        check.torn_bytes);
  return text;
}

std::string report(const custody::JournalVerification& verification) {
  const journal::Findings& findings = verification.check.findings;
  std::string text = summary(verification);
  std::map<std::string_view, std::size_t> shown;
  for (const journal::Finding& finding : findings.kept()) {
    text += fmt::format("{}: {}: {}\n", finding.reason, printable(finding.place), printable(finding.text));
    ++shown[finding.reason];
  }
  for (const auto& [reason, number] : shown)
    if (findings.count(reason) > number)
      text += fmt::format("{}: {} more\n", reason, findings.count(reason) - number);
  return text + (findings.empty() ? "holds\n" : "does not hold\n");
}

class JournalVerb : public Verb {
 public:
  const char* name() const override { return "journal"; }

  void define(cli::CommandLine& command) override {
    command
        .verb("journal",
              "The journal: chain, checkpoints, signatures, time stamps, and the catalog's index of it")
        .option("--head", heads_, "FILE|LINE",
                "A head kept elsewhere that must be in it; may be given several times")
        .option("--since", since_, "FILE|LINE",
                "A head up to which all was verified: before it, lines are hashed only")
        .option("--key", keys_, "FILE|LINE",
                "A key that is trusted; by default the first that the journal has")
        .option("--tsa", authorities_, "FILE", "Verify time stamps by the authorities in this file, in PEM")
        .option("--untrusted", untrusted_, "FILE", "With --tsa: certificates between, in PEM")
        .option("--max-age", max_age_, "TIME",
                "The newest good checkpoint may not be older, for example 26h");
  }

  Result<int> run(const Options& options) override {
    GREFFE_TRY(const catalog::Archive archive, open_archive(options));
    GREFFE_TRY(const journal::JournalTrust trust, trust_of(options));
    GREFFE_TRY(const custody::JournalVerification verification, custody::verify_journal(archive, trust));
    if (verification.catalog_is_missing)
      log::warning("{}: is missing; greffe-catalog rebuild makes it again", archive.catalog_file().string());
    const std::string origin = journal::origin_of(archive.description().id);
    cli::print(options.json ? json::write(to_json(verification, origin), json::Style::Indented)
                            : report(verification));
    return verification.check.findings.empty() ? cli::Done : cli::Integrity;
  }

 private:
  Result<journal::JournalTrust> trust_of(const Options& options) const {
    journal::JournalTrust trust{.now = options.now};
    for (const std::string& given : heads_) {
      GREFFE_TRY(journal::KnownHead head, head_of(given));
      trust.heads.push_back(std::move(head));
    }
    for (const std::string& given : keys_) {
      const auto key = key_of(given);
      if (!key) return fail(ErrorKind::Usage, "--key {}: {}", given, key.error().message());
      trust.keys.push_back(*key);
    }
    if (since_) {
      GREFFE_TRY(trust.since, head_of(*since_));
    }
    if (untrusted_ && !authorities_) return fail(ErrorKind::Usage, "--untrusted goes with --tsa");
    if (authorities_) {
      trust.authorities = fixity::TimeStampTrust{.authorities = *authorities_};
      if (untrusted_) trust.authorities->untrusted = *untrusted_;
    }
    if (max_age_) {
      GREFFE_TRY(trust.max_age, cli::parse_duration(*max_age_));
    }
    return trust;
  }

  std::vector<std::string> heads_, keys_;
  std::optional<std::string> since_, authorities_, untrusted_, max_age_;
};

}  // namespace

std::unique_ptr<Verb> journal_verb() { return std::make_unique<JournalVerb>(); }

}  // namespace greffe::verify_tool
