#include "custody/policy_state.h"

#include <algorithm>

#include "catalog/meeting_matches.h"
#include "catalog/policy_index.h"
#include "custody/late_meetings.h"
#include "custody/open_exports.h"

namespace greffe::custody {
namespace {

// Events with numbers above `known`.
Result<std::vector<catalog::EventRecord>> events_after(const Path& folder, std::int64_t known) {
  GREFFE_TRY(const std::int64_t there, catalog::count_events(folder));
  if (known > there)
    return fail(ErrorKind::Integrity, "{}: missing, though the catalog has it",
                (folder / catalog::event_file(there + 1)).string());
  std::vector<catalog::EventRecord> events;
  for (std::int64_t number = known + 1; number <= there; ++number) {
    GREFFE_TRY(catalog::EventRecord event, catalog::read_event(folder, number));
    events.push_back(std::move(event));
  }
  return events;
}

Result<std::vector<std::string>> meetings_of(const catalog::Catalog& catalog, const TimeZone& zone,
                                             const retention::Rule& rule,
                                             const std::optional<std::string>& meeting) {
  if (rule.query.empty()) {
    std::vector<std::string> named = rule.meetings;
    std::sort(named.begin(), named.end());
    return named;
  }
  GREFFE_TRY(catalog::MeetingQuery query,
             catalog::MeetingQuery::parse(rule.query, zone, catalog::QueryAge::Stored));
  const catalog::MeetingScope scope{.query = std::move(query), .condition = {}};
  if (!meeting) return catalog::find_matches(catalog, scope);
  GREFFE_TRY(const bool matches, catalog::is_match(catalog, scope, *meeting));
  return matches ? std::vector{*meeting} : std::vector<std::string>{};
}

}  // namespace

Result<PolicyState> read_policy_state(const catalog::Archive& archive, const catalog::Catalog& catalog,
                                      Disposals disposals, OpenExports exports) {
  const Path folder = archive.policy_folder();
  PolicyState state;
  GREFFE_TRY(state.records, catalog::read_policy_records(folder));
  GREFFE_CHECK(catalog::check_policy(catalog, state.records));
  state.policies = state.records.plain_policies();
  state.activations = state.records.plain_activations();
  GREFFE_TRY(const std::int64_t known, catalog::last_event(catalog));
  GREFFE_TRY(state.late_events, events_after(folder, known));
  GREFFE_TRY(state.late_holds, LateHolds::read(archive, catalog, state.damage));
  GREFFE_TRY(state.late_meetings, read_late_meetings(archive, catalog, state.damage));
  if (exports == OpenExports::Read) {
    GREFFE_TRY(state.open_exports, meetings_of_open_exports(archive));
  }
  if (disposals == Disposals::Ignore) return state;
  GREFFE_TRY(state.disposals, OpenDisposals::read(archive, catalog));
  return state;
}

Status index_policy(const catalog::Archive& archive, const catalog::Catalog& catalog) {
  const Path folder = archive.policy_folder();
  GREFFE_TRY(const catalog::PolicyRecords records, catalog::read_policy_records(folder));
  GREFFE_CHECK(catalog::put_policy(catalog, records));
  GREFFE_TRY(const std::int64_t known, catalog::last_event(catalog));
  GREFFE_TRY(const auto events, events_after(folder, known));
  return events.empty() ? Status() : catalog::put_events(catalog, events);
}

Result<RuleScopes> RuleScopes::find(const catalog::Catalog& catalog, const TimeZone& zone,
                                    std::span<const retention::ActiveRule> rules, DamageLog* damage,
                                    const std::optional<std::string>& meeting) {
  RuleScopes scopes;
  for (const retention::ActiveRule& active : rules) {
    if (!active.rule.has_list()) continue;
    auto meetings = meetings_of(catalog, zone, active.rule, meeting);
    if (meetings) {
      scopes.scopes_.push_back({.rule = active.rule.id, .meetings = std::move(*meetings)});
      continue;
    }
    const ErrorKind kind = meetings.error().kind();
    if (damage == nullptr || kind == ErrorKind::Busy || kind == ErrorKind::Interrupted)
      return fail_within(fmt::format("rule \"{}\"", active.rule.id), meetings);
    damage->add({.condition = "rule-query-failed",
                 .place = fmt::format("rule \"{}\"", active.rule.id),
                 .unit = "rules",
                 .text = meetings.error().message() + ": it retains every meeting and destroys none"});
    scopes.unanswered_.insert(active.rule.id);
  }
  return scopes;
}

std::set<std::string> RuleScopes::listed(const std::string& meeting) {
  std::set<std::string> rules;
  for (Scope& scope : scopes_) {
    while (scope.at < scope.meetings.size() && scope.meetings[scope.at] < meeting) ++scope.at;
    if (scope.at < scope.meetings.size() && scope.meetings[scope.at] == meeting) rules.insert(scope.rule);
  }
  return rules;
}

Result<FactsMaker> FactsMaker::make(const catalog::Catalog& catalog, const TimeZone& zone,
                                    const PolicyState& state) {
  FactsMaker maker(zone, state);
  GREFFE_TRY(maker.superseded_, catalog::superseded_events(catalog));
  for (const catalog::EventRecord& record : state.late_events) {
    if (record.event.supersedes)
      maker.superseded_.insert_or_assign(*record.event.supersedes, record.recorded);
    retention::Event event = record.event;
    event.recorded = record.recorded;
    for (const std::string& meeting : record.meetings) maker.late_[meeting].push_back(event);
  }
  return maker;
}

std::vector<retention::Event> FactsMaker::events_of(const catalog::RetentionRow& row) const {
  std::vector<retention::Event> events = row.events;
  if (const auto late = late_.find(row.meeting); late != late_.end())
    for (const retention::Event& event : late->second)
      if (events.empty() || event.number > events.back().number) events.push_back(event);
  return events;
}

std::vector<catalog::CoveringHold> FactsMaker::holds_on(const catalog::RetentionRow& row) const {
  std::vector<catalog::CoveringHold> holds = late_holds_.with(row);
  if (late_meetings_.contains(row.meeting))
    holds.push_back({.id = std::string(UnknownHold), .terms = {.start = std::chrono::year(1) / 1 / 1}});
  return holds;
}

// A correction may name other meetings than what it corrects, so what is superseded is so for all of them.
retention::Facts FactsMaker::facts_of(const catalog::RetentionRow& row, CivilDate as_of) const {
  retention::Facts facts;
  facts.record_class = row.meeting_class;
  facts.producers = row.producers;
  if (!row.events.empty() || !late_.empty()) {
    std::vector<retention::Event> events = events_of(row);
    for (retention::Event& event : events)
      if (const auto by = superseded_.find(event.number); by != superseded_.end())
        event.recorded = std::max(event.recorded, by->second);
    for (const auto& [type, recorded] : retention::recorded_of(events))
      facts.recorded.emplace(type, zone_.date_of(recorded));
    std::erase_if(events, [&](const retention::Event& event) { return is_superseded(event.number); });
    facts.starts = retention::starts_of(events);
  }
  facts.starts[std::string(retention::MeetingEnded)] =
      zone_.date_of(WallTime(std::chrono::milliseconds(row.end_unix_ms)));
  const std::vector<catalog::CoveringHold> holds = holds_on(row);
  facts.export_open = open_exports_.contains(row.meeting);
  if (disposals_.has(row.meeting)) facts.progress = disposals_.progress_of(row.meeting, holds, zone_, as_of);
  for (const catalog::CoveringHold& hold : holds) {
    if (retention::binds(retention::state_of(hold.terms, as_of))) facts.holds.push_back(hold.id);
    if (const auto ended = retention::ended_on(hold.terms, as_of))
      facts.last_release = std::max(facts.last_release.value_or(*ended), *ended);
  }
  return facts;
}

}  // namespace greffe::custody
