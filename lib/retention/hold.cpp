#include "retention/hold.h"

namespace greffe::retention {

std::string_view name_of(HoldState state) {
  switch (state) {
    case HoldState::Pending: return "pending";
    case HoldState::Active: return "active";
    case HoldState::ExpiredUnreviewed: return "expired-unreviewed";
    case HoldState::Released: break;
  }
  return "released";
}

HoldState state_of(const HoldTerms& hold, CivilDate as_of) {
  if (hold.released && *hold.released <= as_of) return HoldState::Released;
  if (as_of < hold.start) return HoldState::Pending;
  if (!hold.end || as_of <= *hold.end) return HoldState::Active;
  return hold.auto_release ? HoldState::Released : HoldState::ExpiredUnreviewed;
}

bool needs_review(const HoldTerms& hold, CivilDate as_of) {
  return binds(state_of(hold, as_of)) && hold.review_on && *hold.review_on < as_of;
}

std::optional<CivilDate> ended_on(const HoldTerms& hold, CivilDate as_of) {
  if (state_of(hold, as_of) != HoldState::Released) return std::nullopt;
  if (!hold.released || (hold.auto_release && hold.end && *hold.end < *hold.released))
    return next_day(*hold.end);
  return hold.released;
}

}  // namespace greffe::retention
