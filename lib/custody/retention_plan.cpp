#include "custody/retention_plan.h"

#include <algorithm>
#include <map>

#include "base/progress.h"
#include "catalog/holds.h"
#include "catalog/policy_index.h"
#include "custody/holds.h"
#include "fixity/digest.h"

namespace greffe::custody {
namespace {

constexpr std::int64_t MeetingsBetweenLooks = 4096;

PlannedMeeting planned(const catalog::RetentionRow& row, retention::Decision decision) {
  PlannedMeeting meeting{.meeting = row.meeting,
                         .record_class = row.meeting_class,
                         .start_unix_ms = row.start_unix_ms,
                         .end_unix_ms = row.end_unix_ms,
                         .bytes = row.bytes,
                         .decision = std::move(decision),
                         .rule = {},
                         .waits_for = {},
                         .in_doubt = {}};
  meeting.rule = retention::deciding_rule(meeting.decision);
  std::set<std::string> waits;
  for (const retention::RuleEffect& effect : meeting.decision.rules) {
    if (!effect.start && !effect.forever) waits.insert(effect.event);
    if (effect.in_doubt) meeting.in_doubt.push_back(effect.rule);
  }
  meeting.waits_for.assign(waits.begin(), waits.end());
  return meeting;
}

void count(retention::Shift& shift, const PlannedMeeting& meeting) {
  ++shift.meetings;
  shift.bytes += meeting.bytes;
  const auto due = meeting.decision.due_from;
  if (due && (!shift.earliest || *due < *shift.earliest)) shift.earliest = due;
}

// One set of rules with the meetings they have.
struct Side {
  retention::RulesInForce rules;
  RuleScopes scopes;

  static Result<Side> make(const catalog::Catalog& catalog, const TimeZone& zone,
                           retention::RulesInForce rules, DamageLog* damage,
                           const std::optional<std::string>& meeting = {}) {
    GREFFE_TRY(RuleScopes scopes, RuleScopes::find(catalog, zone, rules.rules, damage, meeting));
    return Side{.rules = std::move(rules), .scopes = std::move(scopes)};
  }

