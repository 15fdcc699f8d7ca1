// files: every file of every meeting folder against its manifest, in one run or over many nights.
#include <chrono>

#include "base/log.h"
#include "base/text.h"
#include "cli/exit_code.h"
#include "cli/program.h"
#include "custody/verify_files.h"
#include "greffe-verify/findings.h"
#include "greffe-verify/verbs.h"

namespace greffe::verify_tool {
namespace {

class FilesVerb : public Verb {
 public:
  const char* name() const override { return "files"; }

  void define(cli::CommandLine& command) override {
    command.verb("files", "Fixity: every file of every meeting folder against its manifest")
        .arguments("MEETING", options_.meetings, "Ids or unique beginnings; by default all", false)
        .option("--sample", options_.percent, 1, 100, "PERCENT",
                "A part of the meetings, by day or, with --resume, the oldest")
        .flag("--resume", resume_, "Remember when each meeting was verified, and begin with the oldest")
        .option("--state", state_, "FILE", "Where that is remembered; by default locks/fixity.json")
        .option("--older-than", older_than_, "TIME", "Only what was verified longer ago, for example 720h")
        .option("--limit-time", limit_, "TIME", "Begin no further meeting after that, for example 3h")
        .option("--bwlimit", rate_, "BYTES", "Read at most so many a second, for example 20M")
        .option("--jobs", jobs_, 1, 8, "N", "Files hashed at once")
        .lock_wait_option(options_.lock_wait);
  }

  Result<int> run(const Options& options) override {
    GREFFE_TRY(const catalog::Archive archive, open_archive(options));
    GREFFE_CHECK(complete(archive, options));
    DamageLog damage;
    const auto began = std::chrono::steady_clock::now();
    const auto progress = cli::make_progress(options.common);
    auto found = custody::verify_files(archive, options_, damage, *progress);
    if (!found) return tl::unexpected(found.error());
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - began;
    cli::print(options.json ? json::write(to_json(*found), json::Style::Indented) + "\n"
                            : report(*found, seconds.count()));
    const int code = cli::report_damage(damage);
    if (found->interrupted) return 128 + stop_signal();
    return found->holds() ? code : cli::Integrity;
  }

 private:
  Status complete(const catalog::Archive& archive, const Options& options) {
    options_.now = options.now;
    options_.jobs = static_cast<unsigned>(jobs_);
    if (state_) options_.state = *state_;
    if (resume_ && !state_) options_.state = custody::default_fixity_state(archive);
    if (older_than_ && !options_.state)
      return fail(ErrorKind::Usage, "--older-than goes with --resume or --state");
    if (older_than_) {
      GREFFE_TRY(options_.older_than, cli::parse_duration(*older_than_));
    }
    if (limit_) {
      GREFFE_TRY(options_.time_limit, cli::parse_duration(*limit_));
    }
    if (rate_) {
      const auto rate = cli::parse_bytes(*rate_);
      if (!rate) return fail_within("--bwlimit", rate);
      options_.bytes_per_second = *rate;
    }
    return {};
  }

  json::Value to_json(const custody::FilesVerification& found) const {
    json::Array standing;
    for (const custody::StandingFindings& item : found.standing)
      standing.push_back(json::Object{{"meeting", item.meeting},
                                      {"verified_utc", rfc3339(item.record.verified, 0)},
                                      {"findings", item.record.findings}});
    return json::Object{{"schema", "greffe.verify-files/1"},
                        {"utc", rfc3339(options_.now)},
                        {"holds", found.holds()},
                        {"meetings", found.meetings},
                        {"left", found.left},
                        {"files", found.files},
                        {"bytes", found.bytes},
                        {"interrupted", found.interrupted},
                        {"findings", findings_json(found.findings)},
                        {"standing", std::move(standing)}};
  }

  static std::string report(const custody::FilesVerification& found, double seconds) {
    const double megabytes = static_cast<double>(found.bytes) / 1e6;
    std::string text =
        fmt::format("{} meetings, {} files, {:.1f} MB in {:.1f} s, {:.0f} MB/s\n", found.meetings,
                    found.files, megabytes, seconds, megabytes / std::max(seconds, 1e-3));
    if (found.left > 0) text += fmt::format("{} more meetings were due: the next run\n", found.left);
    text += findings_text(found.findings);
    for (const custody::StandingFindings& item : found.standing)
      text += fmt::format("standing: {}: {} findings on {}, not verified again since\n", item.meeting,
                          item.record.findings, rfc3339(item.record.verified, 0));
    return text + (found.holds() ? "holds\n" : "does not hold\n");
  }

  custody::VerifyFilesOptions options_;
  bool resume_ = false;
  int jobs_ = 1;
  std::optional<std::string> state_, older_than_, limit_, rate_;
};

}  // namespace

std::unique_ptr<Verb> files_verb() { return std::make_unique<FilesVerb>(); }

}  // namespace greffe::verify_tool
