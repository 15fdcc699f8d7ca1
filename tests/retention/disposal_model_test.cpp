// Random lives of one meeting between lists, visas, holds, trash and passing days: a small executor that asks
// only retention::decide, state_of, was_held and purge_from what it may do, against a second model that walks
// day by day with plain numbers and flags, written without a look at the first. Nothing is destroyed that is
// held, not approved or not yet due, and what may be done is done.
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "retention/decision.h"
#include "retention/disposal.h"

#if defined(__SANITIZE_ADDRESS__)
#define GREFFE_SAMPLE_OF_LIVES
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define GREFFE_SAMPLE_OF_LIVES
#endif
#endif

namespace greffe::retention {
namespace {
namespace disposal_model {

#ifdef GREFFE_SAMPLE_OF_LIVES
constexpr unsigned Lives = 10'000;
#else
constexpr unsigned Lives = 40'000;
#endif
constexpr int Notice = 7;

constexpr std::array<const char*, 4> People{"marie", "louise", "paul", "anne"};
constexpr std::array<const char*, 3> Keys{"", "k", "l"};

class Dice {
 public:
  explicit Dice(unsigned seed) : engine_(seed) {}
  int below(int count) { return std::uniform_int_distribution<int>(0, count - 1)(engine_); }
  bool one_in(int count) { return below(count) == 0; }

 private:
  std::mt19937 engine_;
};

// What is done, in numbers alone: days are counted from the first, people and keys from nought.
struct Terms {
  int approvers = 1;
  bool is_signed = false;
  int grace = 30;
  int proposers_key = 0;
};
struct Word {
  int person = 0, key = 0;
  Verdict verdict = Verdict::Accept;
  int valid_until = 0, until = 0;
};
struct HoldOrder {
  int start = 0, end = -1;
  bool auto_release = false;
};

// ---- The executor: what flow does, by what retention says.

class Executor {
 public:
  Executor(int ended, int duration) : ended_(ended) { add_rule(duration, 0, false); }

  void add_rule(int days, int today, bool is_floor) {
    Rule rule{.id = fmt::format("r{}", rules_.size()),
              .level = is_floor ? Level::Floor : Level::Default,
              .duration = Period{0, days}};
    if (!is_floor) rule.final_action = FinalAction::Destroy;
    rules_.push_back({rule, date(today)});
  }

  bool propose(int person, bool named, const Terms& terms, int today) {
    if (!exists_ || in_trash_ || !decided(today).proposable(date(today))) return false;
    for (std::size_t i = 0; i < lists_.size(); ++i) {
      const LineHistory history = history_of(i, today);
      if (named && state_of(lists_[i].terms, history, date(today)) == LineState::Refused) continue;
      const auto again = proposable_again(lists_[i].terms, history, date(today));
      if (!again || date(today) < *again) return false;
    }
    List list{.terms = {.approvers = terms.approvers,
                        .signed_approval = terms.is_signed,
                        .grace_days = terms.grace},
              .history = {},
              .proposers_key = terms.proposers_key,
              .holds_before = holds_.size()};
    list.history.proposed = date(today);
    list.history.proposer = People.at(static_cast<std::size_t>(person));
    lists_.push_back(list);
    return true;
  }

  void say(const Word& word, int today) {
    LineVisa visa{.person = People.at(static_cast<std::size_t>(word.person)),
                  .key = Keys.at(static_cast<std::size_t>(word.key)),
                  .with_proposers_key = word.key > 0 && word.key == lists_.back().proposers_key,
                  .verdict = word.verdict,
                  .given = date(today),
                  .valid_until = date(word.valid_until),
                  .deferred_until = {}};
    if (word.verdict == Verdict::Defer) visa.deferred_until = date(word.until);
    lists_.back().history.visas.push_back(visa);
  }

  void place(const HoldOrder& order, int today) {
    Coverage coverage{.terms = {.start = date(order.start),
                                .end = {},
                                .auto_release = order.auto_release,
                                .review_on = {},
                                .released = {}},
                      .since = date(today),
                      .after_list = false};
    if (order.end >= 0) coverage.terms.end = date(order.end);
    holds_.push_back(coverage);
  }
  void release(std::size_t hold, int today) { holds_[hold].terms.released = date(today); }

  // H6: what a hold covers comes back from the trash.
  void sweep(int today) {
    if (in_trash_ && state(lists_.size() - 1, today) == LineState::Cancelled) restore();
  }

  bool trash(int today) {
    if (!exists_ || in_trash_ || state(lists_.size() - 1, today) != LineState::Approved) return false;
    if (!decided(today).disposable()) return false;
    lists_.back().history.trashed = date(today);
    return in_trash_ = true;
  }

