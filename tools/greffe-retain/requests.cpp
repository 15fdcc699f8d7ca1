// request add, list, show, answer: people who ask for their data to be erased.
#include "base/log.h"
#include "base/text.h"
#include "catalog/disposal_json.h"
#include "cli/exit_code.h"
#include "cli/program.h"
#include "cli/table.h"
#include "custody/erasure_letter.h"
#include "custody/erasure_requests.h"
#include "greffe-retain/papers.h"

namespace greffe::retain_tool {
namespace {

using cli::Align;
using cli::Table;

// The person is told within a month (Regulation (EU) 2016/679, article 12(3)).
CivilDate answer_by(const catalog::ErasureRequest& request) {
  return request.received + Period{.months = 1, .days = 0};
}

json::Array array_of(const std::vector<std::string>& texts) { return {texts.begin(), texts.end()}; }

json::Object erasure_json(const custody::MeetingErasure& erasure) {
  json::Array holds;
  for (const catalog::HoldRow& hold : erasure.holds) holds.emplace_back(hold.id);
  return {{"meeting", erasure.meeting},
          {"state", custody::name_of(erasure.state)},
          {"code", erasure.code},
          {"rule", erasure.rule},
          {"until", day_json(erasure.until)},
          {"waits_for", array_of(erasure.waits_for)},
          {"holds", std::move(holds)},
          {"list", erasure.list},
          {"records", array_of(erasure.records)},
          {"certificate", erasure.certificate > 0 ? json::Value(erasure.certificate) : json::Value()}};
}

json::Object record_json(const catalog::RequestRecord& record) {
  const catalog::ErasureRequest& request = record.request;
  json::Object object{{"schema", "greffe.erasure-status/1"},   {"number", request.number},
                      {"received", text_of(request.received)}, {"answer_by", text_of(answer_by(request))},
                      {"reference", request.reference},        {"note", request.note},
                      {"meetings", array_of(request.meetings)}};
  object.set("answer", record.answer ? json::Value(catalog::json_of(*record.answer)) : json::Value());
  return object;
}

std::string why_text(const custody::MeetingErasure& erasure) {
  std::vector<std::string> holds;
  for (const catalog::HoldRow& hold : erasure.holds) holds.push_back(hold.id);
  switch (erasure.state) {
    case custody::ErasureState::Erased:
      return erasure.certificate > 0 ? fmt::format("{}, certificate {}", erasure.list, erasure.certificate)
                                     : erasure.list;
    case custody::ErasureState::BlockedByHold: return fmt::format("{}", fmt::join(holds, ", "));
    case custody::ErasureState::WaitsForEvent: return fmt::format("{}", fmt::join(erasure.waits_for, ", "));
    case custody::ErasureState::InGrace:
    case custody::ErasureState::Approved:
    case custody::ErasureState::Proposed: return erasure.list;
    case custody::ErasureState::BlockedByRule: return erasure.rule.empty() ? erasure.code : erasure.rule;
    case custody::ErasureState::Proposable: break;
  }
  return erasure.rule;
}

// The last day that is told; `until` of what lies in the trash is the day behind it, or without any grace the
// day it went there.
std::string until_text(const custody::MeetingErasure& erasure) {
  const bool in_trash = erasure.state == custody::ErasureState::InGrace && erasure.until && erasure.trashed;
  return in_trash ? text_of(std::max(days_after(*erasure.until, -1), *erasure.trashed))
                  : day_text(erasure.until);
}

std::string status_text(const catalog::RequestRecord& record,
                        const std::vector<custody::MeetingErasure>& erasures) {
  const catalog::ErasureRequest& request = record.request;
  std::string text =
      fmt::format("request {}: {}\nreceived {}, to be answered by {}\n", request.number,
                  printable(request.reference), text_of(request.received), text_of(answer_by(request)));
  if (!request.note.empty()) text += printable(request.note) + "\n";
  if (record.answer)
    text += fmt::format("answered {}: {}, {}\n", rfc3339(record.answer->when, 0), record.answer->outcome,
                        printable(record.answer->reason));
  Table table({{"MEETING"}, {"STATE"}, {"UNTIL"}, {"BY"}});
  for (const custody::MeetingErasure& erasure : erasures)
    table.add({erasure.meeting, std::string(custody::name_of(erasure.state)), until_text(erasure),
               why_text(erasure)});
  text += "\n" + table.text();
  for (const custody::MeetingErasure& erasure : erasures)
    if (!erasure.records.empty())
      text += fmt::format("made of {}, kept by themselves and not asked for: {}\n", erasure.meeting,
                          fmt::join(erasure.records, ", "));
  return text;
}

Result<catalog::RequestRecord> find_request(const catalog::Archive& archive, const std::string& text) {
  GREFFE_TRY(const std::int64_t number, parse_number("N", text));
  GREFFE_TRY(auto records, catalog::read_requests(custody::requests_folder(archive)));
  if (number > static_cast<std::int64_t>(records.size()))
    return fail(ErrorKind::Usage, "there is no request {}", number);
  return std::move(records[static_cast<std::size_t>(number) - 1]);
}

}  // namespace

void define_request_add(cli::CommandLine& command, Options& options) {
  command.filter("--meeting", options.meetings, "ID", "A meeting, or a beginning of its id; may be repeated")
      .option("--reference", options.paper.reference, "TEXT", "The office's own file; no names")
      .option("--received", options.paper.received, "DATE", "When it came; by default today")
      .option("--note", options.paper.note, "TEXT", "For the office; no names");
}
void define_request_list(cli::CommandLine&, Options&) {}
void define_request_show(cli::CommandLine& command, Options& options) {
  command.argument("N", options.paper.number, "Its number")
      .flag("--letter", options.paper.letter, "The draft of an answer to the person instead");
  define_paper(command, options.paper);
}
void define_request_answer(cli::CommandLine& command, Options& options) {
  command.argument("N", options.paper.number, "Its number")
      .option("--outcome", options.paper.outcome, "WORD", "erased, refused or partly")
      .option("--reason", options.reason, "TEXT", "What the person was told; kept");
}

Result<int> request_add(const Options& options) {
  custody::RequestOrder order{.meetings = options.meetings,
                              .reference = options.paper.reference,
                              .received = {},
                              .note = options.paper.note};
  if (options.paper.received) {
    GREFFE_TRY(order.received, parse_day("--received", *options.paper.received));
  }
  GREFFE_TRY(const catalog::Archive archive, find_archive(options));
  GREFFE_TRY(const custody::StoredRequest stored, custody::add_request(archive, order, options.acting));
  if (!stored.is_new) log::warning("request {}: was recorded already", stored.request.number);
  if (!stored.records.empty())
    log::warning("request {}: does not ask for what was made of its meetings and is kept by itself: {}",
                 stored.request.number, fmt::join(stored.records, ", "));
  cli::print(fmt::format("{}\n", stored.request.number));
  return signed_done(archive, options);
}

Result<int> request_list(const Options& options) {
  GREFFE_TRY(const catalog::Archive archive, find_archive(options));
  GREFFE_TRY(const auto records, catalog::read_requests(custody::requests_folder(archive)));
  Table table({{"REQUEST", Align::Right},
               {"RECEIVED"},
               {"ANSWER BY"},
               {"MEETINGS", Align::Right},
               {"ANSWER"},
               {"REFERENCE"}});
  for (const catalog::RequestRecord& record : records) {
    if (options.json)
      cli::print(json::write(record_json(record)) + "\n");
    else
      table.add({fmt::format("{}", record.request.number), text_of(record.request.received),
                 text_of(answer_by(record.request)), fmt::format("{}", record.request.meetings.size()),
                 record.answer ? record.answer->outcome : "-", record.request.reference});
  }
  if (!options.json && !table.empty()) cli::print(table.text());
  return cli::Done;
}

Result<int> request_show(const Options& options) {
  GREFFE_TRY(const OpenArchive open, open_archive(options));
  GREFFE_TRY(const catalog::RequestRecord record, find_request(open.archive, options.paper.number));
  DamageLog damage;
  GREFFE_TRY(const auto erasures,
             custody::erasure_of(open.archive, open.catalog, record.request, open.today, damage));
  if (options.json || options.paper.format == "json") {
    json::Array states;
    for (const custody::MeetingErasure& erasure : erasures) states.push_back(erasure_json(erasure));
    GREFFE_CHECK(
        give(json::write(record_json(record).set("states", std::move(states))) + "\n", options.paper));
  } else if (options.paper.letter) {
    GREFFE_CHECK(give_paper(custody::erasure_letter(record.request, erasures, language_of(options.paper)),
                            options.paper));
  } else {
    if (options.paper.format == "html") return fail(ErrorKind::Usage, "--format html is for --letter");
    GREFFE_CHECK(give(status_text(record, erasures), options.paper));
  }
  return cli::report_damage(damage);
}

Result<int> request_answer(const Options& options) {
  GREFFE_TRY(const std::int64_t number, parse_number("N", options.paper.number));
  GREFFE_TRY(const catalog::Archive archive, find_archive(options));
  const custody::AnswerOrder order{
      .request = number, .outcome = options.paper.outcome, .reason = options.reason};
  GREFFE_CHECK(custody::answer_request(archive, order, options.acting));
  return signed_done(archive, options);
}

}  // namespace greffe::retain_tool
