#include "custody/disposal_run.h"

#include <algorithm>

#include "base/log.h"
#include "custody/catalog_index.h"
#include "custody/check_clock.h"
#include "custody/disposal_state.h"
#include "custody/holds.h"
#include "custody/write_once.h"

namespace greffe::custody {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view Dispose = "dispose", Restore = "restore", Purge = "purge";

journal::Event disposal_event(std::string_view action, const std::string& subject, const std::string& path,
                              const fixity::Digest& digest, const char* outcome) {
  return {.action = std::string(action),
          .subjects = {subject},
          .files = {{.file = path, .before = {}, .after = digest}},
          .outcome = outcome};
}

// Where it is no more it was moved before.
Status move_folder(const Path& from, const Path& to) {
  std::error_code error;
  const bool is_there = fs::exists(from, error);
  if (error) return fail("{}: {}", from.string(), error.message());
  if (!is_there) return {};
  GREFFE_CHECK(make_directories(to.parent_path()));
  GREFFE_CHECK(rename_into_place(from, to));
  return sync_directory(from.parent_path());
}

}  // namespace

catalog::Person person_of(const Acting& acting) {
  return {.login = journal::login_of(acting.actor), .uid = acting.actor.uid, .host = acting.actor.host};
}

std::string disposal_path(std::string_view list, std::string_view name) {
  return fmt::format("disposals/{}/{}", list, name);
}

Result<DisposalRun> DisposalRun::begin(const catalog::Archive& archive, const Acting& acting, Reach reach,
                                       const std::string& clock_jump) {
  std::vector<FileLock> locks;
  if (reach == Reach::Archive) {
    GREFFE_TRY(FileLock lock, FileLock::acquire(archive.archive_lock(), acting.lock_wait));
    locks.push_back(std::move(lock));
  }
  GREFFE_TRY(FileLock lock, FileLock::acquire(archive.disposals_lock(), acting.lock_wait));
  locks.push_back(std::move(lock));
  // Before anything is written: a catalog does not open on a full disk (D5).
  std::optional<DisposalReserve> reserve;
  if (reach == Reach::Archive) {
    GREFFE_TRY(DisposalReserve taken, DisposalReserve::take(archive));
    reserve.emplace(std::move(taken));
  }
  GREFFE_TRY(const TimeZone zone, archive.policy_zone());
  GREFFE_TRY(catalog::Catalog catalog,
             catalog::Catalog::open(archive.catalog_file(), {.lock_wait = acting.lock_wait}));
  GREFFE_CHECK(check_clock(archive, catalog, acting, clock_jump));
  DisposalRun run(archive, acting, std::move(locks), std::move(reserve), std::move(catalog), zone);
  GREFFE_CHECK(sync_holds(archive, run.catalog_));
  GREFFE_CHECK(index_journal(archive, run.catalog_));
  GREFFE_CHECK(run.settle());
  return run;
}

Result<catalog::DisposalRecord> DisposalRun::read_list(const std::string& prefix) const {
  GREFFE_TRY(std::vector<std::string> ids, catalog::lists_in(archive_.disposals_folder()));
  std::erase_if(ids, [&](const std::string& id) { return prefix.empty() || !id.starts_with(prefix); });
  if (ids.empty())
    return fail(ErrorKind::Usage, "{}: no such list; greffe-retain proposals names them", prefix);
  if (ids.size() > 1)
    return fail(ErrorKind::Usage, "{}: several lists begin so:\n  {}", prefix, fmt::join(ids, "\n  "));
  return catalog::read_disposal(archive_.disposals_folder() / ids.front(), catalog_);
}

Status DisposalRun::publish(const std::string& list,
                            const std::vector<std::pair<std::string, std::string>>& files) {
  // One name for all: what a killed run left goes with the next.
  return publish_folder(archive_.staging_folder() / "disposal-list", archive_.disposals_folder() / list,
                        files);
}

Status DisposalRun::write(std::string_view action, const std::string& subject, const std::string& list,
                          const std::string& name, const std::string& text,
                          const std::function<Status()>& effect) {
  const std::string path = disposal_path(list, name);
  journal::Event event = disposal_event(action, subject, path, fixity::digest_of(text), "intended");
  GREFFE_CHECK(append_to_journal(archive_, acting_, event));
  GREFFE_CHECK(write_once(archive_.root() / path, text));
  if (effect) GREFFE_CHECK(effect());
  return append_done(archive_, acting_, std::move(event));
}

Status DisposalRun::index() { return index_journal(archive_, catalog_); }

