// Random rules, events, holds and days against a second model that walks through the calendar day by day,
// written without a look at the first.
#include <gtest/gtest.h>

#include <random>

#include "retention/decision.h"
#include "retention/event.h"
#include "retention/hold.h"

namespace greffe::retention {
namespace {

// Days as the naive model counts them.
struct Day {
  int year, month, day;
  auto operator<=>(const Day&) const = default;
};
bool leaps(int year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }
int length_of(int year, int month) {
  constexpr std::array Lengths{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && leaps(year) ? 29 : Lengths.at(static_cast<std::size_t>(month - 1));
}
void step(Day& day) {
  if (++day.day <= length_of(day.year, day.month)) return;
  day.day = 1;
  if (++day.month <= 12) return;
  day.month = 1;
  ++day.year;
}
Day naive(CivilDate date) {
  return {int(date.year()), static_cast<int>(unsigned(date.month())), static_cast<int>(unsigned(date.day()))};
}
std::optional<Day> naive(std::optional<CivilDate> date) {
  return date ? std::optional(naive(*date)) : std::nullopt;
}

Day end_of(Day start, Period period) {
  for (int i = 0; i < period.months; ++i)
    if (++start.month > 12) start.month = 1, ++start.year;
  start.day = std::min(start.day, length_of(start.year, start.month));
  for (int i = 0; i < period.days; ++i) step(start);
  return start;
}

CivilDate date_of(WallTime time) {
  return std::chrono::sys_days(std::chrono::floor<std::chrono::days>(time.time_since_epoch()));
}
WallTime midnight(CivilDate date) { return parse_rfc3339(text_of(date) + "T00:00:00Z").value(); }

struct History {
  Facts facts;
  std::vector<Event> events;
  std::vector<HoldTerms> holds;
  std::vector<ActiveRule> rules;
  CivilDate as_of{};
};

class Dice {
 public:
  explicit Dice(unsigned seed) : engine_(seed) {}
  int below(int count) { return std::uniform_int_distribution<int>(0, count - 1)(engine_); }
  bool one_in(int count) { return below(count) == 0; }
  CivilDate day() {
    const int year = 2023 + below(4), month = 1 + below(12);
    const int last = length_of(year, month);
    return std::chrono::year(year) / month / (one_in(3) ? last : 1 + below(last));
  }

 private:
  std::mt19937 engine_;
};

constexpr std::array Types{MeetingEnded, DossierClosed, std::string_view("person_left")};

Rule random_rule(Dice& dice, int number) {
  Rule rule{.id = fmt::format("r{}", number), .level = static_cast<Level>(dice.below(5))};
  if (dice.one_in(3)) rule.classes = {dice.one_in(2) ? "council" : "court"};
  if (dice.one_in(5)) rule.producer = dice.one_in(2) ? "north" : "south";
  if (rule.level == Level::Explicit) rule.meetings = {"m"};
  if (rule.level == Level::Scoped) rule.query = "q";
  rule.retains = rule.level == Level::Floor || !dice.one_in(4);
  if (!rule.retains || !dice.one_in(12))
    rule.duration = Period{dice.below(20), dice.one_in(2) ? dice.below(60) : 0};
  if (rule.duration == Period{}) rule.duration->days = 1;
  rule.start = Types.at(static_cast<std::size_t>(dice.one_in(3) ? dice.below(3) : 0));
  if (dice.one_in(5)) rule.cut_off.kind = static_cast<CutOff::Kind>(dice.below(4));
  rule.cut_off.fiscal_end = std::chrono::month(1 + static_cast<unsigned>(dice.below(12))) /
                            std::chrono::day(1 + static_cast<unsigned>(dice.below(29)));
  if (!rule.retains)
    rule.final_action = FinalAction::Destroy;
  else if (rule.level != Level::Floor && !dice.one_in(4))
    rule.final_action = dice.one_in(2) ? static_cast<FinalAction>(dice.below(3)) : FinalAction::Destroy;
  if (!rule.duration && rule.final_action == FinalAction::Destroy) rule.final_action = FinalAction::Keep;
  return rule;
}

History random_history(unsigned seed) {
  Dice dice(seed);
  History history;
  history.facts.record_class = dice.one_in(2) ? "council" : "court";
  if (dice.one_in(3)) history.facts.producers = {"north"};
  if (dice.one_in(5)) history.facts.producers.push_back("south");
  const int rules = dice.below(5);
  for (int i = 0; i < rules; ++i) {
    history.rules.push_back({random_rule(dice, i), dice.day()});
    if (history.rules.back().rule.has_list() && !dice.one_in(3))
      history.facts.listed.insert(fmt::format("r{}", i));
  }
  const int events = dice.below(5);
  for (int i = 1; i <= events; ++i) {
    Event event{.number = i,
                .type = std::string(Types.at(static_cast<std::size_t>(dice.below(3)))),
                .effective = dice.day()};
    if (i > 1 && dice.one_in(3)) event.supersedes = 1 + dice.below(i - 1);
    event.withdrawn = event.supersedes && dice.one_in(3);
    event.recorded = midnight(dice.day());
    history.events.push_back(std::move(event));
  }
  const int holds = dice.one_in(3) ? 1 + dice.below(3) : 0;
  for (int i = 0; i < holds; ++i) {
    HoldTerms hold{.start = dice.day(), .auto_release = dice.one_in(2)};
    if (dice.one_in(2)) hold.end = dice.day();
    if (dice.one_in(2)) hold.released = dice.day();
    history.holds.push_back(hold);
  }
  if (dice.one_in(8)) history.facts.children_to_keep = 1;
  if (dice.one_in(4)) history.facts.worm_until = dice.day();
  history.facts.progress = dice.one_in(4) ? static_cast<Progress>(dice.below(4)) : Progress::None;
  history.as_of = dice.day();
  return history;
}

// What the naive model finds.
struct Expected {
  std::set<Code> codes;
  std::optional<Day> due, proposed;
  std::optional<FinalAction> action;
};

class NaiveModel {
 public:
  explicit NaiveModel(const History& history) : history_(history) {}

  Expected run() {
    replay_events();
    replay_holds();
    choose_rules();
    for (const Chosen& one : chosen_) {
      if (one.active->rule.duration && !one.start) expected_.codes.insert(Code::PendingEvent);
      if (!one.active->rule.duration) expected_.codes.insert(Code::KeepForever);
    }
    const bool blocked = !expected_.codes.empty();
    const bool conflict = find_action();
    if (conflict) expected_.codes.insert(Code::ConflictFinalAction);
    walk(blocked, conflict);
    add_obstacles();
    return expected_;
  }

 private:
  struct Chosen {
    const ActiveRule* active;
    std::optional<Day> start, end;
  };

  // In the order they were recorded, each wipes what it corrects.
  void replay_events() {
    std::map<std::int64_t, const Event*> standing;
    for (const Event& event : history_.events) {
      standing[event.number] = &event;
    }
    for (const Event& event : history_.events)
      if (event.supersedes) standing.erase(*event.supersedes);
    for (const auto& [number, event] : standing)
      if (!event->withdrawn) starts_[event->type] = naive(event->effective);
  }

  void replay_holds() {
    const Day today = naive(history_.as_of);
    for (const HoldTerms& hold : history_.holds) {
      const bool by_hand = hold.released && naive(*hold.released) <= today;
      const bool by_itself =
          hold.auto_release && hold.end && naive(*hold.end) < today && naive(hold.start) <= today;
      if (by_hand || by_itself) continue;
      if (naive(hold.start) <= today) expected_.codes.insert(Code::OnHold);
    }
    if (expected_.codes.contains(Code::OnHold)) {
      held_ = true;
      expected_.codes.clear();
    }
  }

  bool is_meant(const Rule& rule) const {
    const Facts& facts = history_.facts;
    bool meant = rule.classes.empty();
    for (const std::string& name : rule.classes) meant = meant || name == facts.record_class;
    bool produced = rule.producer.empty();
    for (const std::string& name : facts.producers) produced = produced || name == rule.producer;
    const bool has_list = rule.level == Level::Explicit || rule.level == Level::Scoped;
    return meant && produced && (!has_list || facts.listed.contains(rule.id));
  }

  void choose_rules() {
    for (const bool fallback : {false, true}) {
      bool others = false;
      for (const Chosen& one : chosen_) others = others || one.active->rule.level != Level::Floor;
      for (const ActiveRule& active : history_.rules) {
        if (!is_meant(active.rule) || (active.rule.level == Level::Fallback) != fallback) continue;
        if (fallback && others) continue;
        chosen_.push_back({&active, {}, {}});
      }
    }
    for (Chosen& one : chosen_) {
      const auto known = starts_.find(one.active->rule.start);
      if (known == starts_.end()) continue;
      one.start = rounded(known->second, one.active->rule.cut_off);
      if (one.start && one.active->rule.duration) one.end = end_of(*one.start, *one.active->rule.duration);
    }
  }

  // Walks on until the day ends what it shall end.
  std::optional<Day> rounded(Day day, const CutOff& cut_off) const {
    if (cut_off.kind == CutOff::Kind::None) return day;
    if (cut_off.kind == CutOff::Kind::Dossier) {
      const auto closed = starts_.find(std::string(DossierClosed));
      if (closed == starts_.end()) return std::nullopt;
      while (day < closed->second) step(day);
      return day;
    }
    int month = 12, last = 31;
    if (cut_off.kind == CutOff::Kind::FiscalYear) {
      month = static_cast<int>(unsigned(cut_off.fiscal_end.month()));
      last = static_cast<int>(unsigned(cut_off.fiscal_end.day()));
    }
    while (day.month != month || day.day != std::min(last, length_of(day.year, day.month))) step(day);
    return day;
  }

  bool speaks(const Chosen& one) const {
    bool own = false;
    for (const Chosen& other : chosen_)
      own = own || (other.active->rule.level == Level::Explicit && other.active->rule.final_action);
    return one.active->rule.final_action && (!own || one.active->rule.level == Level::Explicit);
  }

  bool find_action() {
    std::vector<std::string> producers = history_.facts.producers;
    if (producers.empty()) producers.emplace_back();
    std::set<FinalAction> all;
    bool silent = false, conflict = false;
    for (const std::string& producer : producers) {
      std::set<FinalAction> said;
      for (const Chosen& one : chosen_)
        if (speaks(one) && (one.active->rule.producer.empty() || one.active->rule.producer == producer))
          said.insert(*one.active->rule.final_action);
      conflict = conflict || said.size() > 1;
      silent = silent || said.empty();
      all.insert(said.begin(), said.end());
    }
    if (conflict || all.empty()) return conflict;
    if (all.contains(FinalAction::Keep))
      expected_.action = FinalAction::Keep;
    else if (all.contains(FinalAction::Review))
      expected_.action = FinalAction::Review;
    else if (!silent)
      expected_.action = FinalAction::Destroy;
    return false;
  }

  // From day to day: the first on which nothing protects and the rule that says so is over.
  void walk(bool blocked, bool conflict) {
    const Day today = naive(history_.as_of);
    std::optional<Day> said;
    for (const Level level : {Level::Explicit, Level::Scoped, Level::Default, Level::Fallback})
      for (const Chosen& one : chosen_)
        if (!said && expected_.action && speaks(one) && one.active->rule.level == level &&
            one.active->rule.final_action == expected_.action && one.end)
          said = earliest(level);
    bool protected_today = false;
    for (const Chosen& one : chosen_)
      protected_today = protected_today || (one.active->rule.retains && one.end && today <= *one.end);
    if (said && !blocked && !conflict) {
      for (Day day{2020, 1, 1};; step(day)) {
        bool free = day > *said;
        for (const Chosen& one : chosen_)
          free = free && !(one.active->rule.retains && one.end && day <= *one.end);
        if (!free) continue;
        expected_.due = day;
        break;
      }
    }
    const bool runs = protected_today || (expected_.due && today < *expected_.due);
    if (runs && !expected_.codes.contains(Code::KeepForever)) expected_.codes.insert(Code::KeepRule);
    if (expected_.due && today >= *expected_.due) expected_.codes.insert(Code::Due);
    if (chosen_.empty() || (!blocked && !conflict && !runs && !expected_.due))
      expected_.codes.insert(Code::NoRule);
  }

  std::optional<Day> earliest(Level level) const {
    std::optional<Day> first;
    for (const Chosen& one : chosen_)
      if (speaks(one) && one.active->rule.level == level &&
          one.active->rule.final_action == expected_.action && one.end && (!first || *one.end < *first))
        first = one.end;
    return first;
  }

  void add_obstacles() {
    const Facts& facts = history_.facts;
    if (held_) expected_.codes.insert(Code::OnHold);
    if (facts.children_to_keep > 0) expected_.codes.insert(Code::HasChildren);
    if (facts.worm_until && naive(history_.as_of) <= naive(*facts.worm_until))
      expected_.codes.insert(Code::WormLocked);
    if (facts.progress == Progress::InGrace) expected_.codes.insert(Code::InGrace);
    if (facts.progress == Progress::Approved) expected_.codes.insert(Code::Approved);
    if (facts.progress == Progress::Proposed) expected_.codes.insert(Code::Proposed);
  }

  const History& history_;
  Expected expected_;
  std::map<std::string, Day> starts_;
  std::vector<Chosen> chosen_;
  bool held_ = false;
};

Facts facts_of(const History& history) {
  Facts facts = history.facts;
  facts.starts = starts_of(history.events);
  std::vector<Event> events = history.events;
  for (const Event& event : history.events)
    if (event.supersedes) {
      WallTime& recorded = events[static_cast<std::size_t>(*event.supersedes) - 1].recorded;
      recorded = std::max(recorded, event.recorded);
    }
  for (const auto& [type, recorded] : recorded_of(events)) facts.recorded[type] = date_of(recorded);
  for (std::size_t i = 0; i < history.holds.size(); ++i) {
    const HoldTerms& hold = history.holds[i];
    if (binds(state_of(hold, history.as_of))) facts.holds.push_back(fmt::format("h{}", i));
    if (const auto ended = ended_on(hold, history.as_of))
      facts.last_release = std::max(facts.last_release.value_or(*ended), *ended);
  }
  return facts;
}

// The last day on which somebody said something of an event the rule counts from.
Day last_word(const History& history, const Rule& rule) {
  Day last{0, 1, 1};
  for (const Event& event : history.events) {
    std::set<std::string> types{event.type};
    for (const Event& other : history.events)
      if (event.supersedes == other.number) types.insert(other.type);
    const bool counts = types.contains(rule.start) ||
                        (rule.cut_off.kind == CutOff::Kind::Dossier && types.contains("dossier_closed"));
    if (counts) last = std::max(last, naive(date_of(event.recorded)));
  }
  return last;
}

// Notice: never before the day it is due, and thirty days after whatever came later than that.
void check_notice(const History& history, const Facts& facts, const Decision& decision) {
  if (!decision.due_from) {
    EXPECT_FALSE(decision.propose_from);
    return;
  }
  Day latest{0, 1, 1};
  for (const RuleEffect& effect : decision.rules)
    for (const ActiveRule& active : history.rules)
      if (active.rule.id == effect.rule && (effect.decides_action || effect.decides_keep))
        latest = std::max(latest, naive(active.since));
  for (const RuleEffect& effect : decision.rules)
    for (const ActiveRule& active : history.rules)
      if (active.rule.id == effect.rule) latest = std::max(latest, last_word(history, active.rule));
  if (facts.last_release) latest = std::max(latest, naive(*facts.last_release));
  Day wanted = naive(*decision.due_from);
  if (wanted < latest) {
    for (int i = 0; i < 30; ++i) step(latest);
    wanted = latest;
  }
  EXPECT_EQ(naive(decision.propose_from), wanted);
}

// Sanitizers take a sample.
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define GREFFE_SAMPLE_HISTORIES
#endif
#endif
#ifdef GREFFE_SAMPLE_HISTORIES
constexpr unsigned Histories = 10'000;
#else
constexpr unsigned Histories = 100'000;
#endif

TEST(RetentionModel, R3_R4_R5_R6_R7_R12_H2_H8_E2_RandomHistoriesAgree) {
  std::map<Code, int> seen;
  for (unsigned seed = 0; seed < Histories; ++seed) {
    const History history = random_history(seed);
    const Facts facts = facts_of(history);
    const Decision decision = decide(facts, history.rules, {}, history.as_of);
    const Expected expected = NaiveModel(history).run();
    SCOPED_TRACE(fmt::format("history {}", seed));
    EXPECT_EQ(std::set<Code>(decision.codes.begin(), decision.codes.end()), expected.codes);
    EXPECT_EQ(decision.code, *expected.codes.begin());
    EXPECT_EQ(naive(decision.due_from), expected.due);
    EXPECT_EQ(decision.action, expected.action);
    check_notice(history, facts, decision);
    ++seen[decision.code];
    if (testing::Test::HasFailure()) return;
  }
  // The dice reach all of it.
  for (const Code code : {Code::OnHold, Code::KeepForever, Code::PendingEvent, Code::KeepRule, Code::NoRule,
                          Code::ConflictFinalAction, Code::HasChildren, Code::WormLocked, Code::Due})
    EXPECT_GT(seen[code], static_cast<int>(Histories / 1000)) << name_of(code);
}

// Every set of answers that the rules which cannot be asked might have given.
std::vector<std::set<std::string>> answers_to(const std::set<std::string>& unanswered) {
  std::vector<std::set<std::string>> answers{{}};
  for (const std::string& rule : unanswered)
    for (std::size_t i = answers.size(); i-- > 0;) {
      answers.push_back(answers[i]);
      answers.back().insert(rule);
    }
  return answers;
}

TEST(RetentionModel, H5_NothingGoesThatOneAnswerWouldKeep) {
  int doubtful = 0, gone = 0;
  for (unsigned seed = 0; seed < Histories; ++seed) {
    History history = random_history(seed);
    Facts facts = facts_of(history);
    for (const ActiveRule& active : history.rules)
      if (active.rule.level == Level::Scoped) facts.unanswered.insert(active.rule.id);
    if (facts.unanswered.empty()) continue;
    ++doubtful;
    facts.listed.clear();
    for (const ActiveRule& active : history.rules)
      if (active.rule.level == Level::Explicit && history.facts.listed.contains(active.rule.id))
        facts.listed.insert(active.rule.id);
    const std::set<std::string> sure = facts.listed;
    const Decision decision = decide(facts, history.rules, {}, history.as_of);
    if (decision.action != FinalAction::Destroy || !decision.due_from) continue;
    SCOPED_TRACE(fmt::format("history {}", seed));
    for (const auto& answer : answers_to(facts.unanswered)) {
      history.facts.listed = sure;
      history.facts.listed.insert(answer.begin(), answer.end());
      const Expected expected = NaiveModel(history).run();
      EXPECT_EQ(expected.action, FinalAction::Destroy);
      ASSERT_TRUE(expected.due);
      EXPECT_LE(*expected.due, naive(*decision.due_from));
    }
    ++gone;
    if (testing::Test::HasFailure()) return;
  }
  EXPECT_GT(doubtful, static_cast<int>(Histories / 10));
  EXPECT_GT(gone, static_cast<int>(Histories / 1000));
}

}  // namespace
}  // namespace greffe::retention
