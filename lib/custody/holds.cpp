#include "custody/holds.h"

#include <algorithm>

#include "base/log.h"
#include "custody/catalog_index.h"
#include "custody/disposal_run.h"
#include "custody/disposal_state.h"
#include "custody/hold_files.h"
#include "custody/saved_queries.h"
#include "custody/write_once.h"

namespace greffe::custody {
namespace {

std::optional<CivilDate> date_in(const std::string& text) {
  const auto date = parse_date(text);
  return date ? std::optional(*date) : std::nullopt;
}

std::string text_or_none(const std::optional<CivilDate>& date) {
  return date ? text_of(*date) : std::string();
}

// Who asks what a hold would cover need not have its papers.
enum class Purpose { Place, Simulate };

Status check(const HoldRequest& request, Purpose purpose) {
  const int scopes =
      int{!request.query.empty()} + int{!request.condition.empty()} + int{!request.meetings.empty()};
  if (scopes != 1)
    return fail(ErrorKind::Usage, "a hold covers what one --query, one --where or --meeting ID… names");
  for (const auto& [name, text] :
       {std::pair("--matter", &request.matter), std::pair("--owner", &request.owner),
        std::pair("--reason", &request.reason)})
    if (purpose == Purpose::Place && text->empty())
      return fail(ErrorKind::Usage, "{}: a hold says this", name);
  if (request.blocks.empty()) return fail(ErrorKind::Usage, "--blocks: a hold that blocks nothing is none");
  for (const std::string& block : request.blocks)
    if (block != "dispose" && block != "alter" && block != "move")
      return fail(ErrorKind::Usage, "--blocks {}: there are dispose, alter and move", block);
  if (request.auto_release && !request.end) return fail(ErrorKind::Usage, "--auto-release needs --end");
  if (request.start && request.end && *request.end < *request.start)
    return fail(ErrorKind::Usage, "--end lies before --start");
  return {};
}

// A request, understood.
struct Wanted {
  catalog::HoldRow hold;
  catalog::MeetingScope scope;
  std::vector<std::string> meetings;
  json::Value parsed;
  std::string day;   // 20261123
  std::string text;  // of the request, without an id
};

// The same request of the same day is the same hold, as long as that stands for it: `before` is how many do
// not.
std::string id_of(const Wanted& wanted, int before) {
  const std::string again = before > 0 ? fmt::format("{}", before) : std::string();
  return fmt::format("hold-{}-{}", wanted.day, fixity::digest_of(wanted.text + again).hex().substr(0, 6));
}

std::string joined(const std::vector<std::string>& words) { return fmt::format("{}", fmt::join(words, ",")); }

Result<Wanted> understand(const catalog::Archive& archive, const HoldRequest& request, const Acting& acting,
                          Purpose purpose) {
  GREFFE_CHECK(check(request, purpose));
  GREFFE_TRY(const TimeZone zone, archive.policy_zone());
  std::string query = request.query, condition = request.condition;
  const auto age = query.starts_with('@') ? catalog::QueryAge::Stored : catalog::QueryAge::New;
  GREFFE_CHECK(resolve_saved_query(archive, query, condition));
  const CivilDate today = zone.date_of(acting.now);
  if (request.auto_release && *request.end < today)
    return fail(ErrorKind::Usage, "--end {}: has passed; with --auto-release it would never bind",
                text_of(*request.end));
  Wanted wanted;
  wanted.hold = {.id = {},
                 .matter = request.matter,
                 .owner = request.owner,
                 .reason = request.reason,
                 .created_by = journal::login_of(acting.actor),
                 .created_utc = {},
                 .start_date = text_of(request.start.value_or(today)),
                 .end_date = text_or_none(request.end),
                 .auto_release = request.auto_release ? 1 : 0,
                 .review_on = text_or_none(request.review_on),
                 .mode = request.snapshot || !request.meetings.empty() ? "snapshot" : "live",
                 .blocks = joined(request.blocks),
                 .query = query,
                 .condition = condition,
                 .confidential = request.confidential ? 1 : 0};
  if (!query.empty()) {
    GREFFE_TRY(wanted.scope.query, catalog::MeetingQuery::parse(query, zone, age));
    wanted.parsed = wanted.scope.query->parsed();
  }
  wanted.scope.condition = condition;
  for (const std::string& name : request.meetings) {
    GREFFE_TRY(std::string id, archive.find_any_meeting(name));
    wanted.meetings.push_back(std::move(id));
  }
  std::sort(wanted.meetings.begin(), wanted.meetings.end());
  wanted.meetings.erase(std::unique(wanted.meetings.begin(), wanted.meetings.end()), wanted.meetings.end());
  wanted.day = text_of(today);
  std::erase(wanted.day, '-');
  wanted.text = hold_text(wanted.hold, wanted.meetings, {});
  wanted.hold.id = id_of(wanted, 0);
  wanted.hold.created_utc = rfc3339(acting.now);
  return wanted;
}

// In the transaction that places the hold: what was named and is destroyed by now cannot be held any more.
Result<std::vector<std::string>> find_covered(const catalog::Archive& archive,
                                              const catalog::Catalog& catalog, const Wanted& wanted) {
  if (wanted.meetings.empty()) return catalog::find_matches(catalog, wanted.scope);
  std::vector<std::string> there;
  for (const std::string& id : wanted.meetings) {
    GREFFE_TRY(const bool gone, is_destroyed(archive, id));
    if (gone)
      log::warning("{}: destroyed already; greffe-retain certificate tells when and why", id);
    else
      there.push_back(id);
  }
  if (there.empty())
    return fail(ErrorKind::Usage, "{}: destroyed already, so nothing is left to hold",
                wanted.meetings.front());
  return there;
}

// Why a meeting was matched: the query, and the digest of all that it could have looked at (H4).
Result<std::string> evidence_of(const catalog::Catalog& catalog, std::string_view meeting,
                                json::Object evidence) {
  GREFFE_TRY(const auto manifest, catalog::manifest_of(catalog, meeting));
  if (manifest) evidence.set("manifest_sha256", manifest->hex());
  return json::write(std::move(evidence), json::Style::Canonical);
}

json::Object matched_by(const catalog::HoldRow& hold) {
  if (!hold.query.empty()) return {{"by", "query"}, {"query", hold.query}};
  if (!hold.condition.empty()) return {{"by", "condition"}, {"condition", hold.condition}};
  return {{"by", "id"}};
}

Result<std::vector<catalog::HoldMemberRow>> members_for(const catalog::Catalog& catalog,
                                                        const catalog::HoldRow& hold,
                                                        const std::vector<std::string>& meetings) {
  std::vector<catalog::HoldMemberRow> members;
  for (const std::string& meeting : meetings) {
    GREFFE_TRY(std::string evidence, evidence_of(catalog, meeting, matched_by(hold)));
    members.push_back({meeting, hold.created_utc, std::move(evidence)});
  }
  return members;
}

journal::Event event_of(std::string action, std::vector<std::string> subjects,
                        std::vector<std::pair<std::string, std::string>> files) {
  journal::Event event{.action = std::move(action), .subjects = std::move(subjects), .outcome = "intended"};
  for (const auto& [path, text] : files)
    event.files.push_back({.file = path, .before = {}, .after = fixity::digest_of(text)});
  return event;
}

// Holds of which the files tell more than the rows: the id, and how many batches of its members are known.
Result<std::vector<std::pair<std::string, std::int64_t>>> late_holds(const catalog::Archive& archive,
                                                                     const catalog::Catalog& catalog) {
  GREFFE_TRY(const auto stored, stored_holds(archive));
  GREFFE_TRY(const auto rows, catalog::all_holds(catalog));
  std::vector<std::pair<std::string, std::int64_t>> late;
  for (const std::string& id : stored) {
    const auto row =
        std::find_if(rows.begin(), rows.end(), [&](const auto& known) { return known.id == id; });
    if (row == rows.end() || has_more(archive, *row))
      late.emplace_back(id, row == rows.end() ? 0 : row->batches);
  }
  return late;
}

// What a program that was killed has left in holds/. To be called in the transaction of whoever adds to it:
// files there are written under the catalog's lock only, so what was read before that lock was taken may be
// out of date.
Status enter_late_holds(const catalog::Archive& archive, const catalog::Catalog& catalog) {
  GREFFE_TRY(const auto late, late_holds(archive, catalog));
  for (const auto& [id, batches] : late) {
    GREFFE_TRY(const StoredHold hold, read_stored_hold(archive, id, batches));
    GREFFE_CHECK(catalog::put_hold(catalog, hold.hold));
    GREFFE_CHECK(catalog::put_members(catalog, id, hold.members));
  }
  return {};
}

Result<catalog::Catalog> open_catalog(const catalog::Archive& archive, const Acting& acting) {
  GREFFE_TRY(catalog::Catalog catalog,
             catalog::Catalog::open(archive.catalog_file(), {.lock_wait = acting.lock_wait}));
  GREFFE_CHECK(sync_holds(archive, catalog));
  return catalog;
}

Result<std::optional<catalog::HoldRow>> find_hold(const catalog::Catalog& catalog, const std::string& id) {
  GREFFE_TRY(const auto holds, catalog::all_holds(catalog));
  for (const catalog::HoldRow& hold : holds)
    if (hold.id == id) return hold;
  return std::nullopt;
}

// Not one that was released, nor a snapshot of when fewer were there.
Result<bool> stands_for(const catalog::Catalog& catalog, const catalog::HoldRow& hold,
                        const std::vector<std::string>& meetings) {
  if (!hold.released_date.empty()) return false;
  if (hold.mode == "live") return true;
  for (const std::string& id : meetings) {
    GREFFE_TRY(const bool covered, catalog::is_member(catalog, hold.id, id));
    if (!covered) return false;
  }
  return true;
}

// The hold that stands for this request; where there is none `wanted` has an id of its own.
Result<std::optional<catalog::HoldRow>> find_standing(const catalog::Catalog& catalog, Wanted& wanted,
                                                      const std::vector<std::string>& meetings) {
  for (int before = 0;; ++before) {
    wanted.hold.id = id_of(wanted, before);
    GREFFE_TRY(auto known, find_hold(catalog, wanted.hold.id));
    if (!known) return known;
    GREFFE_TRY(const bool stands, stands_for(catalog, *known, meetings));
    if (stands) return known;
  }
}

Result<HoldReport> report_of(const catalog::Catalog& catalog, catalog::HoldRow hold,
                             const std::vector<std::string>& meetings) {
  HoldReport report{.hold = std::move(hold)};
  GREFFE_TRY(report.covered, catalog::describe_meetings(catalog, meetings));
  return report;
}

// Which meetings a live hold takes: of all, or whether it takes this one.
Result<std::vector<std::string>> taken_by(const catalog::Archive& archive, const catalog::Catalog& catalog,
                                          const catalog::HoldRow& hold, std::string_view meeting) {
  GREFFE_TRY(const TimeZone zone, archive.policy_zone());
  catalog::MeetingScope scope{.query = {}, .condition = hold.condition};
  if (!hold.query.empty()) {
    GREFFE_TRY(scope.query, catalog::MeetingQuery::parse(hold.query, zone, catalog::QueryAge::Stored));
  }
  if (meeting.empty()) return catalog::find_matches(catalog, scope);
  GREFFE_TRY(const bool matches, catalog::is_match(catalog, scope, meeting));
  return matches ? std::vector{std::string(meeting)} : std::vector<std::string>{};
}

// What a hold takes anew, with the evidence of it.
struct Cover {
  catalog::HoldRow hold;
  std::vector<catalog::HoldMemberRow> members;
};

// Of all meetings, or of one. What has been a member stays one, whatever it is now (H4).
Result<Cover> cover_by(const catalog::Archive& archive, const catalog::Catalog& catalog,
                       const catalog::HoldRow& hold, std::string_view meeting, const Acting& acting,
                       DamageLog& damage) {
  Cover cover{.hold = hold, .members = {}};
  auto taken = taken_by(archive, catalog, hold, meeting);
  json::Object evidence = matched_by(hold);
  if (!taken) {
    if (taken.error().kind() == ErrorKind::Interrupted) return tl::unexpected(taken.error());
    const std::string why = taken.error().message();
    evidence.set("failed", why);
    damage.add({.condition = "hold-query-failed",
                .place = hold.id,
                .unit = "meetings",
                .text = fmt::format("{}: counted as a match of {}", why,
                                    meeting.empty() ? "every meeting" : meeting)});
    taken = std::vector{std::string(meeting)};
    if (meeting.empty()) taken = catalog.meeting_ids();
    if (!taken) return tl::unexpected(taken.error());
  }
  for (std::string& id : *taken) {
    GREFFE_TRY(const bool covered, catalog::is_member(catalog, hold.id, id));
    if (covered) continue;
    GREFFE_TRY(std::string text, evidence_of(catalog, id, evidence));
    cover.members.push_back({std::move(id), rfc3339(acting.now), std::move(text)});
  }
  return cover;
}

constexpr std::size_t MostNamed = 64;  // meetings in one entry; of more the file of members tells

// Journal, files and rows, in this order. Of a hold whose folder somebody deleted only rows are left to tell.
Status enter_covers(const catalog::Archive& archive, const catalog::Catalog& catalog,
                    std::vector<Cover> covers, const Acting& acting) {
  std::vector<journal::Event> events;
  std::vector<std::pair<Path, std::string>> files;
  for (Cover& cover : covers) {
    std::vector<std::string> subjects{cover.hold.id};
    if (cover.members.size() <= MostNamed)
      for (const catalog::HoldMemberRow& member : cover.members) subjects.push_back(member.meeting);
    std::vector<std::pair<std::string, std::string>> written;
    if (std::filesystem::exists(holds_folder(archive) / cover.hold.id)) {
      written.emplace_back(members_path(cover.hold.id, ++cover.hold.batches),
                           members_text(cover.hold.id, cover.members));
      files.emplace_back(archive.root() / written.front().first, written.front().second);
    }
    events.push_back(event_of("hold-cover", std::move(subjects), std::move(written)));
  }
  GREFFE_CHECK(append_to_journal(archive, acting, events));
  for (const auto& [path, text] : files) GREFFE_CHECK(write_once(path, text));
  for (const Cover& cover : covers) {
    GREFFE_CHECK(catalog::put_hold(catalog, cover.hold));
    GREFFE_CHECK(catalog::put_members(catalog, cover.hold.id, cover.members));
  }
  return append_done(archive, acting, std::move(events));
}

Status cover(const catalog::Archive& archive, const catalog::Catalog& catalog, std::string_view meeting,
             const Acting& acting, DamageLog& damage) {
  GREFFE_CHECK(enter_late_holds(archive, catalog));
  GREFFE_TRY(const auto holds, catalog::all_holds(catalog));
  std::vector<Cover> covers;
  for (const catalog::HoldRow& hold : holds) {
    if (hold.mode != "live" || !hold.released_date.empty()) continue;
    if (!meeting.empty()) {
      GREFFE_TRY(const bool covered, catalog::is_member(catalog, hold.id, meeting));
      if (covered) continue;
    }
    GREFFE_TRY(Cover found, cover_by(archive, catalog, hold, meeting, acting, damage));
    if (!found.members.empty()) covers.push_back(std::move(found));
  }
  return enter_covers(archive, catalog, std::move(covers), acting);
}

}  // namespace

std::int64_t HoldReport::bytes() const {
  std::int64_t sum = 0;
  for (const catalog::HeldMeeting& meeting : covered) sum += meeting.bytes;
  return sum;
}

Result<HoldReport> simulate_hold(const catalog::Archive& archive, const HoldRequest& request,
                                 const Acting& acting) {
  GREFFE_TRY(const Wanted wanted, understand(archive, request, acting, Purpose::Simulate));
  GREFFE_TRY(const catalog::Catalog catalog,
             catalog::Catalog::open_read_only(archive.catalog_file(), {.lock_wait = acting.lock_wait}));
  GREFFE_TRY(const auto meetings, find_covered(archive, catalog, wanted));
  GREFFE_TRY(HoldReport report, report_of(catalog, wanted.hold, meetings));
  GREFFE_TRY(report.too_late, find_destroyed_matches(archive, wanted.scope, wanted.meetings));
  return report;
}

Result<HoldReport> place_hold(const catalog::Archive& archive, const HoldRequest& request,
                              const Acting& acting) {
  GREFFE_TRY(Wanted wanted, understand(archive, request, acting, Purpose::Place));
  GREFFE_TRY(catalog::Catalog catalog, open_catalog(archive, acting));
  std::vector<std::string> meetings;
  std::optional<journal::Event> event;
  bool already_there = false;
  const Status placed = catalog.connection().write([&]() -> Status {
    GREFFE_CHECK(enter_late_holds(archive, catalog));
    GREFFE_CHECK(enter_late_disposals(archive, catalog));
    GREFFE_TRY(meetings, find_covered(archive, catalog, wanted));
    GREFFE_TRY(const auto known, find_standing(catalog, wanted, meetings));
    if (known) {
      already_there = true;
      wanted.hold = *known;
      meetings.clear();
      GREFFE_TRY(const auto members, catalog::members_of(catalog, known->id));
      for (const auto& member : members) meetings.push_back(member.meeting);
      return {};
    }
    GREFFE_TRY(const auto members, members_for(catalog, wanted.hold, meetings));
    const std::string folder = "holds/" + wanted.hold.id + "/";
    const std::string hold = hold_text(wanted.hold, wanted.meetings, wanted.parsed);
    const std::string covered = members_text(wanted.hold.id, members);
    event = event_of("hold-place", {wanted.hold.id},
                     {{folder + "hold.json", hold}, {members_path(wanted.hold.id, 1), covered}});
    GREFFE_CHECK(append_to_journal(archive, acting, *event));
    GREFFE_CHECK(publish_folder(archive.staging_folder() / wanted.hold.id,
                                holds_folder(archive) / wanted.hold.id,
                                {{"hold.json", hold}, {"members-000001.json", covered}}));
    wanted.hold.batches = 1;
    GREFFE_CHECK(catalog::put_hold(catalog, wanted.hold));
    return catalog::put_members(catalog, wanted.hold.id, members);
  });
  GREFFE_CHECK(placed);
  if (event) GREFFE_CHECK(append_done(archive, acting, *event));
  GREFFE_CHECK(index_journal(archive, catalog));
  GREFFE_CHECK(return_what_is_held(archive, acting));
  GREFFE_TRY(HoldReport report, report_of(catalog, wanted.hold, meetings));
  report.already_there = already_there;
  GREFFE_TRY(report.too_late, find_destroyed_matches(archive, wanted.scope, wanted.meetings));
  return report;
}

Result<catalog::HoldRow> release_hold(const catalog::Archive& archive, const std::string& id,
                                      const std::string& reason, bool same_person, const Acting& acting) {
  GREFFE_TRY(const TimeZone zone, archive.policy_zone());
  GREFFE_TRY(catalog::Catalog catalog, open_catalog(archive, acting));
  std::optional<journal::Event> event;
  std::optional<catalog::HoldRow> hold;
  const Status released = catalog.connection().write([&]() -> Status {
    GREFFE_CHECK(enter_late_holds(archive, catalog));
    GREFFE_TRY(hold, find_hold(catalog, id));
    if (!hold) return fail(ErrorKind::Usage, "{}: no such hold; greffe-hold list names them", id);
    if (!hold->released_date.empty()) return {};
    if (reason.empty()) return fail(ErrorKind::Usage, "--reason: a release says why");
    const std::string who = journal::login_of(acting.actor);
    if (who == hold->created_by && !same_person)
      return fail(ErrorKind::Refused,
                  "{}: placed by {}, so somebody else releases it (or --same-person, which is "
                  "journaled)",
                  id, who);
    hold->released_date = text_of(zone.date_of(acting.now));
    hold->released_by = who;
    hold->release_reason = reason;
    const std::string text = release_text(*hold);
    event = event_of(who == hold->created_by ? "hold-release-same-person" : "hold-release", {id},
                     {{fmt::format("holds/{}/release.json", id), text}});
    GREFFE_CHECK(append_to_journal(archive, acting, *event));
    GREFFE_CHECK(write_once(holds_folder(archive) / id / "release.json", text));
    return catalog::put_hold(catalog, *hold);
  });
  GREFFE_CHECK(released);
  if (event) GREFFE_CHECK(append_done(archive, acting, *event));
  GREFFE_CHECK(index_journal(archive, catalog));
  return *hold;
}

Status sync_holds(const catalog::Archive& archive, const catalog::Catalog& catalog) {
  GREFFE_TRY(const auto late, late_holds(archive, catalog));
  if (late.empty()) return {};
  return catalog.connection().write([&] { return enter_late_holds(archive, catalog); });
}

Status cover_meeting(const catalog::Archive& archive, const catalog::Catalog& catalog,
                     std::string_view meeting, const Acting& acting, DamageLog& damage) {
  return cover(archive, catalog, meeting, acting, damage);
}

Status cover_meetings(const catalog::Archive& archive, const catalog::Catalog& catalog, const Acting& acting,
                      DamageLog& damage) {
  return cover(archive, catalog, {}, acting, damage);
}

Status refuse_if_held(const catalog::Archive& archive, std::string_view meeting, std::string_view what,
                      const Acting& acting) {
  GREFFE_TRY(const TimeZone zone, archive.policy_zone());
  GREFFE_TRY(const catalog::Catalog catalog, open_catalog(archive, acting));
  GREFFE_TRY(const auto holds, catalog::holds_on(catalog, meeting));
  std::vector<std::string> names;
  for (const catalog::HoldRow& hold : binding(holds, zone.date_of(acting.now)))
    if (("," + hold.blocks + ",").find("," + std::string(what) + ",") != std::string::npos)
      names.push_back(hold.id);
  if (names.empty()) return {};
  return fail(ErrorKind::Refused, "{}: under legal hold, not to be changed: {}", meeting,
              fmt::join(names, ", "));
}

retention::HoldTerms terms_of(const catalog::HoldRow& hold) {
  return {.start = date_in(hold.start_date).value_or(CivilDate{std::chrono::year(1) / 1 / 1}),
          .end = date_in(hold.end_date),
          .auto_release = hold.auto_release != 0,
          .review_on = date_in(hold.review_on),
          .released = date_in(hold.released_date)};
}

std::vector<catalog::HoldRow> binding(const std::vector<catalog::HoldRow>& holds, CivilDate as_of) {
  std::vector<catalog::HoldRow> found;
  std::copy_if(holds.begin(), holds.end(), std::back_inserter(found), [&](const catalog::HoldRow& hold) {
    return retention::binds(retention::state_of(terms_of(hold), as_of));
  });
  return found;
}

}  // namespace greffe::custody
