#include "custody/export_papers.h"

#include <algorithm>
#include <set>

#include "catalog/rule_json.h"
#include "custody/checkpoint.h"
#include "custody/holds.h"
#include "custody/retention_plan.h"
#include "journal/check_journal.h"

namespace greffe::custody {
namespace {

constexpr std::string_view RulesSchema = "greffe.package-rules/1";
constexpr std::string_view HoldsSchema = "greffe.package-holds/1";
constexpr std::string_view ExportAction = "export";

json::Value day_or_null(std::optional<CivilDate> date) {
  return date ? json::Value(text_of(*date)) : json::Value();
}

json::Object decision_json(const PlannedMeeting& planned) {
  const retention::Decision& decision = planned.decision;
  json::Array codes, rules, waits;
  for (const retention::Code code : decision.codes) codes.emplace_back(retention::name_of(code));
  for (const retention::RuleEffect& effect : decision.rules)
    rules.push_back(json::Object{{"rule", effect.rule},
                                 {"start", day_or_null(effect.start)},
                                 {"end", day_or_null(effect.end)},
                                 {"forever", effect.forever},
                                 {"in_doubt", effect.in_doubt}});
  for (const std::string& event : planned.waits_for) waits.emplace_back(event);
  return {{"meeting", planned.meeting},
          {"class", planned.record_class},
          {"code", retention::name_of(decision.code)},
          {"codes", std::move(codes)},
          {"keep_until", day_or_null(decision.keep_until)},
          {"action", decision.action ? json::Value(retention::name_of(*decision.action)) : json::Value()},
          {"rule", planned.rule},
          {"rules", std::move(rules)},
          {"waits_for", std::move(waits)}};
}

// What people read as the end of retention: a day, "forever", or why there is none yet.
std::string end_of(const retention::Decision& decision) {
  const bool is_forever = std::any_of(decision.rules.begin(), decision.rules.end(),
                                      [](const auto& rule) { return rule.forever; });
  if (is_forever) return "forever";
  if (decision.keep_until) return text_of(*decision.keep_until);
  return decision.rules.empty() ? "no-rule" : "pending";
}

// What is confidential about a hold stays here; that it binds goes along.
json::Object hold_json(const catalog::HoldRow& hold) {
  json::Object object{{"hold", hold.id},
                      {"start_date", hold.start_date},
                      {"blocks", hold.blocks},
                      {"confidential", hold.confidential != 0}};
  if (!hold.end_date.empty()) object.set("end_date", hold.end_date);
  if (!hold.review_on.empty()) object.set("review_on", hold.review_on);
  if (hold.confidential == 0)
    object.set("matter", hold.matter).set("owner", hold.owner).set("reason", hold.reason);
  return object;
}

std::string file_text(const json::Object& object) {
  return json::write(object, json::Style::Indented) + "\n";
}

}  // namespace

Status ExportPapers::read_holds(const catalog::Catalog& catalog, CivilDate day) {
  for (auto& [meeting, kept] : kept_) {
    GREFFE_TRY(const auto covering, catalog::holds_on(catalog, meeting));
    for (const catalog::HoldRow& hold : binding(covering, day)) {
      kept.holds.push_back(hold.id);
      holds_.emplace(hold.id, hold_json(hold));
    }
    std::sort(kept.holds.begin(), kept.holds.end());
  }
  return {};
}

Status ExportPapers::read_rules(const catalog::Archive& archive, const catalog::Catalog& catalog,
                                CivilDate day, DamageLog& damage) {
  const auto keep = [&](const PlannedMeeting& planned) {
    const auto found = kept_.find(planned.meeting);
    if (found == kept_.end()) return true;
    found->second.decision = decision_json(planned);
    found->second.end = end_of(planned.decision);
    for (const retention::RuleEffect& effect : planned.decision.rules)
      found->second.rules.push_back(effect.rule);
    return true;
  };
  // Another export of them changes nothing in this one.
  GREFFE_TRY(const PlanTotals totals, plan_retention(archive, catalog, day, keep, OpenExports::Ignore));
  policy_version_ = totals.version;
  for (const Damage& entry : totals.damage.entries())
    if (entry.condition.starts_with("rule-")) damage.add_entry(entry);
  GREFFE_TRY(const PolicyState state, read_policy_state(archive, catalog));
  for (const retention::ActiveRule& active : state.in_force(day).rules) {
    json::Object rule = catalog::json_of(active.rule);
    rule.set("since", text_of(active.since));
    rules_.emplace(active.rule.id, std::move(rule));
  }
  return {};
}

Status ExportPapers::read_journal(const catalog::Archive& archive, WallTime now) {
  const journal::JournalPlaces places = journal_places(archive);
  std::map<std::string, std::string> by_path;  // folder in the archive → meeting
  for (const auto& [meeting, kept] : kept_) by_path.emplace(catalog::Archive::meeting_path(meeting), meeting);
  std::map<std::int64_t, std::vector<std::string>> subjects;  // by seq: an entry may be told of twice
  const auto wanted = [&](const journal::JournalEntry& entry) {
    // What was handed over changes no meeting, and a package is the same each time it is made.
    if (entry.event.action == ExportAction) return false;
    std::set<std::string> about;
    for (const std::string& subject : entry.event.subjects)
      if (kept_.contains(subject) || holds_.contains(subject)) about.insert(subject);
    for (const journal::FileChange& change : entry.event.files) {
      const auto path = by_path.upper_bound(change.file);
      if (path != by_path.begin() && change.file.starts_with(std::prev(path)->first + "/"))
        about.insert(std::prev(path)->second);
    }
    if (about.empty()) return false;
    subjects[entry.seq].assign(about.begin(), about.end());
    return true;
  };
  GREFFE_TRY(journal_, journal::extract_journal(places, wanted, now));
  for (auto& [seq, about] : subjects) subjects_.push_back(std::move(about));
  GREFFE_TRY(const auto tokens, journal::tokens_in(places.checkpoints()));
  if (tokens.empty()) return {};
  token_ = tokens.back().reply;
  GREFFE_TRY(const auto checkpoints, journal::checkpoints_in(places.checkpoints()));
  for (const journal::CheckpointFile& file : checkpoints)
    if (file.name == tokens.back().name) token_checkpoint_ = file.text;
  return {};
}

Result<ExportPapers> ExportPapers::read(const catalog::Archive& archive, const catalog::Catalog& catalog,
                                        const std::vector<std::string>& meetings, CivilDate day, WallTime now,
                                        DamageLog& damage) {
  ExportPapers papers;
  papers.day_ = day;
  papers.zone_ = archive.description().policy_time_zone;
  for (const std::string& meeting : meetings) papers.kept_.emplace(meeting, Kept{});
  GREFFE_CHECK(papers.read_holds(catalog, day));
  GREFFE_CHECK(papers.read_rules(archive, catalog, day, damage));
  GREFFE_CHECK(papers.read_journal(archive, now));
  return papers;
}

std::vector<std::string> ExportPapers::holds_on(const std::vector<std::string>& meetings) const {
  std::set<std::string> ids;
  for (const std::string& meeting : meetings)
    for (const std::string& hold : kept_.at(meeting).holds) ids.insert(hold);
  return {ids.begin(), ids.end()};
}

std::string ExportPapers::tree_head() const {
  return fmt::format("{} {}", journal_.size, journal_.root.hex());
}

package::BagInfo ExportPapers::labels(const std::vector<std::string>& meetings) const {
  package::BagInfo info;
  if (journal_.size > 0) info.push_back({"Greffe-Tree-Head", tree_head()});  // else it says nothing
  for (const std::string& hold : holds_on(meetings)) info.push_back({"Greffe-Holds", hold});
  for (const std::string& meeting : meetings)
    info.push_back({"Greffe-Retention-End", meeting + " " + kept_.at(meeting).end});
  return info;
}

std::string ExportPapers::journal_text(const std::vector<std::string>& meetings, std::string& proofs) const {
  const std::vector<std::string> holds = holds_on(meetings);
  const auto is_about = [&](const std::string& subject) {
    return std::binary_search(meetings.begin(), meetings.end(), subject) ||
           std::binary_search(holds.begin(), holds.end(), subject);
  };
  std::string text;
  for (std::size_t i = 0; i < journal_.lines.size(); ++i) {
    if (!std::any_of(subjects_[i].begin(), subjects_[i].end(), is_about)) continue;
    text += journal_.lines[i] + "\n";
    if (i < journal_.proofs.size()) proofs += json::write(journal::json_of(journal_.proofs[i])) + "\n";
  }
  return text;
}

std::string ExportPapers::rules_text(const std::vector<std::string>& meetings) const {
  std::set<std::string> ids;
  json::Array decisions, rules;
  for (const std::string& meeting : meetings) {
    const Kept& kept = kept_.at(meeting);
    decisions.push_back(kept.decision);
    ids.insert(kept.rules.begin(), kept.rules.end());
  }
  for (const std::string& id : ids)
    if (const auto rule = rules_.find(id); rule != rules_.end()) rules.push_back(rule->second);
  return file_text({{"schema", RulesSchema},
                    {"as_of", text_of(day_)},
                    {"time_zone", zone_},
                    {"policy_version", policy_version_},
                    {"meetings", std::move(decisions)},
                    {"rules", std::move(rules)}});
}

std::string ExportPapers::holds_text(const std::vector<std::string>& meetings) const {
  json::Array holds;
  for (const std::string& id : holds_on(meetings)) {
    json::Object hold = holds_.at(id);
    json::Array members;
    for (const std::string& meeting : meetings) {
      const auto& on = kept_.at(meeting).holds;
      if (std::binary_search(on.begin(), on.end(), id)) members.emplace_back(meeting);
    }
    hold.set("meetings", std::move(members));
    holds.push_back(std::move(hold));
  }
  return file_text({{"schema", HoldsSchema}, {"as_of", text_of(day_)}, {"holds", std::move(holds)}});
}

std::map<std::string, std::string> ExportPapers::texts(const std::vector<std::string>& meetings) const {
  std::map<std::string, std::string> texts;
  std::string proofs;
  texts["journal.jsonl"] = journal_text(meetings, proofs);
  texts["rules.json"] = rules_text(meetings);
  texts["holds.json"] = holds_text(meetings);
  if (!proofs.empty()) texts["proofs.jsonl"] = std::move(proofs);
  if (journal_.checkpoint) texts["checkpoint.txt"] = journal_.checkpoint->text;
  if (token_.empty()) return texts;
  texts["token.tsr"] = token_;
  if (!journal_.checkpoint || token_checkpoint_ != journal_.checkpoint->text)
    texts["token-checkpoint.txt"] = token_checkpoint_;
  return texts;
}

}  // namespace greffe::custody
