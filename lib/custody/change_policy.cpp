#include "custody/change_policy.h"

#include <algorithm>

#include "base/file_lock.h"
#include "catalog/meeting_matches.h"
#include "catalog/meeting_query.h"
#include "catalog/policy_index.h"
#include "catalog/rule_json.h"
#include "custody/catalog_index.h"
#include "custody/check_clock.h"
#include "custody/saved_queries.h"
#include "custody/write_once.h"

namespace greffe::custody {
namespace {

// One change on its way: it has the lock of the policy, and knows how the policy stands.
class Change {
 public:
  // Both must outlive the change.
  static Result<Change> begin(const catalog::Archive& archive, const Acting& acting) {
    GREFFE_TRY(FileLock lock, FileLock::acquire(archive.policy_lock(), acting.lock_wait));
    GREFFE_TRY(catalog::Catalog catalog,
               catalog::Catalog::open(archive.catalog_file(), {.lock_wait = acting.lock_wait}));
    GREFFE_TRY(const TimeZone zone, archive.policy_zone());
    GREFFE_TRY(PolicyState state, read_policy_state(archive, catalog));
    return Change(archive, acting, std::move(lock), std::move(catalog), zone, std::move(state));
  }

  const catalog::Archive& archive() const { return archive_; }
  Path folder() const { return archive_.policy_folder(); }
  WallTime now() const { return acting_.now; }
  catalog::Catalog& catalog() { return catalog_; }
  const catalog::Catalog& catalog() const { return catalog_; }
  const TimeZone& zone() const { return zone_; }
  const PolicyState& state() const { return state_; }
  CivilDate today() const { return zone_.date_of(acting_.now); }
  catalog::DecidedBy by() const { return {.uid = acting_.actor.uid, .sudo_user = acting_.actor.sudo_user}; }

  // Writes a new file of policy/.
  Status write(std::string_view action, const std::string& name, const std::string& text) {
    const Path file = folder() / name;
    GREFFE_CHECK(make_directories(folder()));
    GREFFE_CHECK(journal(action, name, fixity::digest_of(text), "intended"));
    GREFFE_CHECK(write_once(file, text));
    GREFFE_CHECK(journal(action, name, fixity::digest_of(text), "done"));
    return index();
  }

  // What a run that was killed behind the file has left to do.
  Status complete(std::string_view action, const std::string& name) {
    GREFFE_CHECK(index());
    const auto outcome = catalog::last_outcome(catalog_, action, subject_of(name));
    if (!outcome) return tl::unexpected(outcome.error());
    if (*outcome != "intended") return {};
    GREFFE_TRY(const auto digest, fixity::digest_of_file(folder() / name));
    GREFFE_CHECK(journal(action, name, digest.digest, "done"));
    return index();
  }

 private:
  Change(const catalog::Archive& archive, const Acting& acting, FileLock lock, catalog::Catalog catalog,
         const TimeZone& zone, PolicyState state)
      : archive_(archive),
        acting_(acting),
        lock_(std::move(lock)),
        catalog_(std::move(catalog)),
        zone_(zone),
        state_(std::move(state)) {}

  // "rules-3" of "rules-3.json".
  static std::string subject_of(const std::string& name) { return Path(name).stem().string(); }

  Status journal(std::string_view action, const std::string& name, const fixity::Digest& digest,
                 const char* outcome) {
    const std::int64_t version = state_.in_force(today()).version;
    const journal::Event event{.action = std::string(action),
                               .subjects = {subject_of(name)},
                               .files = {{.file = "policy/" + name, .before = {}, .after = digest}},
                               .outcome = outcome,
                               .policy_version = version > 0 ? fmt::format("{}", version) : std::string()};
    return append_to_journal(archive_, acting_, event);
  }

  Status index() {
    GREFFE_CHECK(index_policy(archive_, catalog_));
    return index_journal(archive_, catalog_);
  }