  bool restore() {
    if (!in_trash_) return false;
    lists_.back().history.restored = true;
    in_trash_ = false;
    return true;
  }

  bool purge(int today) {
    if (!in_trash_ || state(lists_.size() - 1, today) != LineState::InGrace) return false;
    const List& list = lists_.back();
    if (date(today) < purge_from(list.terms, *list.history.trashed) || !decided(today).disposable())
      return false;
    lists_.back().history.destroyed = true;
    exists_ = in_trash_ = false;
    return true;
  }

  LineState state(std::size_t list, int today) const {
    return state_of(lists_[list].terms, history_of(list, today), date(today));
  }
  std::size_t lists() const { return lists_.size(); }

 private:
  struct List {
    LineTerms terms;
    LineHistory history;
    int proposers_key = 0;
    std::size_t holds_before = 0;  // how many had been placed when it was made
  };

  static CivilDate date(int day) {
    static const std::chrono::sys_days First = std::chrono::sys_days(parse_date("2026-01-01").value());
    return First + std::chrono::days(day);
  }

  LineHistory history_of(std::size_t number, int today) const {
    LineHistory history = lists_[number].history;
    std::vector<Coverage> coverages = holds_;
    for (std::size_t i = lists_[number].holds_before; i < coverages.size(); ++i)
      coverages[i].after_list = true;
    history.held = was_held(coverages, history.proposed, date(today));
    return history;
  }

  Decision decided(int today) const {
    Facts facts;
    facts.starts[std::string(MeetingEnded)] = date(ended_);
    for (const Coverage& coverage : holds_) {
      if (binds(state_of(coverage.terms, date(today)))) facts.holds.emplace_back("h");
      // One that was released before it began has covered nothing.
      const auto ended = ended_on(coverage.terms, date(today));
      if (ended && coverage.terms.start <= *ended)
        facts.last_release = std::max(facts.last_release.value_or(*ended), *ended);
    }
    return decide(facts, rules_, {.notice_days = Notice}, date(today));
  }

  int ended_;
  std::vector<ActiveRule> rules_;
  std::vector<List> lists_;
  std::vector<Coverage> holds_;
  bool exists_ = true, in_trash_ = false;
};

// ---- The naive model.

class Naive {
 public:
  Naive(int ended, int duration) : ended_(ended) { spans_ = {{duration, 0}}; }

  void pass_day() {
    ++today_;
    look();
  }
  void add_span(int days) { spans_.push_back({days, today_}); }

  bool may_propose(bool named) const {
    if (gone_ || in_trash_ || bound() || today_ < first_day()) return false;
    // Notice: of rules that came and holds that went when it was due already.
    for (const Span& span : spans_)
      if (first_day() < span.since && decides(span) && today_ < span.since + Notice) return false;
    for (const Held& hold : holds_)
      if (hold.went >= 0 && first_day() < hold.went && today_ < hold.went + Notice) return false;
    for (std::size_t i = 0; i < lists_.size(); ++i) {
      const std::string name = state(i);
      if (name == "proposed" || name == "approved" || name == "in-grace" || name == "destroyed") return false;
      if (name == "refused" && !named) return false;
      if (name == "cancelled" && lists_[i].trashed >= 0) return false;
      if (name == "deferred" || name == "cancelled")
        for (const auto& [person, word] : lists_[i].words)
          if (word.word.verdict == Verdict::Defer && today_ < word.word.until) return false;
    }
    return true;
  }
  void propose(int person, const Terms& terms) {
    lists_.push_back({.terms = terms, .proposer = person, .made = today_});
    look();
  }

  void say(const Word& word) {
    List& list = lists_.back();
    if (word.verdict == Verdict::Refuse) list.refused = true;
    // Of a shared account each key is somebody.
    const int who = word.person == list.proposer ? 100 + word.key : word.person;
    list.words[who] = {word, today_};
  }

  void place(const HoldOrder& order) {
    holds_.push_back({.order = order});
    look();
  }
  bool is_released(std::size_t hold) const { return holds_[hold].released; }
  void release(std::size_t hold) {
    Held& held = holds_[hold];
    if (held.went < 0 && today_ >= held.order.start) held.went = today_;
    held.released = true;
  }
  std::size_t holds() const { return holds_.size(); }

