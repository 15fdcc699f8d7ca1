// What a decision rests on, said in a word: for tables and for people who ask why.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "retention/decision.h"

namespace greffe::retention {

// Why a rule has no part in a decision.
enum class Exclusion : std::uint8_t {
  OtherClass,
  OtherProducer,
  NotListed,        // none of its meetings, or not found by its query
  NotFallenBackOn,  // a fallback, and another rule applies (R6)
};
std::string_view name_of(Exclusion exclusion);  // "other-class", …

// nullopt: it takes part. `rules` are all that are in force.
std::optional<Exclusion> exclusion_of(const Rule& rule, const Facts& facts,
                                      std::span<const ActiveRule> rules);

// The id of the one rule to name: that keeps, or waits for its event, or lets go; empty where none does. Of
// several the first in the order of the policy.
std::string deciding_rule(const Decision& decision);

}  // namespace greffe::retention
