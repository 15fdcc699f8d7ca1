// proposals and certificate: what people read, print and sign.
#include "greffe-retain/papers.h"
#include "base/log.h"
#include "catalog/disposal_json.h"
#include "catalog/holds.h"
#include "cli/exit_code.h"
#include "cli/figures.h"
#include "cli/program.h"
#include "cli/table.h"
#include "custody/disposal_text.h"
#include "custody/list_views.h"
#include "custody/policy_state.h"
#include "custody/recall_notice.h"

namespace greffe::retain_tool {
namespace {

using cli::Align;
using cli::Table;
using retention::LineState;

json::Object states_json(const catalog::ListSummary& list) {
  json::Object object;
  for (const auto& [state, count] : list.states) object.set(retention::name_of(state), count);
  return object;
}

std::string states_text(const catalog::ListSummary& list) {
  std::string text;
  for (const auto& [state, count] : list.states)
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, retention::name_of(state));
  return text;
}

json::Object summary_json(const catalog::ListSummary& list) {
  return {{"schema", "greffe.proposals/1"},
          {"list", list.id},
          {"day", list.day},
          {"by", list.by},
          {"scope", list.scope},
          {"count", list.meetings},
          {"bytes", list.bytes},
          {"sha512", list.sha512},
          {"states", states_json(list)},
          {"visas", list.visas},
          {"certificates", list.certificates}};
}

json::Object whole_json(const custody::ListView& view, const custody::Titles& titles) {
  json::Object object = summary_json(custody::summary_of(view));
  object.set("schema", "greffe.proposal/1");
  json::Array lines, visas;
  for (const catalog::ListLine& line : view.record.list.lines) {
    json::Object shown = catalog::json_of(line);
    const LineState state = view.states.at(line.meeting);
    shown.set("state", retention::name_of(state));
    const auto& elsewhere = view.record.destroyed_elsewhere;
    if (const auto by = elsewhere.find(line.meeting);
        state == LineState::DestroyedElsewhere && by != elsewhere.end())
      shown.set("destroyed_by", by->second);
    if (const auto title = titles.find(line.meeting); title != titles.end())
      shown.set("title", title->second);
    lines.push_back(std::move(shown));
  }
  for (const catalog::Visa& visa : view.record.visas) visas.push_back(catalog::json_of(visa));
  return object.set("visas", std::move(visas)).set("lines", std::move(lines));
}

Result<custody::Titles> titles_of(const OpenArchive& open, const catalog::DisposalList& list) {
  std::vector<std::string> ids;
  for (const catalog::ListLine& line : list.lines) ids.push_back(line.meeting);
  GREFFE_TRY(const auto meetings, catalog::describe_meetings(open.catalog, ids));
  custody::Titles titles;
  for (const catalog::HeldMeeting& meeting : meetings) titles[meeting.id] = meeting.title;
  return titles;
}

Result<int> list_proposals(const OpenArchive& open, bool as_json) {
  DamageLog damage;
  GREFFE_TRY(const auto lists, custody::summarize_lists(open.archive, open.catalog, open.today, damage));
  Table table({{"LIST"}, {"DAY"}, {"BY"}, {"MEETINGS", Align::Right}, {"SIZE", Align::Right}, {"STATES"}});
  for (const catalog::ListSummary& list : lists) {
    if (as_json)
      cli::print(json::write(summary_json(list)) + "\n");
    else
      table.add({list.id, list.day, list.by, fmt::format("{}", list.meetings), cli::bytes_text(list.bytes),
                 states_text(list)});
  }
  if (!as_json && !table.empty()) cli::print(table.text());
  return cli::report_damage(damage);
}

// The version that the list was made with, which need not be in force any more.
struct Shown {
  custody::PolicyState policies;
  custody::ListView view;

  static Result<Shown> read(const OpenArchive& open, const std::string& prefix, DamageLog& damage) {
    GREFFE_TRY(const std::string id, custody::find_list(open.archive, prefix));
    GREFFE_TRY(auto views, custody::view_lists(open.archive, open.catalog, {id}, open.today, damage));
    GREFFE_TRY(custody::PolicyState policies,
               custody::read_policy_state(open.archive, open.catalog, custody::Disposals::Ignore,
                                          custody::OpenExports::Ignore));
    return Shown{std::move(policies), std::move(views.front())};
  }

