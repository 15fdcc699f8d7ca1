// How far the disposal of a meeting has come: a pure function of its list, the visas on it, what was done,
// the holds and the day (RETENTION 5).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "retention/hold.h"
#include "units/civil_date.h"

namespace greffe::retention {

// What a visa says of a line.
enum class Verdict : std::uint8_t { Accept, Refuse, Defer };
std::string_view name_of(Verdict verdict);  // "accept", "refuse", "defer"
std::optional<Verdict> find_verdict(std::string_view name);

// One person's word on one line.
struct LineVisa {
  std::string person;               // login
  std::string key;                  // name of the key it was signed with, empty without a signature
  bool with_proposers_key = false;  // the one that the list was proposed with, as far as anybody can tell
  Verdict verdict = Verdict::Accept;
  CivilDate given{};
  CivilDate valid_until{};                  // last day (D2)
  std::optional<CivilDate> deferred_until;  // Defer: first day on which it may be proposed again
};

// What a frozen line asks for.
struct LineTerms {
  int approvers = 1;             // different people who must accept, none of them the proposer
  bool signed_approval = false;  // each with a key of their own
  int grace_days = 30;           // between trash and purge (D6)
  bool operator==(const LineTerms&) const = default;
};

// What is known of a line.
struct LineHistory {
  CivilDate proposed{};
  std::string proposer;              // login
  std::vector<LineVisa> visas;       // in the order they were given
  bool held = false;                 // by anybody, at any time since it was proposed (H6)
  std::optional<CivilDate> trashed;  // the day it went to the trash
  bool restored = false;
  bool destroyed = false;
  bool destroyed_elsewhere = false;  // through another list, since this one was made
};

enum class LineState : std::uint8_t {
  Proposed,
  Approved,
  Refused,    // for good, in this list (H6)
  Deferred,   // to a day; comes back in another list
  Expired,    // too long ago (D2)
  Cancelled,  // by a hold (H6)
  InGrace,    // in the trash
  Restored,
  DestroyedElsewhere,  // through another list: nothing is left that could go through this one
  Destroyed,
};
std::string_view name_of(LineState state);  // "proposed", …, "in-grace", …
std::optional<LineState> find_line_state(std::string_view name);
// All of them, in their order.
inline constexpr std::array AllLineStates{
    LineState::Proposed, LineState::Approved, LineState::Refused,
    LineState::Deferred, LineState::Expired,  LineState::Cancelled,
    LineState::InGrace,  LineState::Restored, LineState::DestroyedElsewhere,
    LineState::Destroyed};

inline constexpr int VisaDays = 180;  // a visa, and a list that waits for one, are good for so long (D2)

// In this order: destroyed, restored, refused (by one is enough), cancelled by a hold, also in the trash,
// destroyed through another list, then in grace; deferred by anybody's last word; approved, when enough
// people have accepted with their last word and each is valid; expired, when they would be enough but for
// their validity, or when the list is older than VisaDays; else proposed.
//
// A person is a login, and several with one key count once. Where all share one account, what is signed under
// the proposer's login is the word of its key: where the terms ask for signatures it accepts as anybody's
// does. Other visas of that login accept nothing, nor do those signed with the key that the list was proposed
// with, nor unsigned ones where a signature is asked for.
LineState state_of(const LineTerms& terms, const LineHistory& history, CivilDate today);

// Whether something may still come of it: then the meeting is not proposed in another list.
constexpr bool is_open(LineState state) {
  return state == LineState::Proposed || state == LineState::Approved || state == LineState::InGrace;
}
// First day on which a line of this history may be proposed in another list; nullopt: only when somebody
// names it (it was refused), or never (destroyed), or not before this list is done with it.
std::optional<CivilDate> proposable_again(const LineTerms& terms, const LineHistory& history,
                                          CivilDate today);

// First day on which it may be purged: behind its days of grace, of which that of the trash is none.
CivilDate purge_from(const LineTerms& terms, CivilDate trashed);

// When a hold has covered a meeting: since the membership began, while the hold binds.
struct Coverage {
  HoldTerms terms;
  CivilDate since{};        // day of the membership
  bool after_list = false;  // it began after the list was made, also on the same day
};
// H6: whether one of them has bound on any day from the proposal to today.
bool was_held(std::span<const Coverage> coverages, CivilDate proposed, CivilDate today);

}  // namespace greffe::retention