  bool may_trash() const {
    return !gone_ && !in_trash_ && !bound() && today_ >= first_day() && newest() == "approved";
  }
  void trash() {
    in_trash_ = true;
    lists_.back().trashed = today_;
  }
  bool may_restore() const { return in_trash_; }
  void restore() {
    in_trash_ = false;
    lists_.back().restored = true;
  }
  bool must_come_back() const { return in_trash_ && newest() == "cancelled"; }
  bool may_purge() const {
    return in_trash_ && !bound() && today_ >= first_day() && newest() == "in-grace" &&
           (lists_.back().terms.grace == 0 || today_ - lists_.back().trashed > lists_.back().terms.grace);
  }
  void purge() {
    gone_ = true;
    in_trash_ = false;
    lists_.back().destroyed = true;
  }

  bool bound() const {
    for (const Held& hold : holds_)
      if (!hold.released && today_ >= hold.order.start && !over(hold)) return true;
    return false;
  }

  std::string state(std::size_t number) const {
    const List& list = lists_[number];
    if (list.destroyed) return "destroyed";
    if (list.restored) return "restored";
    if (list.refused) return "refused";
    if (list.cancelled) return "cancelled";
    if (list.trashed >= 0) return "in-grace";
    for (const auto& [person, word] : list.words)
      if (word.word.verdict == Verdict::Defer) return "deferred";
    if (heads(list, true) >= list.terms.approvers) return "approved";
    if (heads(list, false) >= list.terms.approvers || today_ - list.made > 180) return "expired";
    return "proposed";
  }

 private:
  struct Span {
    int days, since;
  };
  struct Said {
    Word word;
    int given = 0;
  };
  struct List {
    Terms terms;
    int proposer = 0, made = 0;
    std::map<int, Said> words = {};
    bool refused = false, cancelled = false, restored = false, destroyed = false;
    int trashed = -1;
  };
  struct Held {
    HoldOrder order;
    bool released = false;
    int went = -1;  // the day it bound no more, after it had
  };

  bool over(const Held& hold) const {
    return hold.order.auto_release && hold.order.end >= 0 && today_ > hold.order.end;
  }

  // What is bound now was bound while each list there is was there.
  void look() {
    for (Held& hold : holds_)
      if (!hold.released && hold.went < 0 && over(hold) && hold.order.end >= hold.order.start)
        hold.went = hold.order.end + 1;
    if (bound())
      for (List& list : lists_) list.cancelled = true;
  }

  int first_day() const {
    int day = 0;
    for (const Span& span : spans_) day = std::max(day, ended_ + span.days + 1);
    return day;
  }
  // A rule that neither keeps longest nor destroys gives no notice. The first one destroys.
  bool decides(const Span& span) const {
    return &span == &spans_.front() || ended_ + span.days + 1 == first_day();
  }

  // How many different heads have accepted: unsigned ones by name, signed ones by key.
  int heads(const List& list, bool valid_today) const {
    int count = 0;
    std::array<bool, Keys.size()> seen{};
    for (const auto& [person, said] : list.words) {
      if (said.word.verdict != Verdict::Accept) continue;
      if (said.word.person == list.proposer && !list.terms.is_signed) continue;
      if (list.terms.is_signed && said.word.key == 0) continue;
      if (said.word.key != 0 && said.word.key == list.terms.proposers_key) continue;
      if (said.given - list.made > 180) continue;
      if (valid_today && today_ > said.word.valid_until) continue;
      bool& key_seen = seen.at(static_cast<std::size_t>(said.word.key));
      if (said.word.key == 0 || !key_seen) ++count;
      key_seen = true;
    }
    return count;
  }
  std::string newest() const { return lists_.empty() ? "" : state(lists_.size() - 1); }

  int today_ = 0;
  int ended_;
  std::vector<Span> spans_;
  std::vector<List> lists_;
  std::vector<Held> holds_;
  bool gone_ = false, in_trash_ = false;
};

// ---- One life.

class Life {
 public:
  explicit Life(unsigned seed)
      : dice_(seed),
        ended_(dice_.below(10)),
        duration_(1 + dice_.below(40)),
        executor_(ended_, duration_),
        naive_(ended_, duration_) {}

  void live(std::map<std::string, int>& seen) {
    for (int moment = 8 + dice_.below(25); moment-- > 0 && !testing::Test::HasFailure();) {
      pass(dice_.one_in(3) ? 0 : dice_.one_in(15) ? 150 + dice_.below(60) : 1 + dice_.below(12));
      act();
      agree();
    }
    for (std::size_t i = 0; i < executor_.lists(); ++i)
      ++seen[std::string(name_of(executor_.state(i, today_)))];
  }

 private:
  void pass(int days) {
    for (; days-- > 0 && !testing::Test::HasFailure(); ++today_) {
      executor_.sweep(today_ + 1);
      naive_.pass_day();
      if (naive_.must_come_back()) naive_.restore();
      agree_on(today_ + 1);
    }
  }
  void agree() { agree_on(today_); }
  void agree_on(int day) {
    for (std::size_t i = 0; i < executor_.lists(); ++i)
      ASSERT_EQ(name_of(executor_.state(i, day)), naive_.state(i)) << "list " << i << ", day " << day;
  }

