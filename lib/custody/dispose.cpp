#include "custody/dispose.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/log.h"
#include "custody/certify.h"
#include "custody/disposal_state.h"
#include "custody/holds.h"
#include "custody/line_check.h"
#include "custody/retention_plan.h"
#include "custody/write_once.h"
#include "fixity/manifest.h"

namespace greffe::custody {
namespace {

constexpr std::uint64_t LinesBetweenIndexing = 32;

using Decisions = std::map<std::string, LineDecision, std::less<>>;

// A list with its lines checked.
struct CheckedList {
  catalog::DisposalRecord record;
  std::vector<LineCheck> checks;  // as record.list.lines
  std::string sha512;
};

bool is_expected(const std::string& code) {
  return code == "TRASHED" || code == "DESTROYED" || code == "IN_GRACE" || code == "RESTORED" ||
         code == "DESTROYED_ELSEWHERE" || code == "REFUSED" || code == "DEFERRED" || code == "TO_TRASH" ||
         code == "TO_PURGE" || code == "APPROVED";
}

// One run of apply or purge.
class Disposing {
 public:
  Disposing(DisposalRun& run, const DisposalOrder& order, DisposalStep step, ProgressSink& progress)
      : run_(run), order_(order), step_(step), progress_(progress) {}

  Result<DisposalReport> run() {
    GREFFE_CHECK(find_lists());
    GREFFE_CHECK(check_all());
    if (order_.digest) {
      GREFFE_CHECK(check_order());
      GREFFE_CHECK(act());
    }
    return std::move(report_);
  }

 private:
  Status find_lists() {
    if (!order_.list.empty()) {
      GREFFE_TRY(catalog::DisposalRecord record, run_.read_list(order_.list));
      lists_.push_back({.record = std::move(record), .checks = {}, .sha512 = {}});
      return {};
    }
    GREFFE_TRY(const OpenDisposals open, OpenDisposals::read(run_.archive(), run_.catalog()));
    for (const catalog::DisposalRecord& record : open.lists())
      lists_.push_back({.record = record, .checks = {}, .sha512 = {}});
    return {};
  }

  // The rules' word on all lines, in one walk through the meetings.
  Result<Decisions> decide_all() {
    Decisions decisions;
    std::set<std::string, std::less<>> wanted;
    for (const CheckedList& list : lists_)
      for (const catalog::ListLine& line : list.record.list.lines) wanted.insert(line.meeting);
    const auto take = [&](const PlannedMeeting& planned) {
      if (wanted.contains(planned.meeting))
        decisions.emplace(planned.meeting, LineDecision{.decision = planned.decision, .rule = planned.rule});
      return true;
    };
    GREFFE_TRY(PlanTotals totals, plan_retention(run_.archive(), run_.catalog(), run_.today(), take));
    report_.damage.add_all(totals.damage);
    return decisions;
  }

  Status check_all() {
    if (lists_.empty()) return {};
    GREFFE_TRY(const Decisions decisions, decide_all());
    fixity::Sha256 hash;
    for (CheckedList& list : lists_) {
      list.sha512 = list.record.list.digest();
      hash.update(fmt::format("{} {}\n", list.record.list.id, list.sha512));
      for (const catalog::ListLine& line : list.record.list.lines) {
        const auto found = decisions.find(line.meeting);
        const auto decided = found == decisions.end() ? std::nullopt : std::optional(found->second);
        GREFFE_TRY(LineCheck check, check_line(run_, list.record, line, decided, step_));
        if (check.goes) {
          ++report_.meetings;
          report_.bytes += line.bytes;
        }
        hash.update(fmt::format("{} {}\n", line.meeting, code_of_run(check.code)));
        report_.lines.push_back({.list = list.record.list.id,
                                 .meeting = line.meeting,
                                 .code = check.code,
                                 .why = check.why,
                                 .bytes = line.bytes});
        list.checks.push_back(std::move(check));
      }
    }
    report_.digest = hash.finish().hex();
    return {};
  }

  // A run that was killed can be repeated: what went already counts as what is to go.
  std::string_view code_of_run(const std::string& code) const {
    if (step_ == DisposalStep::Trash && code == "IN_GRACE") return "TO_TRASH";
    if (step_ == DisposalStep::Purge && code == "DESTROYED") return "TO_PURGE";
    return code;
  }

  bool has_code(std::string_view code) const {
    return std::any_of(report_.lines.begin(), report_.lines.end(),
                       [&](const LineReport& line) { return line.code == code; });
  }

