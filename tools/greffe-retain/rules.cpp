// rules add, list, show, diff, activate, lock: versions of the policy.
#include <iostream>
#include <iterator>

#include "base/log.h"
#include "base/text.h"
#include "catalog/rule_json.h"
#include "cli/exit_code.h"
#include "cli/program.h"
#include "cli/table.h"
#include "greffe-retain/verbs.h"

namespace greffe::retain_tool {
namespace {

using cli::Align;
using cli::Table;

constexpr std::uint64_t LargestRules = 64u << 20;

Result<std::string> text_of_file(const std::string& file) {
  if (file != "-") return read_text(file, LargestRules);
  std::string text{std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>()};
  if (std::cin.bad()) return fail("standard input cannot be read");
  return text;
}

// "in-force", "pending", "replaced" or "stored".
std::string_view state_of(const custody::PolicyState& state, std::int64_t version, CivilDate today) {
  const retention::Activation* active = retention::in_force(state.activations, today);
  const retention::Activation* pending = retention::pending(state.activations, today);
  if (active != nullptr && active->version == version) return "in-force";
  if (pending != nullptr && pending->version == version) return "pending";
  for (const retention::Activation& activation : state.activations)
    if (activation.version == version) return "replaced";
  return "stored";
}

bool is_locked(const custody::PolicyState& state, std::int64_t version) {
  for (const catalog::LockRecord& lock : state.records.locks)
    if (lock.version == version) return true;
  return false;
}

json::Array activations_json(const custody::PolicyState& state, std::int64_t version) {
  json::Array array;
  for (const catalog::ActivationRecord& record : state.records.activations)
    if (record.activation.version == version)
      array.push_back(json::Object{{"number", record.activation.number},
                                   {"decided", rfc3339(record.decided)},
                                   {"effective", text_of(record.activation.effective)},
                                   {"reason", record.reason}});
  return array;
}

// The day of the last decision for that version.
std::optional<CivilDate> effective_of(const custody::PolicyState& state, std::int64_t version) {
  std::optional<CivilDate> day;
  for (const retention::Activation& activation : state.activations)
    if (activation.version == version) day = activation.effective;
  return day;
}

std::string scope_text(const retention::Rule& rule) {
  std::string text = fmt::format("{}", fmt::join(rule.classes, ", "));
  const auto add = [&](const std::string& more) { text += (text.empty() ? "" : "; ") + more; };
  if (!rule.producer.empty()) add("of " + rule.producer);
  if (!rule.query.empty()) add(rule.query);
  if (!rule.meetings.empty()) add(fmt::format("{} meetings", rule.meetings.size()));
  return text.empty() ? "all" : text;
}

// "2, signed, 10 days of grace"; "-" where nothing is destroyed.
std::string approval_text(const retention::Rule& rule) {
  if (rule.final_action != retention::FinalAction::Destroy) return "-";
  std::string text = fmt::format("{}", rule.approvers);
  if (rule.signed_approval) text += ", signed";
  if (rule.grace_days) text += fmt::format(", {} days of grace", *rule.grace_days);
  return text;
}

std::string rules_text(const retention::Policy& policy) {
  std::string text =
      fmt::format("version {}: {} days of notice, {} days to cool down, {} days of grace\n", policy.version,
                  policy.terms.notice_days, policy.cooling_days, policy.terms.grace_days);
  for (const retention::ApproverKey& key : policy.approver_keys)
    text += fmt::format("approver's key {} {}\n", key.name, key.public_key);
  text += "\n";
  Table table({{"RULE"}, {"LEVEL"}, {"DURATION"}, {"FROM"}, {"THEN"}, {"APPROVED BY"}, {"FOR"}});
  for (const retention::Rule& rule : policy.rules)
    table.add({rule.id, std::string(retention::name_of(rule.level)),
               rule.duration ? text_of(*rule.duration) : "forever", rule.start,
               rule.final_action ? std::string(retention::name_of(*rule.final_action)) : "-",
               approval_text(rule), scope_text(rule)});
  return text + table.text();
}

json::Object shift_json(const retention::Shift& shift) {
  return {{"meetings", shift.meetings}, {"bytes", shift.bytes}, {"earliest", day_json(shift.earliest)}};
}

json::Object side_json(const retention::Shift& all, const std::map<std::string, retention::Shift>& by_rule) {
  json::Array rules;
  for (const auto& [rule, shift] : by_rule) {
    json::Object line{{"rule", rule}};
    for (const auto& [name, value] : shift_json(shift)) line.set(name, value);
    rules.push_back(std::move(line));
  }
  json::Object object = shift_json(all);
  object.set("rules", std::move(rules));
  return object;
}

json::Object diff_json(const custody::DiffReport& report) {
  return {{"schema", "greffe.diff/1"},
          {"version", report.version},
          {"against", report.against},
          {"effective", text_of(report.effective)},
          {"meetings", report.diff.meetings},
          {"sooner", side_json(report.diff.sooner, report.diff.sooner_by_rule)},
          {"later", side_json(report.diff.later, report.diff.later_by_rule)},
          {"digest", report.digest.hex()}};
}

std::string diff_text(const custody::DiffReport& report) {
  std::string text = report.against == 0
                         ? fmt::format("version {} against no rules at all", report.version)
                         : fmt::format("version {} against version {}", report.version, report.against);
  text += fmt::format(", {} meetings; activated today it is in force from {}\n\n", report.diff.meetings,
                      text_of(report.effective));
  Table table({{"DUE"}, {"RULE"}, {"MEETINGS", Align::Right}, {"BYTES", Align::Right}, {"EARLIEST"}});
  const auto add = [&](const char* when, const std::string& rule, const retention::Shift& shift) {
    table.add({when, rule, fmt::format("{}", shift.meetings), fmt::format("{}", shift.bytes),
               day_text(shift.earliest)});
  };
  for (const auto& [rule, shift] : report.diff.sooner_by_rule) add("sooner", rule, shift);
  add("sooner", "(all)", report.diff.sooner);
  for (const auto& [rule, shift] : report.diff.later_by_rule) add("later", rule, shift);
  add("later", "(all)", report.diff.later);
  return text + table.text() + fmt::format("\ndigest {}\n", report.digest.hex());
}

}  // namespace

void define_add(cli::CommandLine& command, Options& options) {
  command.argument("FILE", options.file, "The rules (greffe.policy/1); - is standard input");
}
void define_list(cli::CommandLine&, Options&) {}
void define_show(cli::CommandLine& command, Options& options) {
  command.argument("VERSION", options.version, "Its number; by default of the one in force", false);
}
void define_diff(cli::CommandLine& command, Options& options) {
  command.argument("VERSION", options.version, "Its number")
      .option("--against", options.against, "VERSION", "By default the one in force");
}
void define_activate(cli::CommandLine& command, Options& options) {
  command.argument("VERSION", options.version, "Its number")
      .option("--diff", options.diff, "DIGEST", "The digest that diff has shown")
      .option("--reason", options.reason, "TEXT", "Why; kept with the decision")
      .option("--accept-clock-jump", options.clock_jump, "TEXT",
              "Why the clock is right, though nothing was journaled for longer than 35 days");
}
void define_lock(cli::CommandLine& command, Options& options) {
  command.argument("VERSION", options.version, "Its number")
      .option("--reason", options.reason, "TEXT", "Why; kept with the decision");
}

Result<int> add_rules(const Options& options) {
  GREFFE_TRY(const catalog::Archive archive, find_archive(options));
  GREFFE_TRY(const std::string text, text_of_file(options.file));
  auto policy = catalog::parse_policy(text);
  if (!policy) return fail_within(options.file, policy);
  auto stored = custody::add_policy(archive, std::move(*policy), options.acting);
  if (!stored) return fail_within(options.file, stored);
  if (!stored->is_new)
    log::warning("{}: says what version {} says; nothing was stored", options.file, stored->number);
  cli::print(fmt::format("{}\n", stored->number));
  return signed_done(archive, options);
}

Result<int> list_rules(const Options& options) {
  GREFFE_TRY(const OpenArchive open, open_archive(options));
  GREFFE_TRY(const custody::PolicyState state, custody::read_policy_state(open.archive, open.catalog));
  Table table({{"VERSION", Align::Right}, {"STATE"}, {"FROM"}, {"RULES", Align::Right}, {"LOCKED"}});
  for (const catalog::PolicyRecord& record : state.records.policies) {
    const std::int64_t version = record.policy.version;
    const std::string_view how = state_of(state, version, open.today);
    if (options.json)
      cli::print(json::write(json::Object{{"schema", "greffe.rules/1"},
                                          {"version", version},
                                          {"state", how},
                                          {"rules", record.policy.rules.size()},
                                          {"locked", is_locked(state, version)},
                                          {"activations", activations_json(state, version)},
                                          {"sha256", record.digest.hex()}}) +
                 "\n");
    else
      table.add({fmt::format("{}", version), std::string(how), day_text(effective_of(state, version)),
                 fmt::format("{}", record.policy.rules.size()), is_locked(state, version) ? "yes" : "no"});
  }
  if (!options.json && !table.empty()) cli::print(table.text());
  return cli::Done;
}

Result<int> show_rules(const Options& options) {
  GREFFE_TRY(const OpenArchive open, open_archive(options));
  GREFFE_TRY(const custody::PolicyState state, custody::read_policy_state(open.archive, open.catalog));
  std::int64_t version = state.in_force(open.today).version;
  if (!options.version.empty()) {
    GREFFE_TRY(version, parse_number("VERSION", options.version));
  }
  const retention::Policy* policy = retention::find_policy(state.policies, version);
  if (policy == nullptr)
    return version == 0
               ? fail(ErrorKind::Usage, "no rules are in force; greffe-retain rules list shows what there is")
               : fail(ErrorKind::Usage, "there is no version {} of the rules", version);
  cli::print(options.json ? json::write(catalog::json_of(*policy)) + "\n" : rules_text(*policy));
  return cli::Done;
}

Result<int> diff_rules(const Options& options) {
  GREFFE_TRY(const std::int64_t version, parse_number("VERSION", options.version));
  std::optional<std::int64_t> against;
  if (options.against) {
    GREFFE_TRY(against, parse_number("--against", *options.against));
  }
  GREFFE_TRY(const OpenArchive open, open_archive(options));
  GREFFE_TRY(const custody::PolicyState state, custody::read_policy_state(open.archive, open.catalog));
  GREFFE_TRY(const custody::DiffReport report,
             custody::diff_policy(open.archive, open.catalog, state, version, against, open.today));
  cli::print(options.json ? json::write(diff_json(report)) + "\n" : diff_text(report));
  return cli::report_damage(report.damage);
}

Result<int> activate_rules(const Options& options) {
  GREFFE_TRY(const std::int64_t version, parse_number("VERSION", options.version));
  GREFFE_TRY(const catalog::Archive archive, find_archive(options));
  const custody::ActivationOrder order{
      .version = version, .diff = options.diff, .reason = options.reason, .clock_jump = options.clock_jump};
  GREFFE_TRY(const custody::Activated activated, custody::activate_policy(archive, order, options.acting));
  const std::string day = text_of(activated.record.activation.effective);
  if (!activated.stored.is_new) log::warning("version {}: was decided already, from {}", version, day);
  cli::print(day + "\n");
  return signed_done(archive, options);
}

Result<int> lock_rules(const Options& options) {
  GREFFE_TRY(const std::int64_t version, parse_number("VERSION", options.version));
  GREFFE_TRY(const catalog::Archive archive, find_archive(options));
  GREFFE_TRY(const custody::Stored stored,
             custody::lock_policy(archive, version, options.reason, options.acting));
  if (!stored.is_new) log::warning("version {}: was locked already", version);
  return signed_done(archive, options);
}

}  // namespace greffe::retain_tool
