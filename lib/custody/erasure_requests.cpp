#include "custody/erasure_requests.h"

#include <algorithm>

#include "base/file_lock.h"
#include "catalog/holds.h"
#include "catalog/policy_index.h"
#include "custody/catalog_index.h"
#include "custody/disposal_run.h"
#include "custody/disposal_state.h"
#include "custody/retention_plan.h"
#include "custody/write_once.h"

namespace greffe::custody {
namespace {

using retention::LineState;

constexpr std::string_view RequestAction = "erasure-request";
constexpr std::string_view AnswerAction = "erasure-answer";

// How far a meeting is by the lists that name it.
struct ByLists {
  std::optional<ErasureState> state;
  std::string list;
  std::int64_t certificate = 0;
  std::optional<CivilDate> until, trashed;
};

std::int64_t certificate_for(const catalog::DisposalRecord& record, const std::string& meeting) {
  for (const catalog::Certificate& certificate : record.certificates)
    if (std::binary_search(certificate.meetings.begin(), certificate.meetings.end(), meeting))
      return certificate.number;
  return 0;
}

std::optional<ErasureState> erasure_state_of(LineState state) {
  switch (state) {
    case LineState::Destroyed: return ErasureState::Erased;
    case LineState::InGrace: return ErasureState::InGrace;
    case LineState::Approved: return ErasureState::Approved;
    case LineState::Proposed: return ErasureState::Proposed;
    case LineState::Refused:
    case LineState::Deferred:
    case LineState::Expired:
    case LineState::Cancelled:
    case LineState::DestroyedElsewhere:  // that list tells of it
    case LineState::Restored: break;
  }
  return std::nullopt;
}

// All that is asked of every meeting of a request.
class Erasures {
 public:
  static Result<Erasures> read(const catalog::Archive& archive, const catalog::Catalog& catalog,
                               CivilDate today) {
    GREFFE_TRY(const TimeZone zone, archive.policy_zone());
    GREFFE_TRY(const std::vector<std::string> ids, catalog::lists_in(archive.disposals_folder()));
    Erasures erasures(archive, catalog, zone, today);
    for (const std::string& id : ids) {
      GREFFE_TRY(catalog::DisposalRecord record,
                 catalog::read_disposal(archive.disposals_folder() / id, catalog));
      erasures.lists_.push_back(std::move(record));
    }
    GREFFE_TRY(erasures.holds_, catalog::all_holds(catalog));
    return erasures;
  }

  Result<MeetingErasure> of(const std::string& meeting, DamageLog& damage) const {
    // Its rows go with it; until then they say why it is kept.
    std::error_code error;
    const bool is_there = std::filesystem::exists(archive_.place_of(meeting), error);
    std::optional<Why> why;
    if (is_there) {
      GREFFE_TRY(why, why_kept(archive_, catalog_, meeting, today_));
      damage.add_all(why->damage);
    }
    const ByLists lists =
        by_lists(meeting, why ? why->holds : std::vector<catalog::CoveringHold>(), is_there);
    MeetingErasure erasure{.meeting = meeting, .list = lists.list, .certificate = lists.certificate};
    if (lists.state) erasure.state = *lists.state;
    if (!why) {
      if (lists.state != ErasureState::Erased)
        return fail(ErrorKind::Integrity, "{}: neither there nor destroyed", meeting);
      return erasure;
    }
    erasure.code = retention::name_of(why->planned.decision.code);
    if (!why->facts.holds.empty()) {
      block_by_holds(erasure, why->facts.holds);
      return erasure;
    }
    erasure.until = lists.until;
    erasure.trashed = lists.trashed;
    if (!lists.state) decide(erasure, *why);
    return erasure;
  }

 private:
  Erasures(const catalog::Archive& archive, const catalog::Catalog& catalog, const TimeZone& zone,
           CivilDate today)
      : archive_(archive), catalog_(catalog), zone_(zone), today_(today) {}

