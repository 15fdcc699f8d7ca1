// Without a verb: a package of meetings.
#include <algorithm>

#include "base/log.h"
#include "base/text.h"
#include "cli/exit_code.h"
#include "cli/figures.h"
#include "cli/program.h"
#include "custody/export_meetings.h"
#include "greffe-export/verbs.h"
#include "json/read_file.h"

namespace greffe::export_tool {
namespace {

constexpr std::uint64_t LargestInfo = 1u << 20;

// "LABEL=VALUE".
Status add_label(const std::string& text, package::BagInfo& labels) {
  const auto equals = text.find('=');
  if (equals == std::string::npos)
    return fail(ErrorKind::Usage, "--info {}: expected LABEL=VALUE", printable(text));
  labels.push_back({text.substr(0, equals), text.substr(equals + 1)});
  return package::check_label(labels.back());
}

// {"Contact-Name": "…", "External-Identifier": ["…", "…"]}
Status add_labels_of(const Path& file, package::BagInfo& labels) {
  GREFFE_TRY(const json::Value value, json::read_file(file, LargestInfo));
  const json::Object* const object = value.find_object();
  if (object == nullptr) return fail(ErrorKind::Usage, "{}: expected an object of labels", file.string());
  for (const auto& [label, given] : *object) {
    const json::Array one{given};
    for (const json::Value& item : given.find_array() != nullptr ? *given.find_array() : one) {
      if (item.find_text() == nullptr)
        return fail(ErrorKind::Usage, "{}: {}: expected text, or an array of texts", file.string(), label);
      labels.push_back({label, *item.find_text()});
      if (const Status good = package::check_label(labels.back()); !good)
        return fail_within(file.string(), good);
    }
  }
  return {};
}

class MakeVerb : public Verb {
 public:
  const char* name() const override { return ""; }

  void define(cli::CommandLine& command) override {
    command.arguments("MEETING", request_.selection.meetings, "Ids or unique beginnings", false)
        .filter("--query", request_.selection.query, "QUERY",
                "Meetings that it finds, as greffe-hold takes it, or @NAME for a saved one")
        .filter("--where", request_.selection.condition, "SQL",
                "Meetings that meet a condition over v_meetings")
        .choice("--format", format_, {"bagit", "folder"},
                "A bag (RFC 8493), which is the default, or a folder")
        .option("-o,--output", target_, "TARGET", "Where to; nothing may be there yet")
        .flag("--tar", request_.tar, "In one tar file")
        .option("--max-part", max_part_, "SIZE",
                "Bags of at most that size, for example 1900M, in the folder TARGET")
        .option("--recipient", request_.recipient, "TEXT", "To whom it goes, for the register")
        .option("--reason", request_.reason, "TEXT", "Why, for the register")
        .option("--info", info_, "LABEL=VALUE", "A line of bag-info.txt; may be given several times")
        .option("--info-file", info_files_, "FILE", "Lines of bag-info.txt from a JSON object")
        .option("--date", date_, "DATE", "The day written in the package, by default today");
  }

  Result<int> run(const Options& options) override {
    GREFFE_CHECK(complete());
    GREFFE_TRY(const catalog::Archive archive, open_archive(options));
    DamageLog damage;
    const auto progress = cli::make_progress(options.common);
    const auto report = custody::export_meetings(archive, request_, options.acting, damage, *progress);
    if (!report) return tl::unexpected(report.error());
    const custody::ExportRecord& record = report->record;
    cli::print(options.json ? json::write(custody::json_of(record)) + "\n" : record.target + "\n");
    if (report->was_there) log::info("{}: was there already, and is now in the register", record.target);
    log::info("{}: {} meeting(s), {} part(s), {}", catalog::export_id(record.number), record.meetings.size(),
              record.parts.size(), cli::bytes_text(record.bytes()));
    for (const std::string& hold : record.holds)
      log::info("{} binds what was exported: it may be handed over, and stays here", hold);
    return cli::report_damage(damage);
  }

 private:
  Status complete() {
    if (target_.empty()) return fail(ErrorKind::Usage, "where to? Give -o TARGET");
    request_.target = target_;
    request_.format = format_ == "folder" ? custody::PackageFormat::Folder : custody::PackageFormat::Bag;
    request_.tool_version = GREFFE_VERSION;
    if (max_part_) {
      const auto bytes = cli::parse_bytes(*max_part_);
      if (!bytes) return fail_within("--max-part", bytes);
      request_.max_part = *bytes;
    } else {
      request_.tar = request_.tar || target_.ends_with(".tar");
    }
    if (date_) {
      const auto date = parse_date(*date_);
      if (!date) return fail(ErrorKind::Usage, "--date: {}", date.error().message());
      request_.date = *date;
    }
    for (const std::string& file : info_files_) GREFFE_CHECK(add_labels_of(file, request_.labels));
    for (const std::string& line : info_) GREFFE_CHECK(add_label(line, request_.labels));
    return {};
  }

  custody::ExportRequest request_;
  std::string format_ = "bagit";
  std::string target_;
  std::optional<std::string> max_part_, date_;
  std::vector<std::string> info_, info_files_;
};

}  // namespace

std::unique_ptr<Verb> make_verb() { return std::make_unique<MakeVerb>(); }

}  // namespace greffe::export_tool
