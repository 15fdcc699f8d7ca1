#include "retention/rule.h"

#include <algorithm>
#include <array>
#include <set>

namespace greffe::retention {
namespace {

constexpr std::array LevelNames{std::pair{Level::Floor, "floor"}, std::pair{Level::Explicit, "explicit"},
                                std::pair{Level::Scoped, "scoped"}, std::pair{Level::Default, "default"},
                                std::pair{Level::Fallback, "fallback"}};
constexpr std::array ActionNames{std::pair{FinalAction::Keep, "keep"},
                                 std::pair{FinalAction::Destroy, "destroy"},
                                 std::pair{FinalAction::Review, "review"}};

template <class Names, class Value>
std::string_view name_in(const Names& names, Value value) {
  for (const auto& [known, name] : names)
    if (known == value) return name;
  return "";
}

template <class Names>
auto find_in(const Names& names, std::string_view name) {
  using Value = std::decay_t<decltype(names.front().first)>;
  for (const auto& [known, text] : names)
    if (text == name) return std::optional<Value>(known);
  return std::optional<Value>();
}

// Empty means all.
bool takes_all_of(const std::vector<std::string>& wide, const std::vector<std::string>& narrow) {
  if (wide.empty()) return true;
  return !narrow.empty() && std::all_of(narrow.begin(), narrow.end(), [&](const std::string& name) {
    return std::find(wide.begin(), wide.end(), name) != wide.end();
  });
}

// From whatever day: not shorter in months nor in days.
bool is_at_least(const std::optional<Period>& a, const std::optional<Period>& b) {
  if (!a) return true;
  return b && a->months >= b->months && a->days >= b->days;
}

class RuleCheck {
 public:
  RuleCheck(const Rule& rule, std::string place, std::vector<Mistake>& mistakes)
      : rule_(rule), place_(std::move(place)), mistakes_(mistakes) {}

  void run() {
    check_scope();
    check_duration();
    check_action();
    check_grace();
  }

 private:
  void refuse(std::string_view field, std::string text) {
    mistakes_.push_back({fmt::format("{}.{}", place_, field), std::move(text)});
  }

  void check_scope() {
    if (rule_.level == Level::Explicit && rule_.meetings.empty())
      refuse("meetings", "an explicit rule names its meetings");
    if (rule_.level != Level::Explicit && !rule_.meetings.empty())
      refuse("meetings", "only an explicit rule names meetings");
    if (rule_.level == Level::Scoped && rule_.query.empty()) refuse("query", "a scoped rule has a query");
    if ((rule_.level == Level::Explicit || rule_.level == Level::Fallback) && !rule_.query.empty())
      refuse("query", fmt::format("a rule of level {} has no query", name_of(rule_.level)));
    if (rule_.start.empty()) refuse("start", "the name of an event, for example meeting_ended");
  }

  void check_duration() {
    const bool is_zero = rule_.duration && *rule_.duration == Period{};
    if (is_zero && !rule_.ingested_in_error)
      refuse("duration", "zero is only for what was ingested in error (\"ingested_in_error\": true)");
    if (rule_.ingested_in_error && rule_.approvers < 2)
      refuse("approvers", "what was ingested in error needs a second approver");
    if (!rule_.duration && !rule_.retains) refuse("duration", "a rule that only deletes ends some day");
  }

  void check_action() {
    if (rule_.level == Level::Floor && rule_.final_action)
      refuse("final_action", "a floor says how long at least, not what follows");
    if (rule_.level == Level::Floor && !rule_.retains) refuse("retains", "a floor retains");
    if (!rule_.retains && rule_.final_action != FinalAction::Destroy)
      refuse("final_action", "a rule that does not retain deletes: \"destroy\"");
    if (!rule_.duration && rule_.final_action == FinalAction::Destroy)
      refuse("final_action", "what is kept forever is not destroyed");
    if (rule_.approvers < 1) refuse("approvers", "at least one");
  }

  // D6: what a whole class never needs back may go at once; nobody decides that of one meeting.
  void check_grace() {
    if (!rule_.grace_days) return;
    if (*rule_.grace_days < 0 || *rule_.grace_days > MostGraceDays)
      refuse("grace_days", fmt::format("expected a whole number from 0 to {}", MostGraceDays));
    else if (*rule_.grace_days == 0 && rule_.classes.empty())
      refuse("grace_days", "no grace is only for classes that the rule names");
  }

