// list: the register of exports.
#include "base/text.h"
#include "cli/exit_code.h"
#include "cli/figures.h"
#include "cli/program.h"
#include "cli/table.h"
#include "custody/export_register.h"
#include "greffe-export/verbs.h"

namespace greffe::export_tool {
namespace {

class ListVerb : public Verb {
 public:
  const char* name() const override { return "list"; }

  void define(cli::CommandLine& command) override {
    command.verb("list", "Which packages left the archive, of what and to whom")
        .option("--meeting", meeting_, "ID", "Only those that have this meeting; it may be gone since");
  }

  Result<int> run(const Options& options) override {
    GREFFE_TRY(const catalog::Archive archive, open_archive(options));
    GREFFE_TRY(std::vector<custody::ExportRecord> records, custody::registered_exports(archive));
    if (meeting_) {
      std::string id = *meeting_;
      // One that is gone still has its id, whole: what is less stands for none.
      const auto whole = archive.find_meeting(id);
      if (!whole && !catalog::is_meeting_id(id)) return tl::unexpected(whole.error());
      if (whole) id = *whole;
      GREFFE_TRY(records, custody::exports_of(archive, id));
    }
    cli::Table table({{.title = "EXPORT"},
                      {.title = "DATE"},
                      {.title = "FORMAT"},
                      {.title = "MEETINGS", .align = cli::Align::Right},
                      {.title = "SIZE", .align = cli::Align::Right},
                      {.title = "RECIPIENT", .shrinks = true}});
    for (const custody::ExportRecord& record : records) {
      if (options.json && !cli::print(json::write(custody::json_of(record)) + "\n")) break;
      table.add({catalog::export_id(record.number), text_of(record.bagging_date), record.format,
                 std::to_string(record.meetings.size()), cli::bytes_text(record.bytes()),
                 record.recipient.empty() ? "-" : record.recipient});
    }
    if (!options.json && !table.empty()) cli::print(table.text(cli::terminal_width()));
    return cli::Done;
  }

 private:
  std::optional<std::string> meeting_;
};

}  // namespace

std::unique_ptr<Verb> list_verb() { return std::make_unique<ListVerb>(); }

}  // namespace greffe::export_tool
