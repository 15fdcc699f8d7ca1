#include "retention/policy.h"

#include <algorithm>
#include <set>

namespace greffe::retention {
namespace {

// Notes are for people and change nothing.
bool same_rule(Rule a, Rule b) {
  a.note.clear();
  b.note.clear();
  return a == b;
}

bool has_rule(const Policy* policy, const Rule& rule) {
  return policy != nullptr && std::any_of(policy->rules.begin(), policy->rules.end(),
                                          [&](const Rule& other) { return same_rule(other, rule); });
}

}  // namespace

bool Policy::says_as(const Policy& other) const {
  return terms.notice_days == other.terms.notice_days && cooling_days == other.cooling_days &&
         rules == other.rules;
}

const Activation* in_force(std::span<const Activation> activations, CivilDate day) {
  const Activation* found = nullptr;
  for (const Activation& activation : activations)
    if (activation.effective <= day && (found == nullptr || activation.number > found->number))
      found = &activation;
  return found;
}

const Activation* pending(std::span<const Activation> activations, CivilDate day) {
  const auto last =
      std::max_element(activations.begin(), activations.end(),
                       [](const Activation& a, const Activation& b) { return a.number < b.number; });
  return last == activations.end() || last->effective <= day ? nullptr : &*last;
}

const Policy* find_policy(std::span<const Policy> policies, std::int64_t version) {
  const auto found = std::find_if(policies.begin(), policies.end(),
                                  [&](const Policy& policy) { return policy.version == version; });
  return found == policies.end() ? nullptr : &*found;
}

RulesInForce rules_in_force(std::span<const Policy> policies, std::span<const Activation> activations,
                            CivilDate day) {
  const auto policy_on = [&](CivilDate on) -> const Policy* {
    const Activation* activation = in_force(activations, on);
    return activation == nullptr ? nullptr : find_policy(policies, activation->version);
  };
  const Policy* policy = policy_on(day);
  if (policy == nullptr) return {};
  std::set<CivilDate> changes;  // days on which another version may have come into force
  for (const Activation& activation : activations)
    if (activation.effective <= day) changes.insert(activation.effective);
  RulesInForce found{.version = policy->version, .terms = policy->terms, .rules = {}};
  for (const Rule& rule : policy->rules) {
    CivilDate since = day;
    for (auto change = changes.rbegin(); change != changes.rend() && has_rule(policy_on(*change), rule);
         ++change)
      since = *change;
    found.rules.push_back({rule, since});
  }
  return found;
}

RulesInForce rules_of(const Policy& policy, CivilDate day) {
  RulesInForce found{.version = policy.version, .terms = policy.terms, .rules = {}};
  for (const Rule& rule : policy.rules) found.rules.push_back({rule, day});
  return found;
}

CivilDate effective_day(const Policy& next, const Policy* current, bool something_sooner, CivilDate today) {
  if (!something_sooner) return today;
  return days_after(today, std::max(next.cooling_days, current != nullptr ? current->cooling_days : 0));
}

std::vector<Mistake> loosened(const Policy& locked, const Policy& next) {
  std::vector<Mistake> mistakes = loosened(locked.rules, next.rules);
  if (next.terms.notice_days < locked.terms.notice_days)
    mistakes.push_back({"notice_days", "it may only become longer"});
  if (next.cooling_days < locked.cooling_days)
    mistakes.push_back({"cooling_days", "it may only become longer"});
  return mistakes;
}

}  // namespace greffe::retention