  // The last list that has something to say. What was destroyed and taken in again is there.
  ByLists by_lists(const std::string& meeting, const std::vector<catalog::CoveringHold>& holds,
                   bool is_there) const {
    ByLists found;
    for (const catalog::DisposalRecord& record : lists_) {
      const catalog::ListLine* line = record.list.find(meeting);
      if (line == nullptr) continue;
      const auto state = erasure_state_of(state_of(record, *line, holds, zone_, today_));
      if (!state || (*state == ErasureState::Erased) == is_there) continue;
      found = {.state = state,
               .list = record.list.id,
               .certificate = certificate_for(record, meeting),
               .until = {},
               .trashed = {}};
      const auto files = record.done.find(meeting);
      if (*state == ErasureState::InGrace && files != record.done.end() && files->second.trashed)
        found.until = files->second.trashed->purge_from, found.trashed = files->second.trashed->day;
    }
    return found;
  }

  void block_by_holds(MeetingErasure& erasure, const std::vector<std::string>& ids) const {
    erasure.state = ErasureState::BlockedByHold;
    for (const std::string& id : ids) {
      const auto row = std::find_if(holds_.begin(), holds_.end(),
                                    [&](const catalog::HoldRow& hold) { return hold.id == id; });
      // One that cannot be read is nobody's to tell of.
      erasure.holds.push_back(row != holds_.end() ? *row : catalog::HoldRow{.id = id, .confidential = 1});
    }
  }

  void decide(MeetingErasure& erasure, const Why& why) const {
    const retention::Decision& decision = why.planned.decision;
    if (decision.proposable(today_)) {
      erasure.state = ErasureState::Proposable;
      return;
    }
    erasure.state = ErasureState::BlockedByRule;
    if (decision.code == retention::Code::PendingEvent) {
      erasure.state = ErasureState::WaitsForEvent;
      erasure.waits_for = why.planned.waits_for;
    }
    erasure.rule = why.planned.rule;
    if (decision.code == retention::Code::KeepRule)
      erasure.until = decision.keep_until;
    else if (decision.disposable() && decision.propose_from)  // its notice runs
      erasure.until = days_after(*decision.propose_from, -1);
  }

  const catalog::Archive& archive_;
  const catalog::Catalog& catalog_;
  TimeZone zone_;
  CivilDate today_;
  std::vector<catalog::DisposalRecord> lists_;
  std::vector<catalog::HoldRow> holds_;
};

// One change of requests/ on its way: it has the lock.
class RequestChange {
 public:
  static Result<RequestChange> begin(const catalog::Archive& archive, const Acting& acting) {
    GREFFE_TRY(FileLock lock, FileLock::acquire(archive.root() / "locks" / "requests", acting.lock_wait));
    GREFFE_TRY(catalog::Catalog catalog,
               catalog::Catalog::open(archive.catalog_file(), {.lock_wait = acting.lock_wait}));
    GREFFE_TRY(const TimeZone zone, archive.policy_zone());
    GREFFE_TRY(auto records, catalog::read_requests(requests_folder(archive)));
    return RequestChange(archive, acting, std::move(lock), std::move(catalog), zone, std::move(records));
  }

  const std::vector<catalog::RequestRecord>& records() const { return records_; }
  const catalog::Catalog& catalog() const { return catalog_; }
  CivilDate today() const { return zone_.date_of(acting_.now); }

  Status write(std::string_view action, std::int64_t number, const std::string& name,
               const std::string& text) {
    const Path file = requests_folder(archive_) / name;
    const journal::Event event = event_of(action, number, name, fixity::digest_of(text));
    GREFFE_CHECK(make_directories(file.parent_path()));
    GREFFE_CHECK(append_to_journal(archive_, acting_, event));
    GREFFE_CHECK(write_once(file, text));
    GREFFE_CHECK(append_done(archive_, acting_, event));
    return index_journal(archive_, catalog_);
  }

  // What a run that was killed behind the file has left to do.
  Status complete(std::string_view action, std::int64_t number, const std::string& name) {
    GREFFE_CHECK(index_journal(archive_, catalog_));
    GREFFE_TRY(const std::string outcome, catalog::last_outcome(catalog_, action, subject_of(number)));
    if (outcome != "intended") return {};
    GREFFE_TRY(const auto digest, fixity::digest_of_file(requests_folder(archive_) / name));
    GREFFE_CHECK(append_done(archive_, acting_, event_of(action, number, name, digest.digest)));
    return index_journal(archive_, catalog_);
  }