  // What is refused as a whole.
  Status check_order() const {
    if (report_.meetings == 0) {
      for (const char* code : {"NO_APPROVAL", "APPROVAL_EXPIRED"})
        if (step_ == DisposalStep::Trash && has_code(code) && !has_code("IN_GRACE") && !has_code("DESTROYED"))
          return fail(ErrorKind::Refused, "{}: nothing of {} is approved", code,
                      lists_.front().record.list.id);
      return {};
    }
    if (*order_.digest != report_.digest)
      return fail(ErrorKind::Refused,
                  "CHANGED: it would now do otherwise than what you saw: its digest is {}", report_.digest);
    if (order_.max_items && report_.meetings > *order_.max_items)
      return fail(ErrorKind::Refused, "OVER_THRESHOLD: {} meetings, more than --max-items {}",
                  report_.meetings, *order_.max_items);
    if (order_.max_bytes && report_.bytes > *order_.max_bytes)
      return fail(ErrorKind::Refused, "OVER_THRESHOLD: {} bytes, more than --max-bytes {}", report_.bytes,
                  *order_.max_bytes);
    return {};
  }

  Status act() {
    GREFFE_TRY(exports_, registered_exports(run_.archive()));
    report_.acted = true;
    std::uint64_t done = 0;
    std::size_t at = 0;
    for (CheckedList& list : lists_) {
      std::vector<catalog::SkippedLine> skipped;
      list_sha512_ = list.sha512;
      for (std::size_t i = 0; i < list.record.list.lines.size(); ++i, ++at) {
        if (stop_requested()) return fail(ErrorKind::Interrupted, "stopped; the next run goes on");
        LineReport& line = report_.lines[at];
        if (list.checks[i].goes) {
          progress_.advance(step_ == DisposalStep::Trash ? "to the trash" : "destroying", done++,
                            static_cast<std::uint64_t>(report_.meetings));
          GREFFE_CHECK(act_on(list.record, list.record.list.lines[i], line));
          // What the catalog does not have of the journal is read again for each line.
          if (done % LinesBetweenIndexing == 0) GREFFE_CHECK(run_.index());
        }
        if (!is_expected(line.code))
          skipped.push_back({.meeting = line.meeting, .code = line.code, .why = line.why});
      }
      GREFFE_CHECK(end_list(list.record.list.id, std::move(skipped)));
    }
    GREFFE_CHECK(run_.settle());
    // Words leave for good only with the index of words in one piece and the WAL in the file (D8).
    return step_ == DisposalStep::Purge && done > 0 ? run_.catalog().settle() : Status();
  }

  Status end_list(const std::string& list, std::vector<catalog::SkippedLine> skipped) {
    if (step_ == DisposalStep::Trash) return {};
    GREFFE_TRY(const std::int64_t number, certify(run_, list, std::move(skipped)));
    if (number > 0) report_.certificates.emplace_back(list, number);
    return {};
  }

  // Decides the line again where nobody can place a hold or change the meeting, and acts there.
  Status act_on(catalog::DisposalRecord& record, const catalog::ListLine& line, LineReport& report) {
    const auto lock = FileLock::acquire(run_.archive().meeting_lock(line.meeting), run_.acting().lock_wait);
    if (!lock && lock.error().kind() != ErrorKind::Busy) return tl::unexpected(lock.error());
    if (!lock) {
      report.code = "BUSY";
      report.why = "somebody is at work on it";
      return {};
    }
    catalog::Catalog& catalog = run_.catalog();
    GREFFE_CHECK(sync_holds(run_.archive(), catalog));
    const Status acted = catalog.connection().write([&]() -> Status {
      GREFFE_TRY(const LineCheck check, check_again(record, line));
      report.code = check.code;
      report.why = check.why;
      if (!check.goes) return {};
      GREFFE_CHECK(step_ == DisposalStep::Trash ? trash(record, line) : destroy(record, line));
      report.code = step_ == DisposalStep::Trash ? "TRASHED" : "DESTROYED";
      return {};
    });
    GREFFE_CHECK(acted);
    if (report.code == "DESTROYED") GREFFE_CHECK(remove_from_trash(run_.archive(), line.meeting));
    if (report.code != "DESTROYED" && report.code != "TRASHED") return {};
    return append_done(run_.archive(), run_.acting(), std::move(event_));
  }

  Result<LineCheck> check_again(const catalog::DisposalRecord& record, const catalog::ListLine& line) {
    std::optional<LineDecision> decided;
    auto why = why_kept(run_.archive(), run_.catalog(), line.meeting, run_.today(), Disposals::Ignore);
    if (!why && why.error().kind() != ErrorKind::Usage) return tl::unexpected(why.error());
    if (why) decided = LineDecision{.decision = why->planned.decision, .rule = why->planned.rule};
    return check_line(run_, record, line, decided, step_);
  }

  Status trash(const catalog::DisposalRecord& record, const catalog::ListLine& line) {
    const catalog::Trashed trashed{.list = record.list.id,
                                   .meeting = line.meeting,
                                   .when = run_.acting().now,
                                   .day = run_.today(),
                                   .by = person_of(run_.acting()),
                                   .purge_from = retention::purge_from(line.terms, run_.today())};
    const std::string text = catalog::text_of(trashed);
    event_ = event_of("dispose", record, line, catalog::trashed_file(line.meeting), text);
    GREFFE_CHECK(append_to_journal(run_.archive(), run_.acting(), event_));
    GREFFE_CHECK(write_once(run_.archive().root() / event_.files.front().file, text));
    return move_to_trash(run_.archive(), line.meeting);
  }