  const Rule& rule_;
  std::string place_;
  std::vector<Mistake>& mistakes_;
};

std::vector<Mistake> loosened_rule(const std::string& place, const Rule& old, const Rule& now) {
  std::vector<Mistake> mistakes;
  const auto note = [&](std::string_view field, std::string text) {
    mistakes.push_back({fmt::format("{}.{}", place, field), std::move(text)});
  };
  if (now.level != old.level) note("level", "a locked rule keeps its level");
  if (!takes_all_of(now.classes, old.classes)) note("classes", "it covers fewer classes than before");
  if (now.level == Level::Explicit && !takes_all_of(now.meetings, old.meetings))
    note("meetings", "it covers fewer meetings than before");
  if (now.query != old.query && !now.query.empty()) note("query", "a locked query may only be dropped");
  if (now.producer != old.producer && !now.producer.empty()) note("producer", "it covers fewer producers");
  if (old.retains && !now.retains) note("retains", "it no longer retains");
  if (!is_at_least(now.duration, old.duration)) note("duration", "it may only become longer");
  if (now.start != old.start) note("start", "a locked rule keeps its start");
  if (now.cut_off != old.cut_off) note("cut_off", "a locked rule keeps its cut-off");
  if (now.final_action != old.final_action && now.final_action == FinalAction::Destroy)
    note("final_action", "it destroys now");
  // What keeps or reviews stands in the way of other rules that destroy (R7).
  if (old.final_action && old.final_action != FinalAction::Destroy && !now.final_action)
    note("final_action", fmt::format("it no longer says \"{}\"", name_of(*old.final_action)));
  if (now.approvers < old.approvers) note("approvers", "fewer than before");
  if (old.signed_approval && !now.signed_approval) note("signed_approval", "approvals are no longer signed");
  if (now.ingested_in_error && !old.ingested_in_error) note("ingested_in_error", "it was not before");
  return mistakes;
}

// Displaces fallback rules where it applies (R6).
bool is_own(const Rule& rule) { return rule.level != Level::Floor && rule.level != Level::Fallback; }

bool covers_class(const Rule& rule, const std::string& name) {
  return rule.classes.empty() ||
         std::find(rule.classes.begin(), rule.classes.end(), name) != rule.classes.end();
}

// True where no fallback rule of `locked` applies to any meeting of the class; empty: one that no rule names.
bool is_displaced(const std::vector<Rule>& locked, const std::string& name) {
  return std::any_of(locked.begin(), locked.end(), [&](const Rule& rule) {
    return is_own(rule) && !rule.has_list() && rule.producer.empty() && covers_class(rule, name);
  });
}

// Classes of which `now` covers meetings that `old`, if any, does not; one of the name "" stands for all that
// no rule names.
std::vector<std::string> gained_classes(const Rule* old, const Rule& now) {
  std::vector<std::string> gained = now.classes;
  if (gained.empty()) gained.emplace_back();
  const bool same_meetings = old != nullptr && now.query == old->query && now.producer == old->producer &&
                             takes_all_of(old->meetings, now.meetings);
  if (same_meetings) std::erase_if(gained, [&](const std::string& name) { return covers_class(*old, name); });
  return gained;
}

bool protects_as(const Rule& now, const Rule& fallback) {
  if (now.final_action == FinalAction::Destroy && fallback.final_action != FinalAction::Destroy) return false;
  if (!fallback.retains) return true;
  return now.retains && is_at_least(now.duration, fallback.duration) &&
         (!now.duration || (now.start == fallback.start && now.cut_off == fallback.cut_off));
}

// The fallback rule of `locked` that keeps better what `now` takes from it; nullptr: none.
const Rule* find_taken_from(const std::vector<Rule>& locked, const Rule* old, const Rule& now) {
  if (!is_own(now)) return nullptr;
  const std::vector<std::string> gained = gained_classes(old, now);
  for (const Rule& fallback : locked) {
    if (fallback.level != Level::Fallback || protects_as(now, fallback)) continue;
    const auto takes = [&](const std::string& name) {
      return covers_class(fallback, name) && !is_displaced(locked, name);
    };
    const bool takes_all = std::find(gained.begin(), gained.end(), "") != gained.end();
    if (std::any_of(gained.begin(), gained.end(), takes) ||
        (takes_all && std::any_of(fallback.classes.begin(), fallback.classes.end(), takes)))
      return &fallback;
  }
  return nullptr;
}

}  // namespace

std::string_view name_of(Level level) { return name_in(LevelNames, level); }
std::string_view name_of(FinalAction action) { return name_in(ActionNames, action); }
std::optional<Level> find_level(std::string_view name) { return find_in(LevelNames, name); }
std::optional<FinalAction> find_final_action(std::string_view name) { return find_in(ActionNames, name); }

std::vector<Mistake> mistakes_in(const std::vector<Rule>& rules) {
  std::vector<Mistake> mistakes;
  std::set<std::string> ids;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const std::string place = fmt::format("rules[{}]", i);
    if (rules[i].id.empty())
      mistakes.push_back({place + ".id", "a rule has a name of its own"});
    else if (!ids.insert(rules[i].id).second)
      mistakes.push_back({place + ".id", fmt::format("\"{}\" is the name of another rule", rules[i].id)});
    RuleCheck(rules[i], place, mistakes).run();
  }
  return mistakes;
}

std::vector<Mistake> loosened(const std::vector<Rule>& locked, const std::vector<Rule>& next) {
  std::vector<Mistake> mistakes;
  const auto find = [](const std::vector<Rule>& rules, const std::string& id) {
    return std::find_if(rules.begin(), rules.end(), [&](const Rule& rule) { return rule.id == id; });
  };
  for (const Rule& old : locked) {
    const auto now = find(next, old.id);
    if (now == next.end()) {
      mistakes.push_back({"rules", fmt::format("the locked rule \"{}\" is gone", old.id)});
      continue;
    }
    const auto found = loosened_rule(fmt::format("rules[{}]", now - next.begin()), old, *now);
    mistakes.insert(mistakes.end(), found.begin(), found.end());
  }
  for (std::size_t i = 0; i < next.size(); ++i) {
    const auto before = find(locked, next[i].id);
    const Rule* old = before == locked.end() ? nullptr : &*before;
    if (old == nullptr && next[i].final_action == FinalAction::Destroy)
      mistakes.push_back(
          {fmt::format("rules[{}].final_action", i), "a new rule of a locked policy destroys nothing"});
    else if (const Rule* kept = find_taken_from(locked, old, next[i]))
      mistakes.push_back(
          {fmt::format("rules[{}]", i),
           fmt::format("it takes meetings from the locked rule \"{}\", which keeps them longer "
                       "or does not destroy",
                       kept->id)});
  }
  return mistakes;
}

}  // namespace greffe::retention
