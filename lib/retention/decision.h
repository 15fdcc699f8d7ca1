// Whether a meeting is kept, why, and until when: a pure function of facts, rules, holds and a day (RETENTION
// 2).
#pragma once

#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "retention/rule.h"

namespace greffe::retention {

// R13. Where several hold, the first of this order is the decision's code; all are in `codes`.
enum class Code : std::uint8_t {
  OnHold,
  KeepForever,
  PendingEvent,         // a rule waits for an event that has not been recorded (R2)
  KeepRule,             // retention runs
  NoRule,               // nothing says that it may go (R1)
  ConflictFinalAction,  // what was inherited says two things (R7)
  HasChildren,          // something below it is still to be kept (R9)
  WormLocked,           // the store lets nobody delete before a day
  ExportOpen,           // a package of it is being handed over
  InGrace,              // in the trash
  Approved,
  Proposed,
  Due,
};
std::string_view name_of(Code code);  // "ON_HOLD", "KEEP_FOREVER", …

// How far a disposal has come.
enum class Progress : std::uint8_t { None, Proposed, Approved, InGrace };

// What is known of one meeting.
struct Facts {
  std::string record_class;
  std::vector<std::string> producers;       // none: one that is not named
  std::set<std::string> listed;             // ids of rules with a list or query that has it
  std::set<std::string> unanswered;         // ids of rules of which nobody can tell whether they have it (H5)
  std::map<std::string, CivilDate> starts;  // event → day; MeetingEnded among them
  // Event → day on which something was last recorded of it, corrections and withdrawals too.
  std::map<std::string, CivilDate> recorded;
  std::vector<std::string> holds;         // that bind on the day asked for
  std::optional<CivilDate> last_release;  // of a hold that covered it, not after that day (H8)
  std::uint32_t children_to_keep = 0;
  std::optional<CivilDate> worm_until;  // last locked day
  bool export_open = false;
  Progress progress = Progress::None;
};

// A rule and the day it began to apply: when the first version of the policy that has it so came into force.
struct ActiveRule {
  Rule rule;
  CivilDate since{};
};

struct Terms {
  int notice_days = 30;  // between the day something is seen to be due and its proposal (R12, H8)
  int grace_days = 30;   // between trash and purge (D6)
};

// What a rule had to say.
struct RuleEffect {
  std::string rule;  // id
  Level level = Level::Default;
  std::string event;               // it starts with
  std::optional<CivilDate> start;  // rounded up where the rule cuts off; nullopt: not recorded yet
  std::optional<CivilDate> end;    // last day of its span; nullopt: forever, or no start
  bool forever = false;
  bool retains = true;
  bool in_doubt = false;  // whether it applies cannot be told: it retains, and destroys nothing (H5)
  std::optional<FinalAction> final_action;
  bool decides_keep = false;    // keep_until is its end
  bool decides_action = false;  // the final action and its day are its own
};

struct Decision {
  Code code = Code::NoRule;
  std::vector<Code> codes;
  std::vector<RuleEffect> rules;          // that apply, in the order of the policy
  std::vector<std::string> holds;         // that bind
  std::optional<CivilDate> keep_until;    // last protected day (T3); nullopt: none, forever or not known
  std::optional<FinalAction> action;      // what is to happen then
  std::optional<CivilDate> due_from;      // first day on which it may; nullopt: never, or not known
  std::optional<CivilDate> propose_from;  // first day on which it may be proposed
  // May be proposed for destruction on `day`, the one it was decided for: disposable, its notice has passed
  // (R12, H8), and there is no rule in doubt (H5).
  bool proposable(CivilDate day) const;
  // The same of what is on its way already: proposed, approved or in the trash.
  bool destroyable(CivilDate day) const;
  // The first of its codes that keeps it; nullopt where there is none.
  std::optional<Code> obstacle() const;
  // Due, to be destroyed, and nothing in the way but perhaps its notice.
  bool disposable() const { return code == Code::Due && action == FinalAction::Destroy; }
};

// Of class and producer, and in the list where the rule has one, or perhaps in it.
bool covers(const Rule& rule, const Facts& facts);
// Whether the one thing in doubt is the rule's list.
bool is_unanswered(const Rule& rule, const Facts& facts);
// The start, rounded up. `closed` is the day the dossier was closed, if it is.
std::optional<CivilDate> cut_off(CivilDate start, const CutOff& cut_off, std::optional<CivilDate> closed);

Decision decide(const Facts& facts, std::span<const ActiveRule> rules, const Terms& terms, CivilDate as_of);

// True where `after` lets something be destroyed on an earlier day than `before` (R10).
bool is_sooner(const Decision& before, const Decision& after);

}  // namespace greffe::retention
