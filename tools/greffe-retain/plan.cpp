// event and plan: what happened, and what follows.
#include "base/log.h"
#include "base/text.h"
#include "cli/exit_code.h"
#include "cli/program.h"
#include "cli/table.h"
#include "custody/plan_keeper.h"
#include "greffe-retain/verbs.h"

namespace greffe::retain_tool {
namespace {

using cli::Align;
using cli::Table;

std::string action_text(const retention::Decision& decision) {
  return decision.action ? std::string(retention::name_of(*decision.action)) : "-";
}

bool has(const retention::Decision& decision, retention::Code code) {
  for (const retention::Code found : decision.codes)
    if (found == code) return true;
  return false;
}

json::Object plan_json(const custody::PlannedMeeting& planned) {
  const retention::Decision& decision = planned.decision;
  json::Array codes;
  for (const retention::Code code : decision.codes) codes.emplace_back(retention::name_of(code));
  return {{"schema", "greffe.plan/1"},
          {"meeting", planned.meeting},
          {"code", retention::name_of(decision.code)},
          {"codes", std::move(codes)},
          {"keep_until", day_json(decision.keep_until)},
          {"due_from", day_json(decision.due_from)},
          {"propose_from", day_json(decision.propose_from)},
          {"action", decision.action ? json::Value(retention::name_of(*decision.action)) : json::Value()},
          {"rule", planned.rule},
          {"waits_for", json::Array(planned.waits_for.begin(), planned.waits_for.end())},
          {"in_doubt", json::Array(planned.in_doubt.begin(), planned.in_doubt.end())},
          {"holds", json::Array(decision.holds.begin(), decision.holds.end())},
          {"bytes", planned.bytes}};
}

// Columns of fixed width: a million lines are printed as they are decided.
std::string plan_line(std::string_view meeting, std::string_view code, std::string_view keep,
                      std::string_view due, std::string_view propose, std::string_view action,
                      std::string_view rule) {
  return fmt::format("{:<27}  {:<21}  {:<10}  {:<10}  {:<12}  {:<7}  {}\n", meeting, code, keep, due, propose,
                     action, rule);
}

std::string plan_text(const custody::PlannedMeeting& planned) {
  const retention::Decision& decision = planned.decision;
  std::string rule = planned.rule.empty() ? "-" : printable(planned.rule);
  if (!planned.waits_for.empty()) rule += fmt::format(" (waits for {})", fmt::join(planned.waits_for, ", "));
  if (!planned.in_doubt.empty()) rule += fmt::format(" (in doubt: {})", fmt::join(planned.in_doubt, ", "));
  const std::string keep =
      has(decision, retention::Code::KeepForever) ? "forever" : day_text(decision.keep_until);
  return plan_line(planned.meeting, retention::name_of(decision.code), keep, day_text(decision.due_from),
                   day_text(decision.propose_from), action_text(decision), rule);
}

std::string totals_text(const custody::PlanTotals& totals, CivilDate as_of) {
  Table table({{"CODE"}, {"MEETINGS", Align::Right}, {"BYTES", Align::Right}, {"EARLIEST DUE"}});
  const auto add = [&](std::string_view name, const retention::Shift& shift) {
    table.add({std::string(name), fmt::format("{}", shift.meetings), fmt::format("{}", shift.bytes),
               day_text(shift.earliest)});
  };
  for (const auto& [code, shift] : totals.by_code) add(retention::name_of(code), shift);
  add("(all)", totals.all);
  const std::string under = totals.version == 0 ? "no rules" : fmt::format("version {}", totals.version);
  return fmt::format("as of {}, under {}\n{}", text_of(as_of), under, table.text());
}

}  // namespace

void define_event(cli::CommandLine& command, Options& options) {
  command.argument("TYPE", options.event, "What happened: dossier_closed, contract_ended, …", false)
      .filter("--meeting", options.meetings, "ID", "To which meeting; may be given several times")
      .filter("--query", options.query, "QUERY", "To which meetings: those it finds now")
      .option("--on", options.on, "DATE", "The day it happened, or will")
      .option("--evidence", options.evidence, "TEXT", "Where it can be read")
      .option("--supersedes", options.supersedes, "NUMBER", "Corrects that event")
      .option("--withdraw", options.withdraws, "NUMBER", "Takes back that event");
}

Result<int> record_event(const Options& options) {
  if (options.supersedes && options.withdraws)
    return fail(ErrorKind::Usage, "either --supersedes or --withdraw");
  custody::EventOrder order{.type = options.event,
                            .meetings = options.meetings,
                            .query = options.query,
                            .evidence = options.evidence,
                            .withdraws = options.withdraws.has_value()};
  if (options.on) {
    GREFFE_TRY(order.on, parse_day("--on", *options.on));
  }
  if (options.supersedes) {
    GREFFE_TRY(order.supersedes, parse_number("--supersedes", *options.supersedes));
  }
  if (options.withdraws) {
    GREFFE_TRY(order.supersedes, parse_number("--withdraw", *options.withdraws));
  }
  GREFFE_TRY(const catalog::Archive archive, find_archive(options));
  GREFFE_TRY(const custody::RecordedEvent recorded, custody::record_event(archive, order, options.acting));
  if (!recorded.stored.is_new) log::warning("recorded already, as event {}", recorded.stored.number);
  log::info("{} meetings", recorded.record.meetings.size());
  const catalog::EventResult& result = recorded.record.result;
  if (recorded.stored.is_new && result.sooner > 0)
    log::warning("{} meetings become due for destruction sooner, the first from {}", result.sooner,
                 day_text(result.earliest));
  if (result.later > 0) log::info("{} meetings become due later, or no more", result.later);
  cli::print(fmt::format("{}\n", recorded.stored.number));
  const int code = cli::report_damage(recorded.damage);
  GREFFE_TRY(const int done, signed_done(archive, options));
  return std::max(code, done);
}

void define_plan(cli::CommandLine& command, Options& options) {
  command.option("--as-of", options.as_of, "DATE", "As it is on that day; by default today")
      .flag("--due", options.due, "Only what is due")
      .flag("--pending", options.pending, "Only what waits for an event")
      .flag("--save", options.save, "Keeps all of it in the catalog, as v_plan and v_due show it");
}

Result<int> plan(const Options& options) {
  if (options.save && options.as_of)
    return fail(ErrorKind::Usage, "--save: only the plan of today is saved, without --as-of");
  GREFFE_TRY(const OpenArchive open, open_archive(options));
  CivilDate as_of = open.today;
  if (options.as_of) {
    const auto day = open.zone.parse_day(*options.as_of);
    if (!day) return fail(ErrorKind::Usage, "--as-of: {}", day.error().message());
    as_of = *day;
  }
  custody::PlanKeeper keeper;
  GREFFE_TRY(const std::int64_t last_entry, open.catalog.last_journal_seq());
  bool read = true;
  if (!options.json)
    cli::print(plan_line("MEETING", "CODE", "KEEP UNTIL", "DUE FROM", "PROPOSE FROM", "THEN", "RULE"));
  const auto take = [&](const custody::PlannedMeeting& planned) {
    if (options.save) keeper.add(planned);
    if (options.due && !has(planned.decision, retention::Code::Due)) return true;
    if (options.pending && !has(planned.decision, retention::Code::PendingEvent)) return true;
    read = cli::print(options.json ? json::write(plan_json(planned)) + "\n" : plan_text(planned));
    return read;
  };
  GREFFE_TRY(const custody::PlanTotals totals,
             custody::plan_retention(open.archive, open.catalog, as_of, take));
  if (!read) return cli::Done;  // nobody reads any more; the exit code says so
  if (options.save)
    GREFFE_CHECK(keeper.save(open.archive,
                             {.as_of = text_of(as_of),
                              .made_utc = rfc3339(options.acting.now),
                              .policy_version = totals.version,
                              .journal_seq = last_entry},
                             options.acting.lock_wait));
  for (const std::string& rule : totals.idle_rules) log::warning("rule \"{}\": matches no meeting", rule);
  const std::string summary = totals_text(totals, as_of);
  if (!options.json)
    cli::print("\n" + summary);
  else if (!options.quiet)
    cli::tell(summary);
  return cli::report_damage(totals.damage);
}

}  // namespace greffe::retain_tool