  // Of what is there, or was destroyed.
  Result<std::string> find_meeting(const std::string& prefix) const {
    auto found = catalog::find_meeting_id(catalog_, prefix);
    if (found || !catalog::is_meeting_id(prefix)) return found;
    GREFFE_TRY(const bool destroyed, is_destroyed(archive_, prefix));
    return destroyed ? Result<std::string>(prefix) : found;
  }

 private:
  RequestChange(const catalog::Archive& archive, const Acting& acting, FileLock lock,
                catalog::Catalog catalog, const TimeZone& zone, std::vector<catalog::RequestRecord> records)
      : archive_(archive),
        acting_(acting),
        lock_(std::move(lock)),
        catalog_(std::move(catalog)),
        zone_(zone),
        records_(std::move(records)) {}

  static std::string subject_of(std::int64_t number) { return fmt::format("request-{}", number); }

  static journal::Event event_of(std::string_view action, std::int64_t number, const std::string& name,
                                 const fixity::Digest& digest) {
    return {.action = std::string(action),
            .subjects = {subject_of(number)},
            .files = {{.file = "disposals/requests/" + name, .before = {}, .after = digest}},
            .outcome = "intended",
            .policy_version = ""};
  }

  const catalog::Archive& archive_;
  const Acting& acting_;
  FileLock lock_;
  catalog::Catalog catalog_;
  TimeZone zone_;
  std::vector<catalog::RequestRecord> records_;
};

Result<std::vector<std::string>> meetings_for(const RequestChange& change, const RequestOrder& order) {
  std::vector<std::string> meetings;
  for (const std::string& prefix : order.meetings) {
    GREFFE_TRY(std::string id, change.find_meeting(prefix));
    meetings.push_back(std::move(id));
  }
  std::sort(meetings.begin(), meetings.end());
  meetings.erase(std::unique(meetings.begin(), meetings.end()), meetings.end());
  return meetings;
}

// H13: kept with what was asked and with what was answered.
std::map<std::string, std::string> states_of(const std::vector<MeetingErasure>& erasures) {
  std::map<std::string, std::string> states;
  for (const MeetingErasure& erasure : erasures) states[erasure.meeting] = name_of(erasure.state);
  return states;
}

// "erased" is said of all or of nothing.
Status check_outcome(const std::string& outcome, const std::vector<MeetingErasure>& erasures) {
  const auto erased = std::count_if(erasures.begin(), erasures.end(), [](const MeetingErasure& erasure) {
    return erasure.state == ErasureState::Erased;
  });
  if (outcome == "partly" && erased == 0)
    return fail(ErrorKind::Refused, "nothing of what was asked for is erased");
  if (outcome != "erased") return {};
  for (const MeetingErasure& erasure : erasures)
    if (erasure.state != ErasureState::Erased)
      return fail(ErrorKind::Refused, "{} is not erased: {}", erasure.meeting, name_of(erasure.state));
  return {};
}

}  // namespace

std::string_view name_of(ErasureState state) {
  switch (state) {
    case ErasureState::Erased: return "ERASED";
    case ErasureState::BlockedByHold: return "BLOCKED_BY_HOLD";
    case ErasureState::InGrace: return "IN_GRACE";
    case ErasureState::Approved: return "APPROVED";
    case ErasureState::Proposed: return "PROPOSED";
    case ErasureState::Proposable: return "PROPOSABLE";
    case ErasureState::WaitsForEvent: return "WAITS_FOR_EVENT";
    case ErasureState::BlockedByRule: break;
  }
  return "BLOCKED_BY_RULE";
}

Path requests_folder(const catalog::Archive& archive) { return archive.disposals_folder() / "requests"; }

Result<StoredRequest> add_request(const catalog::Archive& archive, const RequestOrder& order,
                                  const Acting& acting) {
  if (order.reference.empty()) return fail(ErrorKind::Usage, "which file is it? Give --reference TEXT");
  if (order.meetings.empty()) return fail(ErrorKind::Usage, "of which meetings? Give --meeting ID");
  GREFFE_TRY(RequestChange change, RequestChange::begin(archive, acting));
  catalog::ErasureRequest request{.number = static_cast<std::int64_t>(change.records().size()) + 1,
                                  .recorded = acting.now,
                                  .received = order.received.value_or(change.today()),
                                  .by = person_of(acting),
                                  .reference = order.reference,
                                  .meetings = {},
                                  .note = order.note,
                                  .states = {}};
  if (request.received > change.today()) return fail(ErrorKind::Usage, "--received: that day is to come");
  GREFFE_TRY(request.meetings, meetings_for(change, order));
  for (const catalog::RequestRecord& record : change.records()) {
    const catalog::ErasureRequest& old = record.request;
    if (record.answer || old.reference != request.reference || old.meetings != request.meetings) continue;
    GREFFE_CHECK(change.complete(RequestAction, old.number, catalog::request_file(old.number)));
    return StoredRequest{.request = old, .is_new = false};
  }
  DamageLog damage;
  GREFFE_TRY(const auto erasures, erasure_of(archive, change.catalog(), request, change.today(), damage));
  request.states = states_of(erasures);
  GREFFE_CHECK(change.write(RequestAction, request.number, catalog::request_file(request.number),
                            catalog::text_of(request)));
  StoredRequest stored{.request = std::move(request)};
  for (const MeetingErasure& erasure : erasures)
    stored.records.insert(stored.records.end(), erasure.records.begin(), erasure.records.end());
  return stored;
}

Result<std::vector<MeetingErasure>> erasure_of(const catalog::Archive& archive,
                                               const catalog::Catalog& catalog,
                                               const catalog::ErasureRequest& request, CivilDate today,
                                               DamageLog& damage) {
  GREFFE_TRY(const Erasures all, Erasures::read(archive, catalog, today));
  std::vector<MeetingErasure> erasures;
  for (const std::string& meeting : request.meetings) {
    GREFFE_TRY(MeetingErasure erasure, all.of(meeting, damage));
    GREFFE_TRY(erasure.records, catalog.records_of(meeting));
    std::erase_if(erasure.records, [&](const std::string& record) {
      return std::find(request.meetings.begin(), request.meetings.end(), record) != request.meetings.end();
    });
    erasures.push_back(std::move(erasure));
  }
  return erasures;
}

Result<catalog::ErasureAnswer> answer_request(const catalog::Archive& archive, const AnswerOrder& order,
                                              const Acting& acting) {
  if (order.outcome != "erased" && order.outcome != "refused" && order.outcome != "partly")
    return fail(ErrorKind::Usage, "--outcome: \"{}\" is not erased, refused or partly", order.outcome);
  if (order.reason.empty()) return fail(ErrorKind::Usage, "a reason is needed: --reason TEXT");
  GREFFE_TRY(RequestChange change, RequestChange::begin(archive, acting));
  if (order.request < 1 || order.request > static_cast<std::int64_t>(change.records().size()))
    return fail(ErrorKind::Usage, "there is no request {}", order.request);
  const catalog::RequestRecord& record = change.records()[static_cast<std::size_t>(order.request) - 1];
  const std::string name = catalog::answer_file(order.request);
  if (record.answer) {
    if (record.answer->outcome != order.outcome || record.answer->reason != order.reason)
      return fail(ErrorKind::Usage, "request {} was answered already: {}", order.request,
                  record.answer->outcome);
    GREFFE_CHECK(change.complete(AnswerAction, order.request, name));
    return *record.answer;
  }
  DamageLog damage;
  GREFFE_TRY(const auto erasures,
             erasure_of(archive, change.catalog(), record.request, change.today(), damage));
  GREFFE_CHECK(check_outcome(order.outcome, erasures));
  const catalog::ErasureAnswer answer{.number = order.request,
                                      .when = acting.now,
                                      .by = person_of(acting),
                                      .outcome = order.outcome,
                                      .reason = order.reason,
                                      .states = states_of(erasures)};
  GREFFE_CHECK(change.write(AnswerAction, order.request, name, catalog::text_of(answer)));
  return answer;
}

}  // namespace greffe::custody