  retention::Decision decide(retention::Facts& facts, const std::string& meeting, CivilDate as_of) {
    facts.listed = scopes.listed(meeting);
    facts.unanswered = scopes.unanswered();
    return retention::decide(facts, rules.rules, rules.terms, as_of);
  }
};

std::string day_text(const retention::Decision& decision) {
  const bool goes = decision.action == retention::FinalAction::Destroy && decision.due_from;
  return goes ? text_of(*decision.due_from) : "never";
}

}  // namespace

Result<PlanTotals> plan_retention(const catalog::Archive& archive, const catalog::Catalog& catalog,
                                  CivilDate as_of, const PlanSink& sink, OpenExports exports) {
  GREFFE_TRY(const TimeZone zone, archive.policy_zone());
  GREFFE_TRY(const PolicyState state, read_policy_state(archive, catalog, Disposals::Read, exports));
  GREFFE_TRY(const FactsMaker maker, FactsMaker::make(catalog, zone, state));
  // Opened first, so that queries and rows are of one moment.
  GREFFE_TRY(catalog::RetentionRows rows, catalog::RetentionRows::open(catalog));
  DamageLog damage = state.damage;
  state.late_holds.tell_overdue(as_of, damage);
  GREFFE_TRY(Side side, Side::make(catalog, zone, state.in_force(as_of), &damage));
  PlanTotals totals{
      .version = side.rules.version, .by_code = {}, .all = {}, .idle_rules = {}, .damage = std::move(damage)};
  for (const retention::ActiveRule& active : side.rules.rules) totals.idle_rules.insert(active.rule.id);
  while (true) {
    if (totals.all.meetings % MeetingsBetweenLooks == 0 && stop_requested())
      return fail(ErrorKind::Interrupted, "stopped while planning");
    GREFFE_TRY(const catalog::RetentionRow* row, rows.next());
    if (row == nullptr) return totals;
    retention::Facts facts = maker.facts_of(*row, as_of);
    const PlannedMeeting meeting = planned(*row, side.decide(facts, row->meeting, as_of));
    if (!totals.idle_rules.empty())
      for (const retention::RuleEffect& effect : meeting.decision.rules) totals.idle_rules.erase(effect.rule);
    count(totals.by_code[meeting.decision.code], meeting);
    count(totals.all, meeting);
    if (!sink(meeting)) return totals;
  }
}

Result<DiffReport> diff_policy(const catalog::Archive& archive, const catalog::Catalog& catalog,
                               const PolicyState& state, std::int64_t version,
                               std::optional<std::int64_t> against, CivilDate today) {
  const retention::Policy* next = retention::find_policy(state.policies, version);
  if (next == nullptr) return fail(ErrorKind::Usage, "there is no version {} of the rules", version);
  const retention::Activation* active = retention::in_force(state.activations, today);
  DiffReport report{.version = version, .against = against.value_or(active != nullptr ? active->version : 0)};
  const retention::Policy* current = retention::find_policy(state.policies, report.against);
  if (current == nullptr && report.against != 0)
    return fail(ErrorKind::Usage, "there is no version {} of the rules", report.against);

  GREFFE_TRY(const TimeZone zone, archive.policy_zone());
  GREFFE_TRY(const FactsMaker maker, FactsMaker::make(catalog, zone, state));
  GREFFE_TRY(catalog::RetentionRows rows, catalog::RetentionRows::open(catalog));
  retention::RulesInForce old_rules;
  if (current != nullptr) old_rules = retention::rules_of(*current, today);
  report.damage.add_all(state.damage);
  // What is in force may be past asking, and is kept by then (H5); what is to be in force may not.
  GREFFE_TRY(Side before, Side::make(catalog, zone, std::move(old_rules), &report.damage));
  GREFFE_TRY(Side after, Side::make(catalog, zone, retention::rules_of(*next, today), nullptr));
  const auto digest_in = [&](std::int64_t number) {
    return number == 0 ? std::string("none")
                       : state.records.policies[static_cast<std::size_t>(number) - 1].digest.hex();
  };
  fixity::Sha256 hash;
  hash.update(fmt::format("greffe.diff/1 {} {}\n", digest_in(report.against), digest_in(version)));
  while (true) {
    if (report.diff.meetings % MeetingsBetweenLooks == 0 && stop_requested())
      return fail(ErrorKind::Interrupted, "stopped while comparing");
    GREFFE_TRY(const catalog::RetentionRow* row, rows.next());
    if (row == nullptr) break;
    retention::Facts facts = maker.facts_of(*row, today);
    const retention::Decision was = before.decide(facts, row->meeting, today);
    const retention::Decision would = after.decide(facts, row->meeting, today);
    if (retention::add(report.diff, was, would, row->bytes))
      hash.update(fmt::format("{} {} {} {}\n", row->meeting, row->bytes, day_text(was), day_text(would)));
  }
  report.effective = retention::effective_day(*next, current, report.diff.sooner.meetings > 0, today);
  report.digest = hash.finish();
  return report;
}

Result<retention::PolicyDiff> effect_of_event(const catalog::Archive& archive,
                                              const catalog::Catalog& catalog, const PolicyState& state,
                                              const catalog::EventRecord& event,
                                              const std::vector<std::string>& meetings, CivilDate today,
                                              DamageLog& damage) {
  GREFFE_TRY(const TimeZone zone, archive.policy_zone());
  PolicyState with = state;
  with.late_events.push_back(event);
  GREFFE_TRY(const FactsMaker before, FactsMaker::make(catalog, zone, state));
  GREFFE_TRY(const FactsMaker after, FactsMaker::make(catalog, zone, with));
  // One is looked up, many are found on the way through all.
  const std::optional<std::string> only =
      meetings.size() == 1 ? std::optional(meetings.front()) : std::nullopt;
  GREFFE_TRY(catalog::RetentionRows rows, catalog::RetentionRows::open(catalog, only));
  GREFFE_TRY(Side side, Side::make(catalog, zone, state.in_force(today), &damage, only));
  retention::PolicyDiff diff;
  while (true) {
    GREFFE_TRY(const catalog::RetentionRow* row, rows.next());
    if (row == nullptr) return diff;
    if (!std::binary_search(meetings.begin(), meetings.end(), row->meeting)) continue;
    retention::Facts old_facts = before.facts_of(*row, today), new_facts = after.facts_of(*row, today);
    const retention::Decision was = side.decide(old_facts, row->meeting, today);
    retention::add(diff, was, side.decide(new_facts, row->meeting, today), row->bytes);
  }
}

namespace {

// `deciding` may hold what the catalog does not have yet.
Result<std::vector<Why::HoldPart>> all_holds_on(const catalog::Catalog& catalog, const std::string& meeting,
                                                const std::vector<catalog::CoveringHold>& deciding) {
  std::map<std::string, Why::HoldPart> parts;
  GREFFE_TRY(const std::vector<catalog::HoldRow> rows, catalog::holds_on(catalog, meeting));
  for (const catalog::HoldRow& row : rows) parts[row.id] = {row.id, terms_of(row), row.blocks};
  for (const catalog::CoveringHold& hold : deciding) {
    Why::HoldPart& part = parts[hold.id];
    part.id = hold.id;
    part.terms = hold.terms;
  }
  std::vector<Why::HoldPart> all;
  for (auto& [id, part] : parts) all.push_back(std::move(part));
  return all;
}

}  // namespace

Result<Why> why_kept(const catalog::Archive& archive, const catalog::Catalog& catalog,
                     const std::string& meeting, CivilDate as_of, Disposals disposals) {
  GREFFE_TRY(const TimeZone zone, archive.policy_zone());
  GREFFE_TRY(const PolicyState state, read_policy_state(archive, catalog, disposals));
  GREFFE_TRY(const FactsMaker maker, FactsMaker::make(catalog, zone, state));
  GREFFE_TRY(catalog::RetentionRows rows, catalog::RetentionRows::open(catalog, meeting));
  DamageLog damage = state.damage;
  GREFFE_TRY(Side side, Side::make(catalog, zone, state.in_force(as_of), &damage, meeting));
  GREFFE_TRY(const catalog::RetentionRow* row, rows.next());
  if (row == nullptr) return fail(ErrorKind::Usage, "{}: not in the catalog", meeting);

  Why why{.meeting = meeting,
          .as_of = as_of,
          .ended = WallTime(std::chrono::milliseconds(row->end_unix_ms)),
          .bytes = row->bytes,
          .version = side.rules.version};
  if (const retention::Activation* next = retention::pending(state.activations, as_of)) why.pending = *next;
  why.terms = side.rules.terms;
  why.facts = maker.facts_of(*row, as_of);
  why.planned = planned(*row, side.decide(why.facts, meeting, as_of));
  why.holds = maker.holds_on(*row);
  why.damage = std::move(damage);
  GREFFE_TRY(why.all_holds, all_holds_on(catalog, meeting, why.holds));
  for (const Why::HoldPart& hold : why.all_holds) tell_overdue(hold.id, hold.terms, as_of, why.damage);
  for (const retention::ActiveRule& active : side.rules.rules) {
    Why::RulePart part{.active = active,
                       .exclusion = retention::exclusion_of(active.rule, why.facts, side.rules.rules),
                       .effect = {}};
    const auto& effects = why.planned.decision.rules;
    const auto effect = std::find_if(effects.begin(), effects.end(), [&](const retention::RuleEffect& found) {
      return found.rule == active.rule.id;
    });
    if (!part.exclusion && effect != effects.end()) part.effect = *effect;
    why.rules.push_back(std::move(part));
  }
  for (const retention::Event& event : maker.events_of(*row)) {
    GREFFE_TRY(auto record, catalog::find_event(catalog, event.number));
    if (!record) {
      GREFFE_TRY(record, catalog::read_event(archive.policy_folder(), event.number));
    }
    record->meetings.clear();
    why.events.push_back({.record = std::move(*record), .superseded = maker.is_superseded(event.number)});
  }
  return why;
}

}  // namespace greffe::custody
