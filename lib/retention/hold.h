// Legal holds: when they bind (RETENTION 4). What they cover is found by queries, elsewhere.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "units/civil_date.h"

namespace greffe::retention {

enum class HoldState : std::uint8_t {
  Pending,  // its start lies ahead
  Active,
  ExpiredUnreviewed,  // its end has passed, nobody released it: still binds (H9)
  Released,
};
std::string_view name_of(HoldState state);  // "active", "expired-unreviewed", …

// The dates that decide.
struct HoldTerms {
  CivilDate start{};
  std::optional<CivilDate> end;        // last day
  bool auto_release = false;           // ends by itself (H9)
  std::optional<CivilDate> review_on;  // passed: is told, releases nothing (H10)
  std::optional<CivilDate> released;   // the day it was
};

HoldState state_of(const HoldTerms& hold, CivilDate as_of);
constexpr bool binds(HoldState state) {
  return state == HoldState::Active || state == HoldState::ExpiredUnreviewed;
}
bool needs_review(const HoldTerms& hold, CivilDate as_of);
// The day from which it no longer bound, if that has come.
std::optional<CivilDate> ended_on(const HoldTerms& hold, CivilDate as_of);

}  // namespace greffe::retention