  void act() {
    switch (dice_.below(12)) {
      case 0:
      case 1: return propose();
      case 2:
      case 3:
      case 4: return say();
      case 5: return place();
      case 6: return release();
      case 7:
      case 8: return trash();
      case 9: return restore();
      case 10: return purge();
      default: return prolong();
    }
  }

  void propose() {
    const int person = dice_.below(static_cast<int>(People.size()));
    const bool named = dice_.one_in(4);
    const Terms terms{.approvers = 1 + (dice_.one_in(3) ? 1 : 0),
                      .is_signed = dice_.one_in(3),
                      .grace = std::array{0, 1, 5, 30}.at(static_cast<std::size_t>(dice_.below(4))),
                      .proposers_key = dice_.below(static_cast<int>(Keys.size()))};
    const bool may = naive_.may_propose(named);
    ASSERT_EQ(executor_.propose(person, named, terms, today_), may) << "propose, day " << today_;
    if (may) naive_.propose(person, terms);
  }

  void say() {
    if (executor_.lists() == 0) return;
    const Word word{.person = dice_.below(static_cast<int>(People.size())),
                    .key = dice_.below(static_cast<int>(Keys.size())),
                    .verdict = dice_.one_in(12)   ? Verdict::Refuse
                               : dice_.one_in(10) ? Verdict::Defer
                                                  : Verdict::Accept,
                    .valid_until = today_ + (dice_.one_in(2) ? VisaDays : dice_.below(20)),
                    .until = today_ + dice_.below(60)};
    executor_.say(word, today_);
    naive_.say(word);
  }

  void place() {
    if (!dice_.one_in(3)) return;
    HoldOrder order{.start = dice_.one_in(2) ? today_ : std::max(0, today_ + dice_.below(30) - 10)};
    if (dice_.one_in(2)) order.end = order.start + dice_.below(20);
    order.auto_release = order.end >= 0 && dice_.one_in(2);
    executor_.place(order, today_);
    naive_.place(order);
    sweep();
    if (dice_.one_in(6)) release();  // within the same day
  }

  void release() {
    if (naive_.holds() == 0) return;
    const auto hold = static_cast<std::size_t>(dice_.below(static_cast<int>(naive_.holds())));
    if (naive_.is_released(hold)) return;
    executor_.release(hold, today_);
    naive_.release(hold);
    sweep();
  }

  void trash() {
    if (executor_.lists() == 0) return;
    const bool may = naive_.may_trash();
    ASSERT_EQ(executor_.trash(today_), may) << "trash, day " << today_;
    if (may) naive_.trash();
  }

  void restore() {
    if (!dice_.one_in(4)) return purge();
    const bool may = naive_.may_restore();
    ASSERT_EQ(executor_.restore(), may) << "restore, day " << today_;
    if (may) naive_.restore();
  }

  void purge() {
    if (executor_.lists() == 0) return;
    const bool may = naive_.may_purge();
    ASSERT_EQ(executor_.purge(today_), may) << "purge, day " << today_;
    if (may) naive_.purge();
  }

  void prolong() {
    if (!dice_.one_in(4)) return;
    const int days = duration_ + dice_.below(60) - 10;
    executor_.add_rule(std::max(days, 1), today_, true);
    naive_.add_span(std::max(days, 1));
  }

  void sweep() {
    executor_.sweep(today_);
    if (naive_.must_come_back()) naive_.restore();
  }

  Dice dice_;
  int ended_, duration_;
  int today_ = 0;
  Executor executor_;
  Naive naive_;
};

}  // namespace disposal_model

TEST(DisposalModel, D2_D4_D6_H6_H8_RandomLivesAgree) {
  std::map<std::string, int> seen;
  for (unsigned seed = 0; seed < disposal_model::Lives; ++seed) {
    SCOPED_TRACE(fmt::format("life {}", seed));
    disposal_model::Life(seed).live(seen);
    if (testing::Test::HasFailure()) return;
  }
  // The dice reach all of it.
  for (const LineState state :
       {LineState::Proposed, LineState::Approved, LineState::Refused, LineState::Deferred, LineState::Expired,
        LineState::Cancelled, LineState::InGrace, LineState::Restored, LineState::Destroyed})
    EXPECT_GT(seen[std::string(name_of(state))], static_cast<int>(disposal_model::Lives / 100))
        << name_of(state);
}

}  // namespace
}  // namespace greffe::retention
