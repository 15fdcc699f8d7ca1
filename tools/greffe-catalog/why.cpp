// why: all that took part in the decision on one meeting.
#include "base/text.h"
#include "catalog/policy_index.h"
#include "catalog/rule_json.h"
#include "cli/exit_code.h"
#include "cli/program.h"
#include "cli/table.h"
#include "custody/retention_plan.h"
#include "greffe-catalog/verbs.h"

namespace greffe::catalog_tool {
namespace {

using cli::Table;
using retention::Decision;

std::string day_text(std::optional<CivilDate> date) { return date ? text_of(*date) : "-"; }
json::Value day_json(std::optional<CivilDate> date) {
  return date ? json::Value(text_of(*date)) : json::Value();
}

std::string end_text(const retention::RuleEffect& effect) {
  return effect.forever ? "forever" : day_text(effect.end);
}

// What a rule had to do with it, for people.
std::string part_text(const custody::Why::RulePart& part) {
  if (part.effect && part.effect->in_doubt) return "in doubt: retains";
  if (part.exclusion) return fmt::format("no: {}", retention::name_of(*part.exclusion));
  if (!part.effect) return "no";
  if (!part.effect->start && !part.effect->forever) return fmt::format("waits for {}", part.effect->event);
  if (part.effect->decides_keep && part.effect->decides_action) return "decides";
  if (part.effect->decides_keep) return "keeps longest";
  return part.effect->decides_action ? "says what follows" : "applies";
}

json::Object rule_json(const custody::Why::RulePart& part) {
  json::Object object{{"rule", part.active.rule.id},
                      {"level", retention::name_of(part.active.rule.level)},
                      {"since", text_of(part.active.since)},
                      {"applies", part.effect.has_value()},
                      {"text", catalog::json_of(part.active.rule)}};
  if (part.exclusion) object.set("excluded", retention::name_of(*part.exclusion));
  if (part.effect)
    object.set("event", part.effect->event)
        .set("start", day_json(part.effect->start))
        .set("end", day_json(part.effect->end))
        .set("forever", part.effect->forever)
        .set("in_doubt", part.effect->in_doubt)
        .set("decides_keep", part.effect->decides_keep)
        .set("decides_action", part.effect->decides_action);
  return object;
}

json::Object event_json(const custody::Why::EventPart& part) {
  const retention::Event& event = part.record.event;
  json::Object object{{"number", event.number},
                      {"type", event.type},
                      {"effective", text_of(event.effective)},
                      {"recorded", rfc3339(part.record.recorded)},
                      {"uid", part.record.by.uid},
                      {"sudo_user", part.record.by.sudo_user},
                      {"evidence", part.record.evidence},
                      {"superseded", part.superseded},
                      {"withdrawn", event.withdrawn}};
  object.set("supersedes", event.supersedes ? json::Value(*event.supersedes) : json::Value());
  return object;
}

json::Object hold_json(const custody::Why::HoldPart& hold, CivilDate as_of) {
  const retention::HoldState state = retention::state_of(hold.terms, as_of);
  return {{"hold", hold.id},
          {"state", retention::name_of(state)},
          {"binds", retention::binds(state)},
          {"blocks", hold.blocks},
          {"start", text_of(hold.terms.start)},
          {"end", day_json(hold.terms.end)},
          {"review_on", day_json(hold.terms.review_on)},
          {"needs_review", retention::needs_review(hold.terms, as_of)},
          {"released", day_json(hold.terms.released)}};
}

json::Object why_json(const custody::Why& why, const std::string& zone) {
  const Decision& decision = why.planned.decision;
  json::Array codes, rules, events, holds;
  for (const retention::Code code : decision.codes) codes.emplace_back(retention::name_of(code));
  for (const auto& part : why.rules) rules.push_back(rule_json(part));
  for (const auto& part : why.events) events.push_back(event_json(part));
  for (const auto& hold : why.all_holds) holds.push_back(hold_json(hold, why.as_of));
  json::Object starts;
  for (const auto& [event, day] : why.facts.starts) starts.set(event, text_of(day));
  json::Object object{{"schema", "greffe.why/1"},
                      {"meeting", why.meeting},
                      {"as_of", text_of(why.as_of)},
                      {"time_zone", zone},
                      {"class", why.facts.record_class},
                      {"producers", json::Array(why.facts.producers.begin(), why.facts.producers.end())},
                      {"ended", rfc3339(why.ended)},
                      {"bytes", why.bytes},
                      {"policy_version", why.version},
                      {"notice_days", why.terms.notice_days},
                      {"code", retention::name_of(decision.code)},
                      {"codes", std::move(codes)},
                      {"keep_until", day_json(decision.keep_until)},
                      {"due_from", day_json(decision.due_from)},
                      {"propose_from", day_json(decision.propose_from)},
                      {"rule", why.planned.rule}};
  object.set("action", decision.action ? json::Value(retention::name_of(*decision.action)) : json::Value())
      .set("last_release", day_json(why.facts.last_release))
      .set("starts", std::move(starts))
      .set("rules", std::move(rules))
      .set("events", std::move(events))
      .set("holds", std::move(holds));
  if (why.pending)
    object.set("pending", json::Object{{"version", why.pending->version},
                                       {"effective", text_of(why.pending->effective)}});
  return object;
}

std::string decision_text(const custody::Why& why, const std::string& zone) {
  const Decision& decision = why.planned.decision;
  std::vector<std::string_view> others;
  for (const retention::Code code : decision.codes)
    if (code != decision.code) others.push_back(retention::name_of(code));
  std::string text = fmt::format("{}\n{}{}\n", why.meeting, retention::name_of(decision.code),
                                 others.empty() ? "" : fmt::format(" (and {})", fmt::join(others, ", ")));
  const auto add = [&](std::string_view name, const std::string& value) {
    text += fmt::format("{:<14}{}\n", name, value);
  };
  add("as of", fmt::format("{} in {}", text_of(why.as_of), zone));
  add("class", why.facts.record_class.empty() ? "-" : printable(why.facts.record_class));
  for (const std::string& producer : why.facts.producers) add("of", printable(producer));
  add("ended", fmt::format("{}, there on {}", rfc3339(why.ended, 0),
                           day_text(why.facts.starts.at(std::string(retention::MeetingEnded)))));
  add("rules", why.version == 0 ? "none in force" : fmt::format("version {}", why.version));
  if (why.pending)
    add("", fmt::format("version {} from {}", why.pending->version, text_of(why.pending->effective)));
  const bool forever = decision.code == retention::Code::KeepForever;
  add("keep until", forever ? "forever" : day_text(decision.keep_until));
  add("then", decision.action ? std::string(retention::name_of(*decision.action)) : "-");
  add("due from", day_text(decision.due_from));
  add("propose from", day_text(decision.propose_from));
  if (why.facts.last_release) add("last release", day_text(why.facts.last_release));
  return text;
}

std::string why_text(const custody::Why& why, const std::string& zone) {
  std::string text = decision_text(why, zone);
  Table rules({{"RULE"}, {"LEVEL"}, {"SINCE"}, {"EVENT"}, {"START"}, {"DURATION"}, {"END"}, {"PART"}});
  for (const auto& part : why.rules) {
    const retention::Rule& rule = part.active.rule;
    rules.add({rule.id, std::string(retention::name_of(rule.level)), text_of(part.active.since), rule.start,
               part.effect ? day_text(part.effect->start) : "-",
               rule.duration ? text_of(*rule.duration) : "forever",
               part.effect ? end_text(*part.effect) : "-", part_text(part)});
  }
  if (!rules.empty()) text += "\n" + rules.text();
  Table events({{"EVENT", cli::Align::Right}, {"TYPE"}, {"ON"}, {"RECORDED"}, {"EVIDENCE"}, {"STATE"}});
  for (const auto& part : why.events) {
    const retention::Event& event = part.record.event;
    events.add({fmt::format("{}", event.number), event.type, text_of(event.effective),
                rfc3339(part.record.recorded, 0), part.record.evidence,
                part.superseded   ? "superseded"
                : event.withdrawn ? "withdrawal"
                                  : "stands"});
  }
  if (!events.empty()) text += "\n" + events.text();
  Table holds({{"HOLD"}, {"STATE"}, {"BLOCKS"}, {"START"}, {"END"}, {"REVIEW ON"}, {"RELEASED"}});
  for (const auto& hold : why.all_holds)
    holds.add({hold.id, std::string(retention::name_of(retention::state_of(hold.terms, why.as_of))),
               hold.blocks, text_of(hold.terms.start), day_text(hold.terms.end),
               day_text(hold.terms.review_on), day_text(hold.terms.released)});
  if (!holds.empty()) text += "\n" + holds.text();
  return text;
}

}  // namespace

Result<CivilDate> as_of_day(const catalog::Archive& archive, const Options& options) {
  GREFFE_TRY(const TimeZone zone, archive.policy_zone());
  if (!options.as_of) return zone.date_of(options.now);
  const auto day = zone.parse_day(*options.as_of);
  if (!day) return fail(ErrorKind::Usage, "--as-of: {}", day.error().message());
  return *day;
}

Result<int> why(const Options& options) {
  GREFFE_TRY(const catalog::Archive archive, open_archive(options));
  GREFFE_TRY(const catalog::Catalog catalog, open_catalog(options));
  GREFFE_TRY(const std::string id, catalog::find_meeting_id(catalog, options.meeting));
  GREFFE_TRY(const CivilDate as_of, as_of_day(archive, options));
  GREFFE_TRY(const custody::Why why, custody::why_kept(archive, catalog, id, as_of));
  const std::string& zone = archive.description().policy_time_zone;
  cli::print(options.json ? json::write(why_json(why, zone)) + "\n" : why_text(why, zone));
  return cli::report_damage(why.damage);
}

}  // namespace greffe::catalog_tool
