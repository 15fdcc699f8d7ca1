// Retention rules: what they say, without where they are kept (RETENTION 2).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "units/civil_date.h"

namespace greffe::retention {

// Which rules count before which (R5, R6).
enum class Level : std::uint8_t {
  Floor,     // how long at least; always counts, and never says what follows
  Explicit,  // of meetings named by id
  Scoped,    // of those a query finds
  Default,   // of a class
  Fallback   // only where no explicit, scoped or default rule applies
};

enum class FinalAction : std::uint8_t { Keep, Destroy, Review };

std::string_view name_of(Level level);                   // "floor", "explicit", …
std::string_view name_of(FinalAction action);            // "keep", "destroy", "review"
std::optional<Level> find_level(std::string_view name);  // nullopt when unknown
std::optional<FinalAction> find_final_action(std::string_view name);

// What a start date is rounded up to before the duration is added (T4).
struct CutOff {
  enum class Kind : std::uint8_t { None, Year, FiscalYear, Dossier };
  Kind kind = Kind::None;
  std::chrono::month_day fiscal_end{std::chrono::December, std::chrono::day(31)};  // last day of the year
  bool operator==(const CutOff&) const = default;
};

inline constexpr std::string_view MeetingEnded = "meeting_ended";  // the start that every meeting has (E3)
inline constexpr std::string_view DossierClosed = "dossier_closed";

inline constexpr int MostApprovers = 100;
inline constexpr int MostGraceDays = 3650;

struct Rule {
  std::string id;  // the same in each version of a policy
  Level level = Level::Default;
  std::vector<std::string> classes;   // empty: all
  std::string producer;               // of which it was inherited (R7); empty: of all
  std::vector<std::string> meetings;  // Explicit
  std::string query;                  // Scoped; others may narrow themselves by one, too
  bool retains = true;                // false: says only when to delete (R4)
  std::optional<Period> duration;     // nullopt: forever
  std::string start = std::string(MeetingEnded);
  CutOff cut_off;
  std::optional<FinalAction> final_action;  // nullopt: says nothing of what follows
  std::string destination;                  // code of where kept records go
  int approvers = 1;                        // how many must approve of a destruction
  bool signed_approval = false;             // each with a key of the policy (D2)
  std::optional<int> grace_days;   // in the trash (D6), to MostGraceDays; nullopt: as the policy has it
  bool ingested_in_error = false;  // the one kind whose duration may be zero (T2, D16)
  std::string note;                // for people
  bool operator==(const Rule&) const = default;

  bool has_list() const { return !meetings.empty() || !query.empty(); }
};

// What is wrong with a rule, and where: "rules[3].duration".
struct Mistake {
  std::string place;
  std::string text;
  bool operator==(const Mistake&) const = default;
};

// All that is wrong with these rules.
std::vector<Mistake> mistakes_in(const std::vector<Rule>& rules);

// Where `next` would protect less than `locked`, which it may not replace then (R11): a rule that is gone,
// shorter, of less scope, with fewer approvers or without their signatures, or another start; one that no
// longer says "keep" or "review"; a new rule that destroys; a rule that is new or gains scope where a
// fallback rule of `locked`, which then counts no more (R6), keeps longer or does not destroy. Empty: it may.
std::vector<Mistake> loosened(const std::vector<Rule>& locked, const std::vector<Rule>& next);

}  // namespace greffe::retention