Status DisposalRun::settle() {
  GREFFE_TRY(const std::vector<std::string> ids, catalog::lists_in(archive_.disposals_folder()));
  if (ids.empty()) return {};
  GREFFE_TRY(const std::set<std::string> closed, catalog::closed_lists(catalog_));
  for (const std::string& id : ids)
    if (!closed.contains(id)) GREFFE_CHECK(settle_list(id));
  return index();
}

Status DisposalRun::settle_list(const std::string& id) {
  const Path folder = archive_.disposals_folder() / id;
  GREFFE_TRY(catalog::DisposalRecord record, catalog::read_disposal(folder, catalog_));
  GREFFE_CHECK(return_held(record));
  for (const catalog::ListLine& line : record.list.lines)
    if (record.done.contains(line.meeting)) GREFFE_CHECK(settle_line(record, line));
  GREFFE_CHECK(close_if_over(record));
  GREFFE_TRY(const auto closed, catalog::read_closed(folder));
  return catalog_.connection().write(
      [&] { return catalog::put_disposal(catalog_, record, closed, come_again(archive_, record)); });
}

Status DisposalRun::settle_line(const catalog::DisposalRecord& record, const catalog::ListLine& line) {
  const catalog::LineFiles& done = record.done.find(line.meeting)->second;
  const std::string& list = record.list.id;
  const auto [action, name] = done.tombstone  ? std::pair(Purge, catalog::tombstone_file(line.meeting))
                              : done.restored ? std::pair(Restore, catalog::restored_file(line.meeting))
                                              : std::pair(Dispose, catalog::trashed_file(line.meeting));
  const std::string path = disposal_path(list, name);
  const auto outcome = catalog::last_disposal_outcome(catalog_, action, line.meeting, path);
  if (!outcome) return tl::unexpected(outcome.error());
  // What is done stays done: the meeting may have come again since, or be in another list.
  if (*outcome != "intended") return {};
  GREFFE_TRY(const FileLock lock, FileLock::acquire(archive_.meeting_lock(line.meeting), acting_.lock_wait));
  if (done.tombstone)
    GREFFE_CHECK(remove_from_trash(archive_, line.meeting));
  else if (done.restored)
    GREFFE_CHECK(bring_back(archive_, line.meeting));
  else
    GREFFE_CHECK(move_to_trash(archive_, line.meeting));
  GREFFE_TRY(const auto digest, fixity::digest_of_file(archive_.root() / path));
  return append_to_journal(archive_, acting_,
                           disposal_event(action, line.meeting, path, digest.digest, "done"));
}

Status DisposalRun::return_held(catalog::DisposalRecord& record) {
  for (const catalog::ListLine& line : record.list.lines) {
    const auto done = record.done.find(line.meeting);
    if (done == record.done.end() || done->second.restored || done->second.tombstone) continue;
    GREFFE_TRY(const auto holds, catalog::coverages_of(catalog_, line.meeting));
    if (state_of(record, line, holds, zone_, today()) != retention::LineState::Cancelled) continue;
    std::string hold;
    for (const catalog::CoveringHold& covering : holds)
      if (retention::was_held(coverages_for(record.list, std::span(&covering, 1), zone_), record.list.day,
                              today()))
        hold = covering.id;
    const catalog::Restored restored{.list = record.list.id,
                                     .meeting = line.meeting,
                                     .when = acting_.now,
                                     .by = person_of(acting_),
                                     .reason = "under legal hold",
                                     .hold = hold};
    GREFFE_TRY(const FileLock lock,
               FileLock::acquire(archive_.meeting_lock(line.meeting), acting_.lock_wait));
    GREFFE_CHECK(write(Restore, line.meeting, record.list.id, catalog::restored_file(line.meeting),
                       catalog::text_of(restored), [&] { return bring_back(archive_, line.meeting); }));
    done->second.restored = restored;
    log::info("{}: back from the trash, under hold {}", line.meeting, hold);
  }
  return {};
}