  custody::DisposalView paper_view(const OpenArchive& open) const {
    return {.record = view.record,
            .zone = open.zone,
            .owner = open.archive.description().owner,
            .policy = retention::find_policy(policies.policies, view.record.list.policy_version),
            .titles = {},
            .states = view.states};
  }
};

Result<const catalog::Certificate*> pick(const catalog::DisposalRecord& record, const std::string& number) {
  if (record.certificates.empty()) return fail(ErrorKind::Usage, "{}: nothing was destroyed", record.list.id);
  if (number.empty()) return &record.certificates.back();
  GREFFE_TRY(const std::int64_t wanted, parse_number("--number", number));
  if (wanted > static_cast<std::int64_t>(record.certificates.size()))
    return fail(ErrorKind::Usage, "{}: has {} certificates", record.list.id, record.certificates.size());
  return &record.certificates[static_cast<std::size_t>(wanted) - 1];
}

// D10: a page for each recipient.
Result<int> give_notices(const OpenArchive& open, const custody::DisposalView& view,
                         const catalog::Certificate& certificate, const Options& options) {
  GREFFE_TRY(const auto exports, custody::registered_exports(open.archive));
  std::vector<custody::RecallNotice> notices = custody::recall_notices(certificate, exports);
  const std::string& only = options.paper.exported;
  if (!only.empty())
    std::erase_if(notices, [&](const custody::RecallNotice& notice) { return notice.exported.id != only; });
  if (notices.empty() && !only.empty())
    return fail(ErrorKind::Usage, "--export {}: certificate {} of {} does not name it", only,
                certificate.number, certificate.list);
  if (notices.empty()) {
    log::info("no export has what certificate {} of {} is about", certificate.number, certificate.list);
    return cli::Done;
  }
  std::string lines;
  std::vector<custody::Paper> papers;
  for (const custody::RecallNotice& notice : notices) {
    lines += json::write(custody::json_of(notice)) + "\n";
    papers.push_back(custody::paper_of(notice, view, language_of(options.paper)));
  }
  const bool as_json = options.json || options.paper.format == "json";
  GREFFE_CHECK(as_json ? give(lines, options.paper) : give_papers(papers, options.paper));
  return cli::Done;
}

}  // namespace

void define_paper(cli::CommandLine& command, PaperOptions& paper) {
  command
      .choice("--format", paper.format, {"text", "html", "json"}, "As text, as a page to print, or as JSON")
      .choice("--lang", paper.language, {"en", "fr"}, "The language of the text")
      .option("-o,--output", paper.output, "FILE", "Where to write it; by default to standard output");
}

Status give_paper(const custody::Paper& paper, const PaperOptions& options) {
  return give_papers(std::span(&paper, 1), options);
}

Status give_papers(std::span<const custody::Paper> papers, const PaperOptions& options) {
  return give(options.format == "html" ? custody::html_of(papers) : custody::plain_text_of(papers), options);
}

Status give(const std::string& text, const PaperOptions& options) {
  if (!options.output.empty() && options.output != "-") return write_text_atomically(options.output, text);
  cli::print(text);
  return {};
}

custody::Language language_of(const PaperOptions& options) {
  return custody::find_language(options.language).value_or(custody::Language::English);
}

void define_proposals(cli::CommandLine& command, Options& options) {
  command.argument("LIST", options.paper.list, "Its id, or a beginning of it; by default all, a line each",
                   false);
  define_paper(command, options.paper);
}

void define_certificate(cli::CommandLine& command, Options& options) {
  command.argument("LIST", options.paper.list, "Its id, or a beginning of it")
      .option("--number", options.paper.number, "N", "Which of its certificates; by default the last")
      .flag("--notice", options.paper.notice, "Instead, a request to destroy for each recipient of an export")
      .option("--export", options.paper.exported, "ID", "With --notice: only for this export");
  define_paper(command, options.paper);
}

Result<int> proposals(const Options& options) {
  GREFFE_TRY(const OpenArchive open, open_archive(options));
  const bool as_json = options.json || options.paper.format == "json";
  if (options.paper.list.empty()) {
    if (options.paper.format == "html" || !options.paper.output.empty())
      return fail(ErrorKind::Usage, "--format html and --output are for one list: give its id");
    return list_proposals(open, as_json);
  }
  DamageLog damage;
  GREFFE_TRY(const Shown shown, Shown::read(open, options.paper.list, damage));
  custody::DisposalView view = shown.paper_view(open);
  GREFFE_TRY(view.titles, titles_of(open, shown.view.record.list));
  GREFFE_CHECK(as_json ? give(json::write(whole_json(shown.view, view.titles)) + "\n", options.paper)
                       : give_paper(custody::bordereau_of(view, language_of(options.paper)), options.paper));
  return cli::report_damage(damage);
}

Result<int> certificate(const Options& options) {
  GREFFE_TRY(const OpenArchive open, open_archive(options));
  DamageLog damage;
  GREFFE_TRY(const Shown shown, Shown::read(open, options.paper.list, damage));
  GREFFE_TRY(const catalog::Certificate* found, pick(shown.view.record, options.paper.number));
  const bool as_json = options.json || options.paper.format == "json";
  const custody::DisposalView view = shown.paper_view(open);
  if (options.paper.notice) return give_notices(open, view, *found, options);
  if (!options.paper.exported.empty()) return fail(ErrorKind::Usage, "--export goes with --notice");
  GREFFE_CHECK(
      as_json ? give(json::write(catalog::json_of(*found)) + "\n", options.paper)
              : give_paper(custody::certificate_of(view, *found, language_of(options.paper)), options.paper));
  return cli::Done;
}

}  // namespace greffe::retain_tool
