// render: a film made again by what its receipt says. Needs the meeting folder, not the archive.
#include "base/log.h"
#include "base/text.h"
#include "cli/exit_code.h"
#include "cli/program.h"
#include "flow/repeat_film.h"
#include "greffe-verify/findings.h"
#include "greffe-verify/verbs.h"

namespace greffe::verify_tool {
namespace {

json::Object json_of(const flow::Repetition& repetition) {
  json::Array versions;
  for (const std::string& version : repetition.other_versions) versions.emplace_back(version);
  json::Object report{
      {"schema", "greffe.verify-render/1"},    {"film", repetition.film.string()},
      {"repeated", repetition.repeated},       {"same", repetition.same},
      {"other_versions", std::move(versions)}, {"findings", findings_json(repetition.findings)}};
  if (repetition.distance) {
    json::Object pictures{{"count", repetition.distance->pictures}};
    if (repetition.distance->psnr_db) pictures.set("psnr_db", *repetition.distance->psnr_db);
    report.set("pictures", std::move(pictures));
  }
  return report;
}

std::string text_of(const flow::Repetition& repetition) {
  std::string text = findings_text(repetition.findings);
  for (const std::string& version : repetition.other_versions) text += fmt::format("version: {}\n", version);
  const std::string film = printable(repetition.film.string());
  if (!repetition.repeated) return text + film + ": not made again of other inputs\n";
  if (const auto& distance = repetition.distance)
    text += distance->psnr_db
                ? fmt::format("pictures: {}, PSNR {:.2f} dB\n", distance->pictures, *distance->psnr_db)
                : fmt::format("pictures: {}, all the same\n", distance->pictures);
  if (!repetition.same) return text + film + ": other bytes\n";
  return text + film +
         (repetition.findings.empty() ? ": the same bytes again\n"
                                      : ": no longer as its receipt says; made again as it was\n");
}

int exit_code_of(const flow::Repetition& repetition) {
  if (!repetition.findings.empty()) return cli::Integrity;
  if (repetition.same) return cli::Done;
  return repetition.other_versions.empty() ? cli::Integrity : cli::WithDamage;
}

class RenderVerb : public Verb {
 public:
  const char* name() const override { return "render"; }

  void define(cli::CommandLine& command) override {
    command.verb("render", "A film, by making it again as its receipt says; needs no archive")
        .argument("RECEIPT", receipt_, "FILM.receipt.json")
        .option("--folder", folder_, "DIR", "The meeting folder, where the film lies elsewhere")
        .option("--logo", logo_, "FILE.png", "Of a film that has one")
        .option("--jobs", jobs_, 0, 1024, "N", "Parallel jobs; by default as many as processors");
  }

  Result<int> run(const Options& options) override {
    flow::RepeatOptions repeat{.jobs = static_cast<unsigned>(jobs_), .tool_version = GREFFE_VERSION};
    if (folder_) repeat.folder = *folder_;
    if (logo_) repeat.logo = *logo_;
    const auto progress = cli::make_progress(options.common);
    DamageLog damage;
    GREFFE_TRY(const auto repetition, flow::repeat_film(receipt_, repeat, *progress, damage));
    cli::print(options.json ? json::write(json_of(repetition), json::Style::Indented) + "\n"
                            : text_of(repetition));
    return exit_code_of(repetition);
  }

 private:
  std::string receipt_;
  std::optional<std::string> folder_, logo_;
  int jobs_ = 0;
};

}  // namespace

std::unique_ptr<Verb> render_verb() { return std::make_unique<RenderVerb>(); }

}  // namespace greffe::verify_tool
