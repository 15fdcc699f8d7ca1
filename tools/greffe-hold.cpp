// greffe-hold: places legal holds, tells what they cover, and releases them.
#include <algorithm>
#include <chrono>
#include <functional>
#include <map>

#include "base/log.h"
#include "base/text.h"
#include "catalog/connection.h"
#include "cli/command_line.h"
#include "cli/exit_code.h"
#include "cli/program.h"
#include "custody/checkpoint.h"
#include "custody/holds.h"
#include "custody/late_holds.h"
#include "json/value.h"
#include "shared/named_archive.h"

namespace {

using namespace greffe;

struct Options {
  std::string archive;
  bool json = false;
  bool all = false;
  bool list_meetings = false;
  bool same_person = false;
  std::string hold;
  std::string release_reason;
  std::string blocks = "dispose,alter,move";
  std::optional<std::string> start, end, review_on;
  custody::HoldRequest request;
  custody::Acting acting;
  cli::CommonOptions common;
};

Status read_dates(Options& options) {
  for (const auto& [text, date] :
       {std::pair(&options.start, &options.request.start), std::pair(&options.end, &options.request.end),
        std::pair(&options.review_on, &options.request.review_on)}) {
    if (!*text) continue;
    const auto read = parse_date(**text);
    if (!read) return fail(ErrorKind::Usage, "{}", read.error().message());
    *date = *read;
  }
  options.request.blocks.clear();
  for (std::string_view rest = options.blocks; !rest.empty();) {
    const auto comma = std::min(rest.find(','), rest.size());
    options.request.blocks.emplace_back(rest.substr(0, comma));
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  return {};
}

json::Value null_or(const std::string& text) { return text.empty() ? json::Value() : json::Value(text); }

json::Object json_of(const catalog::HoldRow& hold, CivilDate today) {
  const retention::HoldTerms terms = custody::terms_of(hold);
  return {{"schema", "greffe.hold-report/1"},
          {"hold", hold.id},
          {"state", retention::name_of(retention::state_of(terms, today))},
          {"needs_review", retention::needs_review(terms, today)},
          {"matter", hold.matter},
          {"owner", hold.owner},
          {"reason", hold.reason},
          {"created_by", hold.created_by},
          {"created_utc", hold.created_utc},
          {"start_date", hold.start_date},
          {"end_date", null_or(hold.end_date)},
          {"auto_release", hold.auto_release != 0},
          {"review_on", null_or(hold.review_on)},
          {"mode", hold.mode},
          {"blocks", hold.blocks},
          {"query", null_or(hold.query)},
          {"condition", null_or(hold.condition)},
          {"confidential", hold.confidential != 0},
          {"released_date", null_or(hold.released_date)},
          {"released_by", null_or(hold.released_by)},
          {"release_reason", null_or(hold.release_reason)}};
}

json::Array json_of(const std::vector<catalog::HeldMeeting>& meetings) {
  json::Array items;
  for (const catalog::HeldMeeting& meeting : meetings)
    items.push_back(
        json::Object{{"meeting", meeting.id}, {"title", meeting.title}, {"bytes", meeting.bytes}});
  return items;
}

void print_meetings(const std::vector<catalog::HeldMeeting>& meetings) {
  for (const catalog::HeldMeeting& meeting : meetings)
    if (!cli::print(fmt::format("{}  {:>14}  {}\n", meeting.id, meeting.bytes, printable(meeting.title))))
      return;
}

Result<CivilDate> today_in(const catalog::Archive& archive, const Options& options) {
  GREFFE_TRY(const TimeZone zone, archive.policy_zone());
  return zone.date_of(options.acting.now);
}

void print_report(const custody::HoldReport& report, const Options& options, CivilDate today) {
  if (options.json) {
    json::Object object = json_of(report.hold, today);
    object.set("meetings", json_of(report.covered));
    object.set("count", static_cast<std::int64_t>(report.covered.size()));
    object.set("bytes", report.bytes());
    json::Array too_late;
    for (const custody::DestroyedMatch& match : report.too_late) {
      json::Object gone{{"meeting", match.meeting}};
      gone.set("list", match.list);
      too_late.push_back(std::move(gone));
    }
    object.set("too_late", std::move(too_late));
    cli::print(json::write(object) + "\n");
    return;
  }
  for (const custody::DestroyedMatch& match : report.too_late)
    log::warning("{}: would have been covered, but was destroyed; greffe-retain certificate {}",
                 match.meeting, match.list);
  if (options.list_meetings) print_meetings(report.covered);
  log::info("{}: covers {} meeting(s), {} bytes", report.hold.id, report.covered.size(), report.bytes());
}

Result<int> simulate(Options& options, const catalog::Archive& archive) {
  GREFFE_CHECK(read_dates(options));
  options.list_meetings = true;
  GREFFE_TRY(const CivilDate today, today_in(archive, options));
  GREFFE_TRY(const auto report, custody::simulate_hold(archive, options.request, options.acting));
  print_report(report, options, today);
  // Beside the list, so that scripts read nothing but meetings.
  if (!options.json && !options.common.quiet)
    cli::tell(fmt::format("would cover {} meetings, {} bytes\n", report.covered.size(), report.bytes()));
  return cli::Done;
}

Result<int> place(Options& options, const catalog::Archive& archive) {
  GREFFE_CHECK(read_dates(options));
  GREFFE_TRY(const CivilDate today, today_in(archive, options));
  GREFFE_TRY(const auto report, custody::place_hold(archive, options.request, options.acting));
  if (!options.json) cli::print(report.hold.id + "\n");
  print_report(report, options, today);
  if (report.already_there) log::info("{}: was placed already", report.hold.id);
  GREFFE_CHECK(custody::checkpoint_if_key(archive, custody::key_file_of_environment(), options.acting.now));
  return cli::Done;
}

Result<int> release(Options& options, const catalog::Archive& archive) {
  GREFFE_TRY(const auto hold, custody::release_hold(archive, options.hold, options.release_reason,
                                                    options.same_person, options.acting));
  GREFFE_TRY(const CivilDate today, today_in(archive, options));
  if (options.json) cli::print(json::write(json_of(hold, today)) + "\n");
  log::info("{}: released on {} by {}", hold.id, hold.released_date, hold.released_by);
  GREFFE_CHECK(custody::checkpoint_if_key(archive, custody::key_file_of_environment(), options.acting.now));
  return cli::Done;
}

Result<catalog::Catalog> open_catalog(const catalog::Archive& archive, const Options& options) {
  return catalog::Catalog::open_read_only(archive.catalog_file(), {.lock_wait = options.acting.lock_wait});
}

// H9, H10: what waits for somebody is told, by the exit code too; it releases nothing.
int told(const std::vector<catalog::HoldRow>& holds, CivilDate today) {
  DamageLog damage;
  for (const catalog::HoldRow& hold : holds)
    custody::tell_overdue(hold.id, custody::terms_of(hold), today, damage);
  return cli::report_damage(damage);
}

Result<int> list(Options& options, const catalog::Archive& archive) {
  GREFFE_TRY(const CivilDate today, today_in(archive, options));
  GREFFE_TRY(const catalog::Catalog catalog, open_catalog(archive, options));
  GREFFE_TRY(const auto holds, catalog::all_holds(catalog));
  for (const catalog::HoldRow& hold : holds) {
    const auto state = retention::state_of(custody::terms_of(hold), today);
    if (!options.all && state == retention::HoldState::Released) continue;
    const std::string line = options.json
                                 ? json::write(json_of(hold, today)) + "\n"
                                 : fmt::format("{}  {:<18}  {}  {}\n", hold.id, retention::name_of(state),
                                               hold.start_date, printable(hold.matter));
    if (!cli::print(line)) break;
  }
  return told(holds, today);
}

Result<int> show(Options& options, const catalog::Archive& archive) {
  GREFFE_TRY(const CivilDate today, today_in(archive, options));
  GREFFE_TRY(const catalog::Catalog catalog, open_catalog(archive, options));
  GREFFE_TRY(const auto holds, catalog::all_holds(catalog));
  const auto hold =
      std::find_if(holds.begin(), holds.end(), [&](const auto& known) { return known.id == options.hold; });
  if (hold == holds.end())
    return fail(ErrorKind::Usage, "{}: no such hold; greffe-hold list names them", options.hold);
  GREFFE_TRY(const auto members, catalog::members_of(catalog, hold->id));
  std::vector<std::string> ids;
  for (const auto& member : members) ids.push_back(member.meeting);
  GREFFE_TRY(const auto meetings, catalog::describe_meetings(catalog, ids));
  json::Object object = json_of(*hold, today);
  if (options.json) {
    json::Array items;
    for (const auto& member : members) {
      auto evidence = json::parse(member.evidence);
      items.push_back(json::Object{{"meeting", member.meeting},
                                   {"since_utc", member.since_utc},
                                   {"evidence", evidence ? std::move(*evidence) : json::Value()}});
    }
    object.set("members", std::move(items));
    cli::print(json::write(object) + "\n");
  } else {
    for (const auto& [name, value] : object)
      if (name != "schema" && !value.is_null())
        cli::print(
            fmt::format("{:<16}{}\n", name,
                        printable(value.find_text() ? std::string(*value.find_text()) : json::write(value))));
    print_meetings(meetings);
  }
  return told({*hold}, today);
}

void define_request(cli::CommandLine& command, Options& options) {
  command.option("--matter", options.request.matter, "TEXT", "The case or file it is placed for")
      .option("--owner", options.request.owner, "NAME", "Who answers for it")
      .option("--reason", options.request.reason, "TEXT", "Why")
      .filter(
          "--query", options.request.query, "QUERY",
          "What it covers: participant:NAME title:WORDS class:CLASS from:DATE until:DATE \"words said\", or "
          "@NAME for a saved one")
      .filter("--where", options.request.condition, "SQL", "What it covers, as a condition over v_meetings")
      .filter("--meeting", options.request.meetings, "ID", "A meeting it covers; may be given several times")
      .option("--start", options.start, "DATE", "Its first day, by default today")
      .option("--end", options.end, "DATE", "Its last day; it binds on until it is released")
      .flag("--auto-release", options.request.auto_release, "After its last day it ends by itself")
      .option("--review-on", options.review_on, "DATE", "When somebody is to look at it again")
      .flag("--snapshot", options.request.snapshot, "Covers what is there now, nothing that comes later")
      .option("--blocks", options.blocks, "WORDS", "Of dispose, alter and move; by default all")
      .flag("--confidential", options.request.confidential,
            "Its reason is not shown where a meeting is explained");
}

void define_verbs(cli::CommandLine& command, Options& options) {
  cli::CommandLine& place_line = command.verb("place", "Places a hold and prints its id");
  define_request(place_line, options);
  place_line.flag("--list", options.list_meetings, "Print the meetings it covers, too");
  define_request(command.verb("simulate", "Says what a hold would cover, and places none"), options);
  command.verb("list", "The holds there are").flag("--all", options.all, "Released ones, too");
  command.verb("show", "One hold and the meetings it covers, with the evidence in --json")
      .argument("HOLD", options.hold, "Its id");
  command.verb("release", "Ends a hold; what it covered stays on record")
      .argument("HOLD", options.hold, "Its id")
      .option("--reason", options.release_reason, "TEXT", "Why")
      .flag("--same-person", options.same_person, "Let who placed it release it, which the journal tells");
}

}  // namespace

int main(int argc, char** argv) {
  return cli::run("greffe-hold", [&]() -> Result<int> {
    Options options;
    cli::CommandLine command("greffe-hold", "Places legal holds, tells what they cover, and releases them.",
                             catalog::library_versions);
    command.archive_option(options.archive).lock_wait_option(options.acting.lock_wait);
    command.flag("--json", options.json, "One JSON object per line, each with its schema");
    define_verbs(command, options);
    command.footer(
        "Exit status: 0 done, 1 failed, 2 usage, 3 a hold waits for review, 4 refused, 6 busy, 7 no "
        "archive.\n"
        "More in greffe-hold(1).");
    if (const auto code = command.parse(argc, argv)) return *code;
    options.common = command.common();
    options.acting.actor = journal::actor_of_process(argc, argv);
    options.acting.now = WallTime(std::chrono::system_clock::now().time_since_epoch());
    GREFFE_TRY(const catalog::Archive archive, open_named_archive(options.archive));
    const std::map<std::string, std::function<Result<int>(Options&, const catalog::Archive&)>> verbs{
        {"place", place}, {"simulate", simulate}, {"list", list}, {"show", show}, {"release", release}};
    return verbs.at(command.chosen_verb())(options, archive);
  });
}