Status DisposalRun::close_if_over(catalog::DisposalRecord& record) {
  const Path folder = archive_.disposals_folder() / record.list.id;
  std::error_code error;
  if (fs::exists(folder / catalog::ClosedFile, error)) return {};
  catalog::ClosedList closed{.list = record.list.id, .when = acting_.now, .lines = {}};
  std::size_t certified = 0, destroyed = 0;
  for (const catalog::Certificate& certificate : record.certificates)
    certified += certificate.meetings.size();
  for (const catalog::ListLine& line : record.list.lines) {
    GREFFE_TRY(const auto holds, catalog::coverages_of(catalog_, line.meeting));
    const retention::LineState state = state_of(record, line, holds, zone_, today());
    if (retention::is_open(state)) return {};
    destroyed += state == retention::LineState::Destroyed ? 1 : 0;
    retention::LineHistory history = record.history_of(line.meeting);
    history.held = state == retention::LineState::Cancelled;
    catalog::ClosedLine ended{.state = state,
                              .again_from = retention::proposable_again(line.terms, history, today()),
                              .destroyed_by = {}};
    if (state == retention::LineState::DestroyedElsewhere)
      ended.destroyed_by = record.destroyed_elsewhere.at(line.meeting);
    closed.lines.emplace(line.meeting, std::move(ended));
  }
  if (certified < destroyed) return {};  // the certificate comes first
  return write("close-list", record.list.id, record.list.id, catalog::ClosedFile, catalog::text_of(closed));
}

Status move_to_trash(const catalog::Archive& archive, std::string_view meeting) {
  return move_folder(archive.meeting_folder(meeting), archive.trash_folder(meeting));
}

Status bring_back(const catalog::Archive& archive, std::string_view meeting) {
  return move_folder(archive.trash_folder(meeting), archive.meeting_folder(meeting));
}

Status remove_from_trash(const catalog::Archive& archive, std::string_view meeting) {
  const Path folder = archive.trash_folder(meeting);
  std::error_code error;
  const bool is_there = fs::exists(folder, error);
  GREFFE_CHECK(remove_tree(folder));
  if (is_there) GREFFE_CHECK(sync_directory(folder.parent_path()));
  // Of every list that ever had it: what commitments were made of is not to be guessed any more (D13).
  GREFFE_TRY(const std::vector<std::string> lists, catalog::lists_in(archive.disposals_folder()));
  for (const std::string& list : lists) {
    const Path salt = archive.root() / disposal_path(list, catalog::salt_file(meeting));
    if (fs::remove(salt, error)) GREFFE_CHECK(sync_directory(salt.parent_path()));
    if (error) return fail("{}: {}", salt.string(), error.message());
  }
  return {};
}

std::set<std::string> come_again(const catalog::Archive& archive, const catalog::DisposalRecord& record) {
  std::set<std::string> meetings;
  std::error_code error;
  for (const auto& [meeting, done] : record.done)
    if (done.tombstone && fs::exists(archive.meeting_folder(meeting), error)) meetings.insert(meeting);
  return meetings;
}

Status enter_late_disposals(const catalog::Archive& archive, const catalog::Catalog& catalog) {
  GREFFE_TRY(const OpenDisposals open, OpenDisposals::read(archive, catalog));
  for (const catalog::DisposalRecord& record : open.lists())
    GREFFE_CHECK(catalog::put_disposal(catalog, record, std::nullopt, come_again(archive, record)));
  return {};
}

Status index_disposals(const catalog::Archive& archive, const catalog::Catalog& catalog) {
  GREFFE_TRY(const std::vector<std::string> ids, catalog::lists_in(archive.disposals_folder()));
  GREFFE_TRY(const std::set<std::string> known, catalog::closed_lists(catalog));
  for (const std::string& id : ids) {
    if (known.contains(id)) continue;
    const Path folder = archive.disposals_folder() / id;
    GREFFE_TRY(const catalog::DisposalRecord record, catalog::read_disposal(folder));
    GREFFE_TRY(const auto closed, catalog::read_closed(folder));
    GREFFE_CHECK(catalog.connection().write(
        [&] { return catalog::put_disposal(catalog, record, closed, come_again(archive, record)); }));
  }
  return {};
}

Status return_what_is_held(const catalog::Archive& archive, const Acting& acting) {
  constexpr std::chrono::milliseconds Patience{500};
  std::error_code error;
  if (!fs::exists(archive.disposals_folder(), error)) return {};
  const Acting hasty{
      .actor = acting.actor, .now = acting.now, .lock_wait = std::min(acting.lock_wait, Patience)};
  const auto run = DisposalRun::begin(archive, hasty, DisposalRun::Reach::Lists, {});
  if (run) return {};
  const ErrorKind kind = run.error().kind();
  if (kind != ErrorKind::Busy && kind != ErrorKind::Refused) return tl::unexpected(run.error());
  log::warning("{}; what is held comes back from the trash with the next run of greffe-retain",
               kind == ErrorKind::Busy ? std::string("a disposal is under way") : run.error().message());
  return {};
}

}  // namespace greffe::custody
