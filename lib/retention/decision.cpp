#include "retention/decision.h"

#include <algorithm>

namespace greffe::retention {
namespace {

bool names(const std::vector<std::string>& list, const std::string& name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

std::optional<CivilDate> start_in(const Facts& facts, const std::string& event) {
  const auto found = facts.starts.find(event);
  return found == facts.starts.end() ? std::nullopt : std::optional(found->second);
}

// H5: nothing goes by it, and nothing that it may keep.
void keep_in_doubt(RuleEffect& effect) {
  effect.in_doubt = true;
  effect.retains = true;
  if (effect.final_action == FinalAction::Destroy) effect.final_action.reset();
}

RuleEffect effect_of(const Rule& rule, const Facts& facts) {
  RuleEffect effect{.rule = rule.id,
                    .level = rule.level,
                    .event = rule.start,
                    .forever = !rule.duration,
                    .retains = rule.retains,
                    .final_action = rule.final_action};
  if (is_unanswered(rule, facts)) keep_in_doubt(effect);
  if (const auto start = start_in(facts, rule.start))
    effect.start = cut_off(*start, rule.cut_off, start_in(facts, std::string(DossierClosed)));
  if (effect.start && rule.duration) effect.end = *effect.start + *rule.duration;
  return effect;
}

// The events that its start is made of.
std::vector<std::string> events_of(const Rule& rule) {
  std::vector<std::string> events{rule.start};
  if (rule.cut_off.kind == CutOff::Kind::Dossier) events.emplace_back(DossierClosed);
  return events;
}

// What a destruction must not outrun counts for more.
int weight(FinalAction action) {
  switch (action) {
    case FinalAction::Keep: return 2;
    case FinalAction::Review: return 1;
    case FinalAction::Destroy: break;
  }
  return 0;
}

class Deciding {
 public:
  Deciding(const Facts& facts, std::span<const ActiveRule> rules) : facts_(facts) { take_rules(rules); }

  Decision run(const Terms& terms, CivilDate as_of) {
    decision_.holds = facts_.holds;
    find_keep();
    find_action();
    find_due();
    find_codes(as_of);
    find_proposal(terms);
    return std::move(decision_);
  }

 private:
  // Fallback rules count only where no explicit, scoped or default one does (R6). Where one perhaps does,
  // they retain, but destroy nothing.
  void take_rules(std::span<const ActiveRule> rules) {
    bool has_own = false, has_own_perhaps = false;
    for (const ActiveRule& active : rules) {
      if (active.rule.level == Level::Floor || active.rule.level == Level::Fallback) continue;
      if (!covers(active.rule, facts_)) continue;
      (is_unanswered(active.rule, facts_) ? has_own_perhaps : has_own) = true;
    }
    for (const ActiveRule& active : rules) {
      const bool is_fallback = active.rule.level == Level::Fallback;
      if (!covers(active.rule, facts_) || (is_fallback && has_own)) continue;
      RuleEffect effect = effect_of(active.rule, facts_);
      if (is_fallback && has_own_perhaps) keep_in_doubt(effect);
      decision_.rules.push_back(std::move(effect));
      applied_.push_back(&active);
    }
  }

  // R3: the latest end of all that retain. `forever` outlasts each, a start that is not known blocks.
  void find_keep() {
    for (const RuleEffect& effect : decision_.rules) {
      pending_ = pending_ || (!effect.start && !effect.forever);
      if (!effect.retains) continue;
      forever_ = forever_ || effect.forever;
      if (effect.end) keep_until_ = std::max(keep_until_.value_or(*effect.end), *effect.end);
    }
    for (RuleEffect& effect : decision_.rules)
      effect.decides_keep =
          effect.retains && (forever_ ? effect.forever : effect.end && effect.end == keep_until_);
    if (!forever_ && !pending_) decision_.keep_until = keep_until_;
  }

  // R7: what is said of the meeting itself overrides what it inherits; what one producer's rules say must
  // agree; with several, destruction is what all say.
  void find_action() {
    local_ = std::any_of(decision_.rules.begin(), decision_.rules.end(), [](const RuleEffect& effect) {
      return effect.level == Level::Explicit && effect.final_action;
    });
    const std::vector<std::string> nobody{""};
    const auto& producers = facts_.producers.empty() ? nobody : facts_.producers;
    std::optional<FinalAction> strongest;
    bool unsaid = false;
    for (const std::string& producer : producers) {
      const auto action = action_for(producer);
      unsaid = unsaid || !action;
      if (action && (!strongest || weight(*action) > weight(*strongest))) strongest = action;
    }
    if (!conflict_ && (!unsaid || strongest != FinalAction::Destroy)) decision_.action = strongest;
  }

  std::optional<FinalAction> action_for(const std::string& producer) {
    std::optional<FinalAction> action;
    for (std::size_t i = 0; i < applied_.size(); ++i) {
      const RuleEffect& effect = decision_.rules[i];
      const std::string& of = applied_[i]->rule.producer;
      if (!says_action(effect) || !(of.empty() || of == producer)) continue;
      conflict_ = conflict_ || (action && action != effect.final_action);
      action = effect.final_action;
    }
    return action;
  }

  bool says_action(const RuleEffect& effect) const {
    return effect.final_action && (effect.level == Level::Explicit) == local_;
  }

  // R5: of those that say the action the most specific level, and there the earliest end; never before the
  // last protected day is over (R4).
  void find_due() {
    if (!decision_.action || forever_ || pending_ || conflict_) return;
    const RuleEffect* first = nullptr;
    for (const RuleEffect& effect : decision_.rules) {
      if (!says_action(effect) || effect.final_action != decision_.action || !effect.end) continue;
      if (first == nullptr || effect.level < first->level ||
          (effect.level == first->level && *effect.end < *first->end))
        first = &effect;
    }
    if (first == nullptr) return;
    for (RuleEffect& effect : decision_.rules)
      effect.decides_action = says_action(effect) && effect.final_action == decision_.action &&
                              effect.level == first->level && effect.end == first->end;
    decision_.due_from = next_day(std::max(*first->end, decision_.keep_until.value_or(*first->end)));
  }

  void add(Code code, bool holds) {
    if (holds) decision_.codes.push_back(code);
  }

  void find_codes(CivilDate as_of) {
    const bool kept = keep_until_ && as_of <= *keep_until_;
    const bool runs = kept || (decision_.due_from && as_of < *decision_.due_from);
    const bool nothing_said = !forever_ && !pending_ && !conflict_ && !runs && !decision_.due_from;
    add(Code::OnHold, !facts_.holds.empty());
    add(Code::KeepForever, forever_);
    add(Code::PendingEvent, pending_);
    add(Code::KeepRule, runs && !forever_);
    add(Code::NoRule, decision_.rules.empty() || nothing_said);
    add(Code::ConflictFinalAction, conflict_);
    add(Code::HasChildren, facts_.children_to_keep > 0);
    add(Code::WormLocked, facts_.worm_until && as_of <= *facts_.worm_until);
    add(Code::ExportOpen, facts_.export_open);
    add(Code::InGrace, facts_.progress == Progress::InGrace);
    add(Code::Approved, facts_.progress == Progress::Approved);
    add(Code::Proposed, facts_.progress == Progress::Proposed);
    add(Code::Due, decision_.due_from && as_of >= *decision_.due_from);
    decision_.code = decision_.codes.front();
  }

  // R12: what was overdue when its rules came gets notice from that day on, and so does what became so by an
  // event: of any rule that applies, since an event may also end what kept longer. H8: the same where its
  // last hold went.
  void find_proposal(const Terms& terms) {
    if (!decision_.due_from) return;
    CivilDate from = *decision_.due_from;
    const auto give_notice = [&](CivilDate day) {
      if (*decision_.due_from < day) from = std::max(from, days_after(day, terms.notice_days));
    };
    for (std::size_t i = 0; i < applied_.size(); ++i)
      if (decision_.rules[i].decides_action || decision_.rules[i].decides_keep)
        give_notice(applied_[i]->since);
    for (const ActiveRule* active : applied_)
      for (const std::string& event : events_of(active->rule))
        if (const auto day = facts_.recorded.find(event); day != facts_.recorded.end())
          give_notice(day->second);
    if (facts_.last_release) give_notice(*facts_.last_release);
    decision_.propose_from = from;
  }

  const Facts& facts_;
  Decision decision_;
  std::vector<const ActiveRule*> applied_;  // as decision_.rules
  std::optional<CivilDate> keep_until_;
  bool forever_ = false, pending_ = false, conflict_ = false, local_ = false;
};

}  // namespace

std::string_view name_of(Code code) {
  switch (code) {
    case Code::OnHold: return "ON_HOLD";
    case Code::KeepForever: return "KEEP_FOREVER";
    case Code::PendingEvent: return "PENDING_EVENT";
    case Code::KeepRule: return "KEEP_RULE";
    case Code::NoRule: return "NO_RULE";
    case Code::ConflictFinalAction: return "CONFLICT_FINAL_ACTION";
    case Code::HasChildren: return "HAS_CHILDREN";
    case Code::WormLocked: return "WORM_LOCKED_UNTIL";
    case Code::ExportOpen: return "EXPORT_OPEN";
    case Code::InGrace: return "IN_GRACE";
    case Code::Approved: return "APPROVED";
    case Code::Proposed: return "PROPOSED";
    case Code::Due: break;
  }
  return "DUE";
}

bool Decision::proposable(CivilDate day) const { return disposable() && destroyable(day); }

bool Decision::destroyable(CivilDate day) const {
  const bool in_doubt =
      std::any_of(rules.begin(), rules.end(), [](const RuleEffect& effect) { return effect.in_doubt; });
  return !obstacle() && action == FinalAction::Destroy && due_from && *due_from <= day && propose_from &&
         *propose_from <= day && !in_doubt;
}

std::optional<Code> Decision::obstacle() const {
  for (const Code found : codes)
    if (found != Code::InGrace && found != Code::Approved && found != Code::Proposed && found != Code::Due)
      return found;
  return std::nullopt;
}

bool covers(const Rule& rule, const Facts& facts) {
  if (!rule.classes.empty() && !names(rule.classes, facts.record_class)) return false;
  if (!rule.producer.empty() && !names(facts.producers, rule.producer)) return false;
  return !rule.has_list() || facts.listed.contains(rule.id) || facts.unanswered.contains(rule.id);
}

bool is_unanswered(const Rule& rule, const Facts& facts) {
  return rule.has_list() && facts.unanswered.contains(rule.id) && !facts.listed.contains(rule.id);
}

std::optional<CivilDate> cut_off(CivilDate start, const CutOff& cut_off, std::optional<CivilDate> closed) {
  const auto end_of = [](std::chrono::year year, std::chrono::month_day day) {
    const CivilDate date = year / day;
    return date.ok() ? date : CivilDate(year / day.month() / std::chrono::last);  // 29 February
  };
  switch (cut_off.kind) {
    case CutOff::Kind::None: return start;
    case CutOff::Kind::Year: return CivilDate(start.year() / std::chrono::December / 31);
    case CutOff::Kind::FiscalYear: {
      const CivilDate end = end_of(start.year(), cut_off.fiscal_end);
      return start <= end ? end : end_of(start.year() + std::chrono::years(1), cut_off.fiscal_end);
    }
    case CutOff::Kind::Dossier: break;
  }
  return closed ? std::optional(std::max(start, *closed)) : std::nullopt;
}

Decision decide(const Facts& facts, std::span<const ActiveRule> rules, const Terms& terms, CivilDate as_of) {
  return Deciding(facts, rules).run(terms, as_of);
}

bool is_sooner(const Decision& before, const Decision& after) {
  const auto day = [](const Decision& decision) {
    return decision.action == FinalAction::Destroy ? decision.due_from : std::nullopt;
  };
  const auto now = day(after), then = day(before);
  return now && (!then || *now < *then);
}

}  // namespace greffe::retention
