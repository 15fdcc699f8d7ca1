#include "retention/explain.h"

#include <algorithm>

namespace greffe::retention {
namespace {

bool names(const std::vector<std::string>& list, const std::string& name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

template <class Wanted>
std::string first_rule(const Decision& decision, Wanted wanted) {
  const auto found = std::find_if(decision.rules.begin(), decision.rules.end(), wanted);
  return found == decision.rules.end() ? "" : found->rule;
}

}  // namespace

std::string_view name_of(Exclusion exclusion) {
  switch (exclusion) {
    case Exclusion::OtherClass: return "other-class";
    case Exclusion::OtherProducer: return "other-producer";
    case Exclusion::NotListed: return "not-listed";
    case Exclusion::NotFallenBackOn: break;
  }
  return "not-fallen-back-on";
}

std::optional<Exclusion> exclusion_of(const Rule& rule, const Facts& facts,
                                      std::span<const ActiveRule> rules) {
  if (!covers(rule, facts)) {
    if (!rule.classes.empty() && !names(rule.classes, facts.record_class)) return Exclusion::OtherClass;
    if (!rule.producer.empty() && !names(facts.producers, rule.producer)) return Exclusion::OtherProducer;
    return Exclusion::NotListed;
  }
  const auto is_own = [&](const ActiveRule& active) {
    return active.rule.level != Level::Floor && active.rule.level != Level::Fallback &&
           covers(active.rule, facts) && !is_unanswered(active.rule, facts);
  };
  if (rule.level == Level::Fallback && std::any_of(rules.begin(), rules.end(), is_own))
    return Exclusion::NotFallenBackOn;
  return std::nullopt;
}

std::string deciding_rule(const Decision& decision) {
  const bool waits =
      std::find(decision.codes.begin(), decision.codes.end(), Code::PendingEvent) != decision.codes.end();
  const bool forever =
      std::find(decision.codes.begin(), decision.codes.end(), Code::KeepForever) != decision.codes.end();
  if (waits && !forever)
    return first_rule(decision, [](const RuleEffect& effect) { return !effect.start && !effect.forever; });
  const bool kept_longer =
      decision.due_from && decision.keep_until && *decision.due_from == next_day(*decision.keep_until);
  const std::string keeps =
      first_rule(decision, [](const RuleEffect& effect) { return effect.decides_keep; });
  if (!keeps.empty() && (kept_longer || !decision.due_from)) return keeps;
  const std::string lets_go =
      first_rule(decision, [](const RuleEffect& effect) { return effect.decides_action; });
  return lets_go.empty() ? keeps : lets_go;
}

}  // namespace greffe::retention
