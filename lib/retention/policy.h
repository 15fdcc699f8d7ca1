// Versions of the policy, and which of them is in force on a day (RETENTION R10 to R12).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "retention/decision.h"

namespace greffe::retention {

// Whose signature counts on a visa (D2): an Ed25519 key.
struct ApproverKey {
  std::string name;
  std::string
      public_key;  // base64 of its SubjectPublicKeyInfo, as `openssl pkey -pubout` has it between the lines
  bool operator==(const ApproverKey&) const = default;
};

// A set of rules. Never changed: what is to be otherwise is another version.
struct Policy {
  std::int64_t version = 0;  // from 1
  Terms terms;
  int cooling_days = 30;  // between a decision that makes something due sooner and its effect (R10)
  std::vector<ApproverKey> approver_keys;
  std::vector<Rule> rules;
  // Of what counts: two files with the same are the same policy.
  bool says_as(const Policy& other) const;
};

// A decision that a version is to be in force from a day on.
struct Activation {
  std::int64_t number = 0;  // from 1, in the order they were decided
  std::int64_t version = 0;
  CivilDate effective{};
};

// Of the activations whose day has come the one decided last: a later decision takes the place of an earlier
// one, also of one whose day is still to come. nullptr: none.
const Activation* in_force(std::span<const Activation> activations, CivilDate day);
// Those decided last whose day is still to come.
const Activation* pending(std::span<const Activation> activations, CivilDate day);

const Policy* find_policy(std::span<const Policy> policies, std::int64_t version);

struct RulesInForce {
  std::int64_t version = 0;  // 0: none
  Terms terms;
  std::vector<ActiveRule> rules;
};
// A rule counts as of the first activation since which it stands unchanged, but for its note (R12).
RulesInForce rules_in_force(std::span<const Policy> policies, std::span<const Activation> activations,
                            CivilDate day);
// What would be if `policy` came into force on that day, for comparison: every rule is new.
RulesInForce rules_of(const Policy& policy, CivilDate day);

// The day from which `next` is to be in force: at once when nothing becomes due sooner, otherwise when it has
// cooled down for as long as it says itself and as what is in force says (nullptr: nothing is).
CivilDate effective_day(const Policy& next, const Policy* current, bool something_sooner, CivilDate today);

// All that is wrong with its rules, and with its keys: one that stands there twice, signatures that nobody
// can give, or too few. Whether a key is one cannot be told here.
std::vector<Mistake> mistakes_in(const Policy& policy);

// As loosened() of rules, with the periods and keys of the policy (R11). A further key is one more who can
// let something go: it may come only with as many more approvers, in every rule that asks for signatures;
// then the old keys are needed as before. Keys may go, and be given other names.
std::vector<Mistake> loosened(const Policy& locked, const Policy& next);

}  // namespace greffe::retention