  const catalog::Archive& archive_;
  const Acting& acting_;
  FileLock lock_;
  catalog::Catalog catalog_;
  TimeZone zone_;
  PolicyState state_;
};

std::vector<retention::Mistake> mistakes_in_queries(const retention::Policy& policy, const TimeZone& zone) {
  std::vector<retention::Mistake> mistakes;
  for (std::size_t i = 0; i < policy.rules.size(); ++i) {
    if (policy.rules[i].query.empty()) continue;
    const auto query = catalog::MeetingQuery::parse(policy.rules[i].query, zone);
    if (!query) mistakes.push_back({fmt::format("rules[{}].query", i), query.error().message()});
  }
  return mistakes;
}

// R11: what is locked is never loosened.
Status check_locks(const PolicyState& state, const retention::Policy& next) {
  for (const catalog::LockRecord& lock : state.records.locks) {
    const retention::Policy* locked = retention::find_policy(state.policies, lock.version);
    const auto mistakes = retention::loosened(*locked, next);
    if (!mistakes.empty())
      return fail(ErrorKind::Refused, "{}",
                  catalog::text_of(fmt::format("version {} protects less than version {}, which is locked",
                                               next.version, lock.version),
                                   mistakes));
  }
  return {};
}

Status check_reason(const std::string& reason) {
  return reason.empty() ? Status(fail(ErrorKind::Usage, "a reason is needed: --reason TEXT")) : Status();
}

bool is_event_type(std::string_view type) {
  return !type.empty() && type.front() >= 'a' && type.front() <= 'z' &&
         std::all_of(type.begin(), type.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

}  // namespace

Result<Stored> add_policy(const catalog::Archive& archive, retention::Policy policy, const Acting& acting) {
  GREFFE_TRY(Change change, Change::begin(archive, acting));
  const auto& policies = change.state().policies;
  const auto last = static_cast<std::int64_t>(policies.size());
  if (!policies.empty() && policies.back().says_as(policy)) {
    GREFFE_CHECK(change.complete("rules-add", catalog::rules_file(last)));
    return Stored{.number = last, .is_new = false};
  }
  const auto mistakes = mistakes_in_queries(policy, change.zone());
  if (!mistakes.empty()) return fail("{}", catalog::text_of("queries that cannot be read", mistakes));
  policy.version = last + 1;
  GREFFE_CHECK(change.write("rules-add", catalog::rules_file(policy.version), catalog::text_of(policy)));
  return Stored{.number = policy.version};
}

Result<Activated> activate_policy(const catalog::Archive& archive, const ActivationOrder& wanted,
                                  const Acting& acting) {
  GREFFE_CHECK(check_reason(wanted.reason));
  GREFFE_TRY(Change change, Change::begin(archive, acting));
  const PolicyState& state = change.state();
  const retention::Policy* next = retention::find_policy(state.policies, wanted.version);
  if (next == nullptr) return fail(ErrorKind::Usage, "there is no version {} of the rules", wanted.version);
  const auto& made = state.records.activations;
  const auto last = static_cast<std::int64_t>(made.size());
  if (!made.empty() && made.back().activation.version == wanted.version) {
    GREFFE_CHECK(change.complete("rules-activate", catalog::activation_file(last)));
    return Activated{.stored = {.number = last, .is_new = false}, .record = made.back()};
  }
  GREFFE_CHECK(check_clock(archive, change.catalog(), acting, wanted.clock_jump));
  GREFFE_CHECK(check_locks(state, *next));
  GREFFE_TRY(const DiffReport report,
             diff_policy(archive, change.catalog(), state, wanted.version, std::nullopt, change.today()));
  if (fixity::Digest::of_hex(wanted.diff) != report.digest)
    return fail(ErrorKind::Refused,
                "version {} would now change other meetings than the diff you name tells: its digest is {}",
                wanted.version, report.digest.hex());
  const catalog::ActivationRecord record{
      .activation = {.number = last + 1, .version = wanted.version, .effective = report.effective},
      .decided = acting.now,
      .reason = wanted.reason,
      .by = change.by(),
      .diff = report.digest,
      .clock_jump = wanted.clock_jump};
  GREFFE_CHECK(change.write("rules-activate", catalog::activation_file(last + 1), catalog::text_of(record)));
  return Activated{.stored = {.number = last + 1}, .record = record};
}

Result<Stored> lock_policy(const catalog::Archive& archive, std::int64_t version, const std::string& reason,
                           const Acting& acting) {
  GREFFE_CHECK(check_reason(reason));
  GREFFE_TRY(Change change, Change::begin(archive, acting));
  const PolicyState& state = change.state();
  const retention::Policy* policy = retention::find_policy(state.policies, version);
  if (policy == nullptr) return fail(ErrorKind::Usage, "there is no version {} of the rules", version);
  const std::string name = catalog::lock_file(version);
  const auto& locks = state.records.locks;
  if (std::any_of(locks.begin(), locks.end(), [&](const auto& lock) { return lock.version == version; })) {
    GREFFE_CHECK(change.complete("rules-lock", name));
    return Stored{.number = version, .is_new = false};
  }
  const retention::Activation* active = retention::in_force(state.activations, change.today());
  const retention::Activation* pending = retention::pending(state.activations, change.today());
  const bool is_in_force = active != nullptr && active->version == version;
  if (!is_in_force && (pending == nullptr || pending->version != version))
    return fail(ErrorKind::Refused, "version {} is not in force: activate it first", version);
  if (pending != nullptr && pending->version != version) {
    const auto mistakes =
        retention::loosened(*policy, *retention::find_policy(state.policies, pending->version));
    if (!mistakes.empty())
      return fail(
          ErrorKind::Refused, "{}",
          catalog::text_of(fmt::format("version {} is to be in force from {} and protects less; activate "
                                       "version {} again first",
                                       pending->version, text_of(pending->effective), version),
                           mistakes));
  }
  const catalog::LockRecord record{
      .version = version, .decided = acting.now, .reason = reason, .by = change.by()};
  GREFFE_CHECK(change.write("rules-lock", name, catalog::text_of(record)));
  return Stored{.number = version};
}

namespace {

// An event as it was asked for, made whole and checked.
class EventMaker {
 public:
  EventMaker(Change& change, const EventOrder& order) : change_(change), order_(order) {}

  Status make() {
    GREFFE_TRY(const std::int64_t there, catalog::count_events(change_.folder()));
    record_.event = {.number = there + 1,
                     .type = order_.type,
                     .supersedes = order_.supersedes,
                     .withdrawn = order_.withdraws};
    record_.evidence = order_.evidence;
    record_.recorded = change_.now();
    record_.by = change_.by();
    GREFFE_CHECK(take_meetings());
    if (order_.on) record_.event.effective = *order_.on;
    if (order_.supersedes) GREFFE_CHECK(take_superseded(there));
    return check();
  }

  // The last event says the same: it was recorded by a run that was killed, or twice.
  Result<std::optional<catalog::EventRecord>> find_same() const {
    if (record_.event.number == 1) return std::nullopt;
    GREFFE_TRY(catalog::EventRecord last, catalog::read_event(change_.folder(), record_.event.number - 1));
    const retention::Event& a = last.event;
    const retention::Event& b = record_.event;
    const bool same = a.type == b.type && a.effective == b.effective && a.supersedes == b.supersedes &&
                      a.withdrawn == b.withdrawn && last.evidence == record_.evidence &&
                      last.query == record_.query && last.meetings == record_.meetings;
    return same ? std::optional(std::move(last)) : std::nullopt;
  }

  // E2: what it moves is worked out, and kept with it.
  Result<catalog::EventRecord> with_result(const catalog::Archive& archive) {
    std::vector<std::string> affected = record_.meetings;
    affected.insert(affected.end(), corrected_.begin(), corrected_.end());
    std::sort(affected.begin(), affected.end());
    affected.erase(std::unique(affected.begin(), affected.end()), affected.end());
    GREFFE_TRY(const auto diff, effect_of_event(archive, change_.catalog(), change_.state(), record_,
                                                affected, change_.today(), damage_));
    record_.result = {
        .sooner = diff.sooner.meetings, .later = diff.later.meetings, .earliest = diff.sooner.earliest};
    return record_;
  }

  const DamageLog& damage() const { return damage_; }

  Status check_not_superseded() const {
    if (!order_.supersedes) return {};
    GREFFE_TRY(const FactsMaker maker, FactsMaker::make(change_.catalog(), change_.zone(), change_.state()));
    if (maker.is_superseded(*order_.supersedes))
      return fail(ErrorKind::Usage, "event {} was superseded already; supersede the one that did",
                  *order_.supersedes);
    return {};
  }

 private:
  Status take_meetings() {
    if (!order_.query.empty() && !order_.meetings.empty())
      return fail(ErrorKind::Usage, "either --meeting or --query");
    for (const std::string& prefix : order_.meetings) {
      GREFFE_TRY(std::string id, catalog::find_meeting_id(change_.catalog(), prefix));
      record_.meetings.push_back(std::move(id));
    }
    if (!order_.query.empty()) {
      std::string query = order_.query, condition;
      GREFFE_CHECK(resolve_saved_query(change_.archive(), query, condition));
      GREFFE_TRY(const catalog::MeetingScope scope, scope_of(change_.archive(), order_.query, {}));
      GREFFE_TRY(record_.meetings, catalog::find_matches(change_.catalog(), scope));
      record_.query = query.empty() ? condition : query;
      if (record_.meetings.empty()) return fail(ErrorKind::Usage, "--query: finds no meeting");
    }
    std::sort(record_.meetings.begin(), record_.meetings.end());
    record_.meetings.erase(std::unique(record_.meetings.begin(), record_.meetings.end()),
                           record_.meetings.end());
    return {};
  }

  Status take_superseded(std::int64_t there) {
    const std::int64_t number = *order_.supersedes;
    if (number < 1 || number > there) return fail(ErrorKind::Usage, "there is no event {}", number);
    GREFFE_TRY(const catalog::EventRecord old, catalog::read_event(change_.folder(), number));
    corrected_ = old.meetings;
    retention::Event& event = record_.event;
    if (event.type.empty()) event.type = old.event.type;
    if (event.type != old.event.type)
      return fail(ErrorKind::Usage, "event {} is of type {}: withdraw it, and record another", number,
                  old.event.type);
    if (record_.meetings.empty()) record_.meetings = old.meetings;
    if (order_.withdraws && !order_.on) event.effective = old.event.effective;
    return {};
  }

  Status check() const {
    const std::string& type = record_.event.type;
    if (type == retention::MeetingEnded)
      return fail(ErrorKind::Usage, "meeting_ended is the end of the meeting itself, and is not recorded");
    if (!is_event_type(type))
      return fail(ErrorKind::Usage,
                  "\"{}\": the type of an event is small letters, digits and _, such as "
                  "dossier_closed",
                  type);
    if (record_.meetings.empty())
      return fail(ErrorKind::Usage, "to which meetings? Give --meeting ID or --query QUERY");
    if (!order_.on && !order_.withdraws) return fail(ErrorKind::Usage, "on which day? Give --on DATE");
    return {};
  }

  Change& change_;
  const EventOrder& order_;
  catalog::EventRecord record_;
  DamageLog damage_;
  std::vector<std::string> corrected_;  // meetings of what it supersedes
};

}  // namespace

Result<RecordedEvent> record_event(const catalog::Archive& archive, const EventOrder& wanted,
                                   const Acting& acting) {
  GREFFE_TRY(Change change, Change::begin(archive, acting));
  EventMaker maker(change, wanted);
  GREFFE_CHECK(maker.make());
  GREFFE_TRY(const auto same, maker.find_same());
  if (same) {
    GREFFE_CHECK(change.complete("event", catalog::event_file(same->event.number)));
    return RecordedEvent{.stored = {.number = same->event.number, .is_new = false}, .record = *same};
  }
  GREFFE_CHECK(maker.check_not_superseded());
  GREFFE_TRY(const catalog::EventRecord record, maker.with_result(archive));
  const std::int64_t number = record.event.number;
  GREFFE_CHECK(change.write("event", catalog::event_file(number), catalog::text_of(record)));
  return RecordedEvent{.stored = {.number = number}, .record = record, .damage = maker.damage()};
}

}  // namespace greffe::custody
