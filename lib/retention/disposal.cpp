#include "retention/disposal.h"

#include <algorithm>
#include <map>
#include <set>

namespace greffe::retention {
namespace {

// A login and, where it is the proposer's, a key: of an account that many share nothing else tells who it is.
using Speaker = std::pair<std::string_view, std::string_view>;

// The last word of each by that day. A refusal is for good and is found elsewhere.
std::map<Speaker, const LineVisa*> last_words(const LineHistory& history, CivilDate today) {
  std::map<Speaker, const LineVisa*> words;
  for (const LineVisa& visa : history.visas)
    if (visa.given <= today)
      words[Speaker(visa.person, visa.person == history.proposer ? std::string_view(visa.key) : "")] = &visa;
  return words;
}

CivilDate last_day_of_list(const LineHistory& history) { return days_after(history.proposed, VisaDays); }

// Of somebody else than the proposer: by login, or by key where that is what is asked for (RETENTION 7).
bool is_of_another(const LineVisa& visa, const LineTerms& terms, const LineHistory& history) {
  if (visa.with_proposers_key) return false;
  return visa.person != history.proposer || (terms.signed_approval && !visa.key.empty());
}

// Whether this word accepts, on whatever day: not the proposer's, signed where that is asked for, and given
// while the list still waited for one.
bool accepts(const LineVisa& visa, const LineTerms& terms, const LineHistory& history) {
  return visa.verdict == Verdict::Accept && is_of_another(visa, terms, history) &&
         (!terms.signed_approval || !visa.key.empty()) && visa.given <= last_day_of_list(history);
}

// How many people have accepted; those with one key are one. `day`: whose visas are valid then; nullopt: all.
int acceptances(const LineTerms& terms, const LineHistory& history, CivilDate today,
                std::optional<CivilDate> day) {
  std::set<std::string_view> keys;
  int unsigned_ones = 0;
  for (const auto& [speaker, visa] : last_words(history, today)) {
    if (!accepts(*visa, terms, history) || (day && visa->valid_until < *day)) continue;
    if (visa->key.empty())
      ++unsigned_ones;
    else
      keys.insert(visa->key);
  }
  return unsigned_ones + static_cast<int>(keys.size());
}

bool is_refused(const LineHistory& history) {
  return std::any_of(history.visas.begin(), history.visas.end(),
                     [](const LineVisa& visa) { return visa.verdict == Verdict::Refuse; });
}

bool is_deferred(const LineHistory& history, CivilDate today) {
  const auto words = last_words(history, today);
  return std::any_of(words.begin(), words.end(),
                     [](const auto& word) { return word.second->verdict == Verdict::Defer; });
}

// The latest of the days that last words defer to; nullopt where one names none.
std::optional<CivilDate> deferred_to(const LineHistory& history, CivilDate today) {
  std::optional<CivilDate> latest;
  for (const auto& [speaker, visa] : last_words(history, today)) {
    if (visa->verdict != Verdict::Defer) continue;
    if (!visa->deferred_until) return std::nullopt;
    latest = std::max(latest.value_or(*visa->deferred_until), *visa->deferred_until);
  }
  return latest;
}

}  // namespace

std::string_view name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::Accept: return "accept";
    case Verdict::Refuse: return "refuse";
    case Verdict::Defer: break;
  }
  return "defer";
}

std::optional<Verdict> find_verdict(std::string_view name) {
  for (const Verdict verdict : {Verdict::Accept, Verdict::Refuse, Verdict::Defer})
    if (name_of(verdict) == name) return verdict;
  return std::nullopt;
}

std::string_view name_of(LineState state) {
  switch (state) {
    case LineState::Proposed: return "proposed";
    case LineState::Approved: return "approved";
    case LineState::Refused: return "refused";
    case LineState::Deferred: return "deferred";
    case LineState::Expired: return "expired";
    case LineState::Cancelled: return "cancelled";
    case LineState::InGrace: return "in-grace";
    case LineState::Restored: return "restored";
    case LineState::DestroyedElsewhere: return "destroyed-elsewhere";
    case LineState::Destroyed: break;
  }
  return "destroyed";
}

std::optional<LineState> find_line_state(std::string_view name) {
  for (const LineState state : AllLineStates)
    if (name_of(state) == name) return state;
  return std::nullopt;
}

LineState state_of(const LineTerms& terms, const LineHistory& history, CivilDate today) {
  if (history.destroyed) return LineState::Destroyed;
  if (history.restored) return LineState::Restored;
  if (is_refused(history)) return LineState::Refused;
  if (history.held) return LineState::Cancelled;
  if (history.destroyed_elsewhere) return LineState::DestroyedElsewhere;
  if (history.trashed) return LineState::InGrace;
  if (is_deferred(history, today)) return LineState::Deferred;
  const int asked = std::max(terms.approvers, 1);
  if (acceptances(terms, history, today, today) >= asked) return LineState::Approved;
  const bool lapsed = acceptances(terms, history, today, std::nullopt) >= asked;
  return lapsed || last_day_of_list(history) < today ? LineState::Expired : LineState::Proposed;
}

std::optional<CivilDate> proposable_again(const LineTerms& terms, const LineHistory& history,
                                          CivilDate today) {
  switch (state_of(terms, history, today)) {
    case LineState::Deferred: return deferred_to(history, today);
    case LineState::Cancelled:  // first out of the trash; a hold ends no deferral
      if (history.trashed) return std::nullopt;
      return is_deferred(history, today) ? deferred_to(history, today) : std::optional(today);
    case LineState::Expired:
    case LineState::Restored: return today;
    case LineState::Proposed:
    case LineState::Approved:
    case LineState::InGrace:
    case LineState::Refused:
    case LineState::DestroyedElsewhere:
    case LineState::Destroyed: break;
  }
  return std::nullopt;
}

CivilDate purge_from(const LineTerms& terms, CivilDate trashed) {
  // T3: whole days, of which the last is protected, too.
  return terms.grace_days > 0 ? days_after(trashed, terms.grace_days + 1) : trashed;
}

bool was_held(std::span<const Coverage> coverages, CivilDate proposed, CivilDate today) {
  return std::any_of(coverages.begin(), coverages.end(), [&](const Coverage& coverage) {
    const CivilDate covered = std::max(coverage.since, coverage.terms.start);
    const CivilDate from = std::max(covered, proposed);
    if (today < from) return false;
    if (binds(state_of(coverage.terms, from))) return true;
    // Released on the day it came: it has bound for some hours, when the list was already there.
    HoldTerms placed = coverage.terms;
    placed.released.reset();
    return (coverage.after_list || proposed < covered) && coverage.terms.released == from &&
           binds(state_of(placed, from));
  });
}

}  // namespace greffe::retention