  // The rows go with the transaction; whoever comes after a kill in between lets them go by the tombstone.
  Status destroy(catalog::DisposalRecord& record, const catalog::ListLine& line) {
    GREFFE_TRY(catalog::Tombstone stone, make_tombstone(run_, {record, list_sha512_, exports_}, line));
    const std::string text = catalog::text_of(stone);
    event_ = event_of("purge", record, line, catalog::tombstone_file(line.meeting), text);
    event_.files.push_back({.file = catalog::Archive::meeting_path(line.meeting) + "/" + fixity::ManifestName,
                            .before = line.manifest,
                            .after = {}});
    GREFFE_CHECK(append_to_journal(run_.archive(), run_.acting(), event_));
    GREFFE_CHECK(write_once(run_.archive().root() / event_.files.front().file, text));
    record.done[line.meeting].tombstone = std::move(stone);
    return catalog::put_destroyed_line(run_.catalog(), record, line.meeting);
  }

  static journal::Event event_of(const char* action, const catalog::DisposalRecord& record,
                                 const catalog::ListLine& line, const std::string& name,
                                 const std::string& text) {
    return {.action = action,
            .subjects = {line.meeting},
            .files = {{.file = disposal_path(record.list.id, name),
                       .before = {},
                       .after = fixity::digest_of(text)}},
            .outcome = "intended",
            .policy_version = record.list.policy_version > 0 ? fmt::format("{}", record.list.policy_version)
                                                             : std::string()};
  }

  DisposalRun& run_;
  const DisposalOrder& order_;
  DisposalStep step_;
  ProgressSink& progress_;
  std::vector<CheckedList> lists_;
  std::vector<ExportRecord> exports_;
  std::string list_sha512_;  // of the list at hand
  journal::Event event_;     // of the line at hand, from its intention to its end
  DisposalReport report_;
};

Result<DisposalReport> dispose(const catalog::Archive& archive, const DisposalOrder& order,
                               const Acting& acting, DisposalStep step, ProgressSink& progress) {
  GREFFE_TRY(DisposalRun run,
             DisposalRun::begin(archive, acting, DisposalRun::Reach::Archive, order.clock_jump));
  return Disposing(run, order, step, progress).run();
}

Status restore_line(DisposalRun& run, const std::string& list, const std::string& id,
                    const std::string& reason) {
  const catalog::Archive& archive = run.archive();
  GREFFE_TRY(const FileLock lock, FileLock::acquire(archive.meeting_lock(id), run.acting().lock_wait));
  const catalog::Restored restored{
      .list = list, .meeting = id, .when = run.acting().now, .by = person_of(run.acting()), .reason = reason};
  return run.write("restore", id, list, catalog::restored_file(id), catalog::text_of(restored),
                   [&] { return bring_back(archive, id); });
}

}  // namespace

std::int64_t DisposalReport::skipped() const {
  return std::count_if(lines.begin(), lines.end(),
                       [](const LineReport& line) { return !is_expected(line.code); });
}

Result<DisposalReport> apply_list(const catalog::Archive& archive, const DisposalOrder& order,
                                  const Acting& acting, ProgressSink& progress) {
  return dispose(archive, order, acting, DisposalStep::Trash, progress);
}

Result<DisposalReport> purge_trash(const catalog::Archive& archive, const DisposalOrder& order,
                                   const Acting& acting, ProgressSink& progress) {
  return dispose(archive, order, acting, DisposalStep::Purge, progress);
}

Result<std::string> restore_meeting(const catalog::Archive& archive, const std::string& meeting,
                                    const std::string& reason, const std::string& clock_jump,
                                    const Acting& acting) {
  if (reason.empty()) return fail(ErrorKind::Usage, "--reason: a restore says why");
  GREFFE_TRY(DisposalRun run, DisposalRun::begin(archive, acting, DisposalRun::Reach::Archive, clock_jump));
  GREFFE_TRY(std::string id, archive.find_any_meeting(meeting));
  GREFFE_TRY(const OpenDisposals open, OpenDisposals::read(archive, run.catalog()));
  bool known = false;
  for (const catalog::DisposalRecord& record : open.lists()) {
    const auto done = record.done.find(id);
    if (done == record.done.end() || !done->second.trashed || done->second.tombstone) continue;
    known = true;
    if (!done->second.restored) GREFFE_CHECK(restore_line(run, record.list.id, id, reason));
  }
  if (!known) return fail(ErrorKind::Usage, "{}: not in the trash", id);
  GREFFE_CHECK(run.settle());
  return id;
}

}  // namespace greffe::custody
