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

const Rule* find_rule(const Policy& policy, const std::string& id) {
  const auto found =
      std::find_if(policy.rules.begin(), policy.rules.end(), [&](const Rule& rule) { return rule.id == id; });
  return found == policy.rules.end() ? nullptr : &*found;
}

// Keys of `next` that are not in `locked`, under whatever name.
int count_further_keys(const Policy& locked, const Policy& next) {
  return static_cast<int>(
      std::count_if(next.approver_keys.begin(), next.approver_keys.end(), [&](const ApproverKey& key) {
        return std::none_of(locked.approver_keys.begin(), locked.approver_keys.end(),
                            [&](const ApproverKey& old) { return old.public_key == key.public_key; });
      }));
}

bool same_scope(const Rule& a, const Rule& b) {
  return a.classes == b.classes && a.meetings == b.meetings && a.query == b.query && a.producer == b.producer;
}

// Where rules that apply have a grace of their own, the longest of these counts and that of the policy does
// not: so none of them goes, and where none was before, none is shorter than that of the policy.
bool loses_grace(const Policy& locked, const Rule* old, const Rule& now) {
  if (old == nullptr || !old->grace_days || !same_scope(*old, now)) {
    if (now.grace_days && *now.grace_days < locked.terms.grace_days) return true;
  }
  if (old == nullptr || !old->grace_days) return false;
  return !now.grace_days || *now.grace_days < *old->grace_days;
}

void check_keys(const Policy& policy, std::vector<Mistake>& mistakes) {
  const auto& keys = policy.approver_keys;
  for (std::size_t i = 0; i < keys.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) {
      const std::string place = fmt::format("approver_keys[{}]", i);
      if (keys[i].name == keys[j].name)
        mistakes.push_back({place + ".name", fmt::format("\"{}\" is the name of another key", keys[i].name)});
      if (keys[i].public_key == keys[j].public_key)  // one person would be two
        mistakes.push_back({place + ".public_key", fmt::format("it is the key \"{}\", too", keys[j].name)});
    }
}

}  // namespace

bool Policy::says_as(const Policy& other) const {
  return terms.notice_days == other.terms.notice_days && terms.grace_days == other.terms.grace_days &&
         cooling_days == other.cooling_days && approver_keys == other.approver_keys && rules == other.rules;
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

std::vector<Mistake> mistakes_in(const Policy& policy) {
  std::vector<Mistake> mistakes = mistakes_in(policy.rules);
  check_keys(policy, mistakes);
  for (std::size_t i = 0; i < policy.rules.size(); ++i) {
    const Rule& rule = policy.rules[i];
    if (!rule.signed_approval) continue;
    const std::string place = fmt::format("rules[{}]", i);
    if (policy.approver_keys.empty())
      mistakes.push_back({place + ".signed_approval", "the policy has no approver_keys"});
    else if (static_cast<std::size_t>(std::max(rule.approvers, 0)) > policy.approver_keys.size())
      mistakes.push_back({place + ".approvers", "there are fewer approver_keys"});
  }
  return mistakes;
}

std::vector<Mistake> loosened(const Policy& locked, const Policy& next) {
  std::vector<Mistake> mistakes = loosened(locked.rules, next.rules);
  if (next.terms.notice_days < locked.terms.notice_days)
    mistakes.push_back({"notice_days", "it may only become longer"});
  if (next.cooling_days < locked.cooling_days)
    mistakes.push_back({"cooling_days", "it may only become longer"});
  if (next.terms.grace_days < locked.terms.grace_days)
    mistakes.push_back({"grace_days", "it may only become longer"});
  const auto further = count_further_keys(locked, next);
  for (std::size_t i = 0; i < next.rules.size(); ++i) {
    const Rule* old = find_rule(locked, next.rules[i].id);
    const std::string place = fmt::format("rules[{}]", i);
    if (loses_grace(locked, old, next.rules[i]))
      mistakes.push_back({place + ".grace_days", "it would be shorter than it is where the rule applies"});
    if (old == nullptr) continue;
    if (old->signed_approval && next.rules[i].approvers - old->approvers < further)
      mistakes.push_back(
          {place + ".approvers", fmt::format("{} further keys need as many more approvers", further)});
  }
  return mistakes;
}

}  // namespace greffe::retention
