// propose, approve, apply, restore, purge: what is due goes, when enough people have said so.
#include <algorithm>
#include <charconv>
#include <map>

#include "base/log.h"
#include "base/text.h"
#include "cli/exit_code.h"
#include "cli/figures.h"
#include "cli/program.h"
#include "cli/table.h"
#include "custody/checkpoint.h"
#include "custody/dispose.h"
#include "custody/give_visa.h"
#include "custody/propose.h"
#include "greffe-retain/verbs.h"

namespace greffe::retain_tool {
namespace {

using cli::Align;
using cli::Table;

constexpr std::uint64_t LargestVisa = 256u << 20;

// "20", or "5M" where a size is asked for: units of 1000, as everywhere in greffe.
Result<std::optional<std::int64_t>> parse_limit(const std::string& name,
                                                const std::optional<std::string>& text) {
  if (!text) return std::nullopt;
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  const std::string_view unit(end, static_cast<std::size_t>(text->data() + text->size() - end));
  std::int64_t times = 1;
  for (const auto& [letter, factor] : {std::pair("k", 1'000LL), std::pair("M", 1'000'000LL),
                                       std::pair("G", 1'000'000'000LL), std::pair("T", 1'000'000'000'000LL)})
    if (unit == letter) times = factor;
  if (error != std::errc() || number < 0 || (!unit.empty() && times == 1) ||
      number > std::numeric_limits<std::int64_t>::max() / times)
    return fail(ErrorKind::Usage, "{}: \"{}\" is no number such as 20, 500M or 2G", name, *text);
  return number * times;
}

json::Object line_json(const custody::LineReport& line) {
  json::Object object{{"schema", "greffe.disposal-line/1"}};
  object.set("list", line.list);
  object.set("meeting", line.meeting);
  object.set("code", line.code);
  object.set("why", line.why);
  object.set("bytes", line.bytes);
  return object;
}

std::string report_text(const custody::DisposalReport& report) {
  Table table({{"LIST"}, {"MEETING"}, {"CODE"}, {"BYTES", Align::Right}, {"WHY", Align::Left, true}});
  for (const custody::LineReport& line : report.lines)
    table.add({line.list, line.meeting, line.code, fmt::format("{}", line.bytes), printable(line.why)});
  return table.text(cli::terminal_width());
}

json::Object summary_json(const custody::DisposalReport& report) {
  json::Object object{{"schema", "greffe.disposal-report/1"}};
  object.set("acted", report.acted);
  object.set("digest", report.digest);
  object.set("meetings", report.meetings);
  object.set("bytes", report.bytes);
  object.set("skipped", report.skipped());
  json::Array certificates;
  for (const auto& [list, number] : report.certificates) {
    json::Object certificate;
    certificate.set("list", list);
    certificate.set("number", number);
    certificates.push_back(std::move(certificate));
  }
  object.set("certificates", std::move(certificates));
  return object;
}

// Prints what apply or purge did or would do; the code tells whether a line stayed that was to go (D4).
Result<int> tell(const custody::DisposalReport& report, const Options& options, const char* verb) {
  if (options.disposal.only_digest) {
    cli::print(report.digest + "\n");
    return cli::report_damage(report.damage);
  }
  if (options.json) {
    for (const custody::LineReport& line : report.lines) cli::print(json::write(line_json(line)) + "\n");
    cli::print(json::write(summary_json(report)) + "\n");
  } else {
    if (!report.lines.empty()) cli::print(report_text(report) + "\n");
    cli::print(fmt::format("{}: {} meetings, {} bytes\n", report.acted ? "gone" : "would go", report.meetings,
                           report.bytes));
    for (const auto& [list, number] : report.certificates)
      cli::print(fmt::format("certificate {} of {}\n", number, list));
    if (!report.acted && report.meetings > 0)
      cli::print(fmt::format("to do it: greffe-retain {} --apply {}\n", verb, report.digest));
  }
  const int damage = cli::report_damage(report.damage);
  return report.acted && report.skipped() > 0 ? std::max<int>(damage, cli::WithDamage) : damage;
}

void tell_passed_over(const std::vector<catalog::SkippedLine>& lines) {
  std::map<std::string, std::int64_t> by_code;
  for (const catalog::SkippedLine& line : lines) {
    log::info("{}: {} {}", line.meeting, line.code, line.why);
    ++by_code[line.code];
  }
  std::vector<std::string> counts;
  for (const auto& [code, count] : by_code) counts.push_back(fmt::format("{} {}", count, code));
  if (!lines.empty())
    log::warning("{} meetings that are due are left out: {}; -v names them, --meeting ID proposes one",
                 lines.size(), fmt::join(counts, ", "));
}

custody::DisposalOrder order_of(const Options& options) {
  return {.list = options.disposal.list,
          .digest = options.disposal.apply,
          .max_items = {},
          .max_bytes = {},
          .clock_jump = options.clock_jump};
}

template <class Run>
Result<int> carry_out(const Options& options, const char* verb, Run run) {
  GREFFE_TRY(const catalog::Archive archive, find_archive(options));
  custody::DisposalOrder order = order_of(options);
  GREFFE_TRY(order.max_items, parse_limit("--max-items", options.disposal.max_items));
  GREFFE_TRY(order.max_bytes, parse_limit("--max-bytes", options.disposal.max_bytes));
  NoProgress progress;
  GREFFE_TRY(const custody::DisposalReport report, run(archive, order, options.acting, progress));
  GREFFE_TRY(const int code, tell(report, options, verb));
  GREFFE_TRY(const int done, report.acted ? signed_done(archive, options) : Result<int>(cli::Done));
  return std::max(code, done);
}

void define_limits(cli::CommandLine& command, Options& options) {
  command
      .option("--max-items", options.disposal.max_items, "N",
              "Refuses to do anything where more meetings would go")
      .option("--max-bytes", options.disposal.max_bytes, "SIZE", "The same of bytes: 500M, 2G")
      .option("--accept-clock-jump", options.clock_jump, "REASON",
              "Why a clock far ahead of the journal is right");
}

void define_carrying(cli::CommandLine& command, Options& options) {
  command
      .option("--apply", options.disposal.apply, "DIGEST",
              "Does it, if it is still what this digest stands for")
      .flag("--digest", options.disposal.only_digest, "Prints nothing but the digest of what would be done");
  define_limits(command, options);
}

Result<custody::VisaOrder> visa_order(const Options& options) {
  const DisposalOptions& given = options.disposal;
  custody::VisaOrder order{.list = given.list,
                           .digest = given.digest,
                           .accept_rest = given.accept_all,
                           .accept = given.accept,
                           .refuse = given.refuse,
                           .defer = {},
                           .remark = given.remark,
                           .valid_until = {},
                           .reason = options.reason,
                           .clock_jump = options.clock_jump};
  for (const std::string& text : given.defer) {
    const auto equals = text.find('=');
    if (equals == std::string::npos) return fail(ErrorKind::Usage, "--defer {}: expected MEETING=DATE", text);
    GREFFE_TRY(const CivilDate until, parse_day("--defer", text.substr(equals + 1)));
    order.defer.emplace_back(text.substr(0, equals), until);
  }
  if (given.valid_until) {
    GREFFE_TRY(order.valid_until, parse_day("--valid-until", *given.valid_until));
  }
  return order;
}

// What is recorded: made of the options, or read from --visa.
Result<catalog::VisaText> visa_of(const catalog::Archive& archive, const Options& options) {
  if (options.disposal.visa.empty()) {
    GREFFE_TRY(const custody::VisaOrder order, visa_order(options));
    return custody::visa_text(archive, order, options.acting);
  }
  GREFFE_TRY(const std::string text, read_text(options.disposal.visa, LargestVisa));
  auto visa = catalog::VisaText::parse(text);
  if (!visa) return fail_within(options.disposal.visa, visa);
  if (!visa->list.starts_with(options.disposal.list))
    return fail(ErrorKind::Refused, "OTHER_LIST: {} is a visa on {}", options.disposal.visa, visa->list);
  return visa;
}

}  // namespace

void define_propose(cli::CommandLine& command, Options& options) {
  command.flag("--all", options.disposal.all, "Of everything that is due")
      .filter("--class", options.disposal.record_class, "CLASS", "Only of this class")
      .filter("--rule", options.disposal.rule, "ID", "Only what this rule lets go")
      .filter("--query", options.query, "QUERY", "Only what it finds")
      .filter("--meeting", options.meetings, "ID", "Only these; also what was refused before")
      .option("--note", options.disposal.note, "TEXT", "For whoever reads the list")
      .flag("--dry-run", options.disposal.dry_run, "Only shows what would be in the list");
  define_limits(command, options);
}

Result<int> propose(const Options& options) {
  GREFFE_TRY(const catalog::Archive archive, find_archive(options));
  custody::ProposalOrder order{.all = options.disposal.all,
                               .record_class = options.disposal.record_class,
                               .rule = options.disposal.rule,
                               .query = options.query,
                               .meetings = options.meetings,
                               .note = options.disposal.note,
                               .clock_jump = options.clock_jump,
                               .max_items = {},
                               .max_bytes = {},
                               .key_file = custody::key_file_of_environment(),
                               .dry_run = options.disposal.dry_run};
  GREFFE_TRY(order.max_items, parse_limit("--max-items", options.disposal.max_items));
  GREFFE_TRY(order.max_bytes, parse_limit("--max-bytes", options.disposal.max_bytes));
  GREFFE_TRY(const custody::Proposed proposed, custody::propose(archive, order, options.acting));
  for (const catalog::SkippedLine& line : proposed.left_out)
    log::warning("{}: {}: {}", line.meeting, line.code, line.why);
  tell_passed_over(proposed.passed_over);
  const catalog::DisposalList& list = proposed.list;
  if (!proposed.is_new) log::warning("proposed already today");
  if (list.lines.empty()) log::info("nothing may be proposed today");
  if (order.dry_run) {
    for (const catalog::ListLine& line : list.lines)
      cli::print(fmt::format("{}  {}  {} bytes\n", line.meeting, line.rule, line.bytes));
  } else if (!list.id.empty()) {
    if (!options.quiet)
      cli::tell(
          fmt::format("{} meetings, {} bytes; digest {}\n", list.lines.size(), list.bytes(), list.digest()));
    cli::print(list.id + "\n");
  }
  const int damage = cli::report_damage(proposed.damage);
  GREFFE_TRY(const int done,
             list.id.empty() || order.dry_run ? Result<int>(cli::Done) : signed_done(archive, options));
  const int code = std::max(damage, done);
  return proposed.left_out.empty() ? code : std::max<int>(code, cli::WithDamage);
}

void define_approve(cli::CommandLine& command, Options& options) {
  DisposalOptions& given = options.disposal;
  command.argument("LIST", given.list, "The list, as propose names it")
      .option("--digest", given.digest, "DIGEST", "Of what you have read, its first 16 digits or more")
      .flag("--accept-all", given.accept_all, "Accepts every line that is not named")
      .option("--accept", given.accept, "MEETING", "Accepts this line; may be given several times")
      .option("--refuse", given.refuse, "MEETING", "Refuses this line, for good")
      .option("--defer", given.defer, "MEETING=DATE", "Not before that day")
      .option("--remark", given.remark, "TEXT", "Beside what is refused or deferred")
      .option("--reason", options.reason, "TEXT", "Beside the visa")
      .option("--valid-until", given.valid_until, "DATE", "By default for 180 days")
      .option("--write-visa", given.write_visa, "FILE", "Records nothing; writes what is to be signed")
      .option("--visa", given.visa, "FILE", "Records what this file says")
      .option("--signature", given.signature, "FILE",
              "Its Ed25519 signature, as openssl pkeyutl -sign -rawin writes it")
      .option("--accept-clock-jump", options.clock_jump, "REASON",
              "Why a clock far ahead of the journal is right");
}

Result<int> approve(const Options& options) {
  const DisposalOptions& given = options.disposal;
  if (given.visa.empty() && !given.signature.empty())
    return fail(ErrorKind::Usage, "--signature needs --visa, the file that was signed");
  GREFFE_TRY(const catalog::Archive archive, find_archive(options));
  GREFFE_TRY(const catalog::VisaText text, visa_of(archive, options));
  if (!given.write_visa.empty()) {
    GREFFE_CHECK(write_text_atomically(given.write_visa, text.text()));
    log::info("{}: sign it, then give it as --visa with its --signature", given.write_visa);
    return cli::Done;
  }
  std::string signature;
  if (!given.signature.empty()) {
    GREFFE_TRY(signature, read_text(given.signature, 1u << 16));
  }
  GREFFE_TRY(const custody::GivenVisa visa,
             custody::give_visa(archive, text, signature, options.clock_jump, options.acting));
  if (!visa.is_new) log::warning("given already, as visa {}", visa.visa.number);
  log::info("{} lines, valid until {}", text.lines.size(), text_of(text.valid_until));
  cli::print(fmt::format("{}\n", visa.visa.number));
  return signed_done(archive, options);
}

void define_apply(cli::CommandLine& command, Options& options) {
  command.argument("LIST", options.disposal.list, "The list, as propose names it");
  define_carrying(command, options);
}

Result<int> apply(const Options& options) {
  return carry_out(options, ("apply " + options.disposal.list).c_str(), custody::apply_list);
}

void define_purge(cli::CommandLine& command, Options& options) {
  command.argument("LIST", options.disposal.list, "Only of this list; by default of all", false);
  define_carrying(command, options);
}

Result<int> purge(const Options& options) {
  return carry_out(options, ("purge " + options.disposal.list).c_str(), custody::purge_trash);
}

void define_restore(cli::CommandLine& command, Options& options) {
  command.arguments("MEETING", options.meetings, "What is to come back from the trash")
      .option("--reason", options.reason, "TEXT", "Why")
      .option("--accept-clock-jump", options.clock_jump, "REASON",
              "Why a clock far ahead of the journal is right");
}

Result<int> restore(const Options& options) {
  GREFFE_TRY(const catalog::Archive archive, find_archive(options));
  for (const std::string& meeting : options.meetings) {
    GREFFE_TRY(const std::string id, custody::restore_meeting(archive, meeting, options.reason,
                                                              options.clock_jump, options.acting));
    cli::print(id + "\n");
  }
  return signed_done(archive, options);
}

}  // namespace greffe::retain_tool
