#include "custody/verify_catalog.h"

#include <algorithm>
#include <optional>
#include <set>
#include <thread>
#include <unordered_map>

#include "base/file_lock.h"
#include "base/work_folder.h"
#include "catalog/dump.h"
#include "catalog/holds.h"
#include "catalog/query.h"
#include "custody/disposal_run.h"
#include "custody/disposal_state.h"
#include "custody/export_register.h"
#include "custody/hold_files.h"
#include "custody/meeting_record.h"
#include "custody/policy_state.h"
#include "custody/verify_journal.h"
#include "custody/verify_policy.h"
#include "fixity/manifest.h"

namespace greffe::custody {
namespace fs = std::filesystem;
namespace {

using namespace std::chrono_literals;
using journal::Finding;

constexpr const char* Place = "catalog.sqlite";
constexpr int HoldTries = 5;
constexpr auto BetweenTries = 200ms;

const std::string& name_of(const catalog::ParticipantRow& row) { return row.id; }
const std::string& name_of(const catalog::ProducerRow& row) { return row.name; }
const std::string& name_of(const catalog::TrackRow& row) { return row.track; }
const std::string& name_of(const catalog::AssetRow& row) { return row.path; }
const std::string& name_of(const catalog::RenderRow& row) { return row.file; }
std::string name_of(const catalog::CueRow& row) { return fmt::format("the one at {} ms", row.start_ms); }

// One line about two lists of rows; the first difference is named.
template <class Row>
void compare(std::string_view table, const std::vector<Row>& there, const std::vector<Row>& due,
             std::vector<std::string>& found) {
  if (there == due) return;
  const auto [mine, its] = std::mismatch(there.begin(), there.end(), due.begin(), due.end());
  const std::string counts =
      there.size() == due.size() ? "" : fmt::format("{} rows, {} are due; ", there.size(), due.size());
  const std::string name = its != due.end() ? name_of(*its) : name_of(*mine);
  found.push_back(fmt::format("{}: {}{} is otherwise", table, counts, name));
}

template <class Value>
void compare_field(std::string_view name, const Value& there, const Value& due, std::string& names) {
  if (there != due) names += (names.empty() ? "" : ", ") + std::string(name);
}

// The digests that the manifest of each meeting may have: the one last done, and any that was intended since.
class JournaledManifests {
 public:
  // What was entered since the last time.
  Status read(const catalog::Archive& archive) {
    GREFFE_TRY(journal::JournalReader reader, journal::JournalReader::open(archive.journal_folder(), next_));
    while (true) {
      const auto entry = reader.next();
      // A broken journal is told by verify_journal; what comes before the break counts.
      if (!entry && entry.error().kind() != ErrorKind::Integrity) return tl::unexpected(entry.error());
      if (!entry || !*entry) return {};
      next_ = (*entry)->seq + 1;
      for (const journal::FileChange& change : (*entry)->event.files)
        if (change.after) see((*entry)->event.outcome, change.file, *change.after);
    }
  }
  bool allows(const std::string& id, const fixity::Digest& digest) const {
    const auto found = digests_.find(catalog::Archive::meeting_path(id) + "/" + fixity::ManifestName);
    return found == digests_.end() ||
           std::find(found->second.begin(), found->second.end(), digest) != found->second.end();
  }

 private:
  void see(const std::string& outcome, const std::string& file, const fixity::Digest& after) {
    if (!file.ends_with(fixity::ManifestName)) return;
    auto& digests = digests_[file];
    if (outcome == "done") digests.clear();
    if (outcome != "failed") digests.push_back(after);
  }

  std::int64_t next_ = 1;
  std::unordered_map<std::string, std::vector<fixity::Digest>> digests_;
};

std::map<std::string, catalog::HoldMemberRow> by_meeting(const std::vector<catalog::HoldMemberRow>& members) {
  std::map<std::string, catalog::HoldMemberRow> sorted;
  for (const catalog::HoldMemberRow& member : members)
    sorted.emplace(member.meeting, member);  // the first stays
  return sorted;
}

class Comparison {
 public:
  Comparison(const catalog::Archive& archive, const catalog::Catalog& catalog,
             const VerifyCatalogOptions& options, ProgressSink& progress, CatalogVerification& found)
      : archive_(archive), catalog_(catalog), options_(options), progress_(progress), found_(found) {}

  Status run() {
    GREFFE_CHECK(manifests_.read(archive_));
    GREFFE_CHECK(compare_meetings());
    return compare_holds();
  }

 private:
  void find(std::string_view reason, std::string place, std::string text) {
    found_.findings.push_back({reason, std::move(place), std::move(text)});
  }

  Status compare_meetings() {
    GREFFE_TRY(std::vector<std::string> ids, archive_.kept_ids());
    GREFFE_TRY(const std::vector<std::string> rows, catalog_.meeting_ids());
    std::vector<std::string> all;
    std::set_union(ids.begin(), ids.end(), rows.begin(), rows.end(), std::back_inserter(all));
    std::uint64_t done = 0;
    for (const std::string& id : all) {
      progress_.advance("comparing meetings", done++, all.size());
      if (stop_requested()) return fail(ErrorKind::Interrupted, "stopped while comparing");
      GREFFE_TRY(std::vector<Finding> findings, compare_meeting(id));
      // A row with an id that somebody made up has no lock.
      if (!findings.empty() && catalog::is_meeting_id(id)) {
        GREFFE_TRY(findings, compare_locked(id));
      }
      ++found_.meetings;
      std::move(findings.begin(), findings.end(), std::back_inserter(found_.findings));
    }
    return {};
  }

  // Whoever changes a meeting holds its lock until its rows are made. Where nothing can be written, there is
  // no lock and nobody at work.
  Result<std::vector<Finding>> compare_locked(const std::string& id) {
    const auto lock = FileLock::acquire(archive_.meeting_lock(id), options_.lock_wait);
    if (!lock && (lock.error().kind() == ErrorKind::Busy || lock.error().kind() == ErrorKind::Interrupted))
      return tl::unexpected(lock.error());
    GREFFE_CHECK(manifests_.read(archive_));
    return compare_meeting(id);
  }

  Result<std::vector<Finding>> compare_meeting(const std::string& id) {
    std::vector<Finding> findings;
    // An id of a row somebody made up is no path.
    const bool is_id = catalog::is_meeting_id(id);
    const std::string place = is_id ? catalog::Archive::meeting_path(id) : std::string(Place);
    GREFFE_TRY(const auto row, catalog_.find_meeting(id));
    std::error_code error;
    GREFFE_TRY(const bool destroyed, is_id ? is_destroyed(archive_, id) : Result<bool>(false));
    if (destroyed && row)
      findings.push_back({reason::DestroyedRows, place, "rows of " + id + ", which was destroyed"});
    if (destroyed) return findings;
    if (!is_id || !fs::exists(archive_.place_of(id), error)) {
      if (row) findings.push_back({reason::MissingFolder, place, "rows of " + id + ", but no folder"});
      return findings;
    }
    DamageLog damage;
    const auto due = read_meeting_record(archive_.place_of(id), damage);
    if (!due || due->meeting.id != id) {
      findings.push_back(
          {reason::UnreadableFolder, place, due ? "meeting.json has another id" : due.error().message()});
      return findings;
    }
    std::string why;
    for (const Damage& entry : damage.entries()) why += "; " + entry.text;
    if (!row) findings.push_back({reason::MissingRows, place, "a folder, but no rows" + why});
    if (row)
      for (const std::string& difference : differences(*row, *due))
        findings.push_back(
            {why.empty() ? reason::OtherRows : reason::DamagedFolder, place, difference + why});
    if (!manifests_.allows(id, due->meeting.manifest))
      findings.push_back(
          {reason::OtherManifest, place + "/" + fixity::ManifestName,
           "is not the one that the journal tells of: SHA-256 " + due->meeting.manifest.hex()});
    return findings;
  }

  // Rows of a hold are committed a moment after its files are there.
  Status compare_holds() {
    for (int attempt = 1;; ++attempt) {
      const std::size_t before = found_.findings.size();
      GREFFE_CHECK(compare_holds_once());
      if (found_.findings.size() == before || attempt == HoldTries) return {};
      found_.findings.resize(before);
      std::this_thread::sleep_for(BetweenTries);
    }
  }

  Status compare_holds_once() {
    GREFFE_TRY(const std::vector<std::string> stored, stored_holds(archive_));
    GREFFE_TRY(const std::vector<catalog::HoldRow> rows, catalog::all_holds(catalog_));
    found_.holds = static_cast<std::int64_t>(stored.size());
    for (const catalog::HoldRow& row : rows)
      if (std::find(stored.begin(), stored.end(), row.id) == stored.end())
        find(reason::MissingHold, "holds/" + row.id, "rows, but no files");
    for (const std::string& id : stored) {
      const auto row =
          std::find_if(rows.begin(), rows.end(), [&](const auto& known) { return known.id == id; });
      GREFFE_CHECK(compare_hold(id, row == rows.end() ? nullptr : &*row));
    }
    return {};
  }

  Status compare_hold(const std::string& id, const catalog::HoldRow* row) {
    const std::string place = "holds/" + id;
    const auto stored = read_stored_hold(archive_, id);
    if (!stored) {
      find(reason::UnreadableHold, place, stored.error().message());
      return {};
    }
    if (!row) {
      find(reason::MissingHoldRows, place, "files, but no rows");
      return {};
    }
    if (!(*row == stored->hold)) find(reason::OtherHoldRows, place, "the rows are otherwise than the files");
    GREFFE_TRY(const auto members, catalog::members_of(catalog_, id));
    if (by_meeting(members) != by_meeting(stored->members))
      find(reason::OtherHoldRows, place,
           fmt::format("{} members in the catalog, {} in the files, or otherwise", members.size(),
                       by_meeting(stored->members).size()));
    return {};
  }

  const catalog::Archive& archive_;
  const catalog::Catalog& catalog_;
  const VerifyCatalogOptions& options_;
  ProgressSink& progress_;
  CatalogVerification& found_;
  JournaledManifests manifests_;
};

// Rows that are an index of a folder of files, which are written once.
struct FileIndex {
  std::string_view folder;
  std::vector<std::string_view> tables;
  std::string_view other, missing, unreadable;  // reasons
  Status (*make)(const catalog::Archive&, const catalog::Catalog&);
};

std::vector<FileIndex> file_indexes() {
  return {{.folder = "policy",
           .tables = {"policies", "policy_rules", "activations", "policy_locks", "events", "event_meetings"},
           .other = reason::OtherPolicyRows,
           .missing = reason::MissingPolicy,
           .unreadable = reason::UnreadablePolicy,
           .make = index_policy},
          {.folder = "exports",
           .tables = {"exports", "export_meetings", "export_parts"},
           .other = reason::OtherExportRows,
           .missing = reason::MissingExport,
           .unreadable = reason::UnreadableExport,
           .make = index_exports},
          {.folder = "disposals",
           .tables = {"disposal_lists", "disposal_lines", "destroyed_dumps"},
           .other = reason::OtherDisposalRows,
           .missing = reason::MissingDisposal,
           .unreadable = reason::UnreadableDisposal,
           .make = index_disposals}};
}

// The first difference between the rows of a table in two catalogs.
Result<std::optional<Finding>> compare_table(const FileIndex& index, const catalog::TableShape& table,
                                             const catalog::Catalog& there, const catalog::Catalog& due) {
  const std::string sql =
      fmt::format("SELECT {} FROM {} ORDER BY {}", table.columns, table.name, table.order);
  GREFFE_TRY(catalog::Query mine, catalog::Query::open(there, sql));
  GREFFE_TRY(catalog::Query its, catalog::Query::open(due, sql));
  const std::string folder(index.folder);
  for (std::int64_t number = 1;; ++number) {
    GREFFE_TRY(const auto row, mine.next());
    GREFFE_TRY(const auto wanted, its.next());
    const std::string place = fmt::format("{}: row {}", table.name, number);
    if (row && !wanted) return Finding{index.missing, folder, place + " is of no file"};
    if (row != wanted) return Finding{index.other, folder, place + (row ? " is otherwise" : " is missing")};
    if (!row) return std::nullopt;
  }
}

// The rows of a folder, which are made anew in a catalog of their own, as a rebuild makes them.
Status compare_files(const catalog::Archive& archive, const FileIndex& index, CatalogVerification& found) {
  GREFFE_TRY(const auto work, WorkFolder::create());
  const Path made = work->path() / "made.sqlite";
  {
    GREFFE_TRY(const catalog::Catalog making, catalog::Catalog::create(made));
    const Status indexed = index.make(archive, making);
    if (!indexed && indexed.error().kind() != ErrorKind::Integrity) return indexed;
    if (!indexed) {
      found.findings.push_back({index.unreadable, std::string(index.folder), indexed.error().message()});
      return {};
    }
  }
  // Queries take a connection for themselves.
  GREFFE_TRY(const catalog::Catalog due, catalog::Catalog::open_read_only(made));
  GREFFE_TRY(const catalog::Catalog there, catalog::Catalog::open_read_only(archive.catalog_file()));
  for (const catalog::TableShape& table : catalog::dumped_tables()) {
    if (std::find(index.tables.begin(), index.tables.end(), table.name) == index.tables.end()) continue;
    GREFFE_TRY(std::optional<Finding> finding, compare_table(index, table, there, due));
    if (finding) found.findings.push_back(std::move(*finding));
  }
  return {};
}

// Rows are committed a moment after the files are there: what differs is looked at again before it is told.
Status compare_files_again(const catalog::Archive& archive, const FileIndex& index,
                           CatalogVerification& found) {
  for (int attempt = 1;; ++attempt) {
    const std::size_t before = found.findings.size();
    GREFFE_CHECK(compare_files(archive, index, found));
    if (found.findings.size() == before || attempt == HoldTries) return {};
    found.findings.resize(before);
    std::this_thread::sleep_for(BetweenTries);
  }
}

// SQLite's own checks; false when rows cannot be believed.
Result<bool> check_database(const catalog::Catalog& catalog, const VerifyCatalogOptions& options,
                            CatalogVerification& found) {
  Status sound = catalog.check();
  if (sound && options.words) {
    GREFFE_TRY(const auto work, WorkFolder::create());
    sound = catalog.back_up(work->path() / "copy.sqlite");
  }
  if (sound) return true;
  if (sound.error().kind() != ErrorKind::Integrity) return tl::unexpected(sound.error());
  found.findings.push_back({journal::reason::DamagedCatalog, Place, sound.error().message()});
  return false;
}

}  // namespace

bool CatalogVerification::rebuild_helps() const {
  using namespace reason;
  const auto is_any_of = [](std::initializer_list<std::string_view> reasons) {
    return [reasons](const Finding& finding) {
      return std::find(reasons.begin(), reasons.end(), finding.reason) != reasons.end();
    };
  };
  const auto forgets = {MissingFolder,       DamagedFolder,    UnreadableFolder, OtherManifest,
                        MissingHold,         UnreadableHold,   MissingPolicy,    UnreadablePolicy,
                        MissingPolicyFile,   OtherPolicyFile,  MissingExport,    UnreadableExport,
                        MissingExportFile,   OtherExportFile,  MissingDisposal,  UnreadableDisposal,
                        MissingDisposalFile, OtherDisposalFile};
  const auto helps = {MissingCatalog,
                      MissingRows,
                      OtherRows,
                      MissingHoldRows,
                      OtherHoldRows,
                      OtherPolicyRows,
                      OtherExportRows,
                      OtherDisposalRows,
                      DestroyedRows,
                      journal::reason::RolledBackCatalog,
                      journal::reason::DamagedCatalog};
  return std::none_of(findings.begin(), findings.end(), is_any_of(forgets)) &&
         std::any_of(findings.begin(), findings.end(), is_any_of(helps));
}

std::vector<std::string> differences(const catalog::MeetingRecord& there, const catalog::MeetingRecord& due) {
  std::vector<std::string> found;
  std::string fields;
  compare_field("title", there.meeting.title, due.meeting.title, fields);
  compare_field("start_unix_ms", there.meeting.start_unix_ms, due.meeting.start_unix_ms, fields);
  compare_field("duration_ms", there.meeting.duration_ms, due.meeting.duration_ms, fields);
  compare_field("origin", there.meeting.origin, due.meeting.origin, fields);
  compare_field("class", there.meeting.meeting_class, due.meeting.meeting_class, fields);
  compare_field("manifest_sha256", there.meeting.manifest, due.meeting.manifest, fields);
  if (!fields.empty()) found.push_back(fmt::format("meetings: {} is otherwise", fields));
  compare("producers", there.producers, due.producers, found);
  compare("participants", there.participants, due.participants, found);
  compare("tracks", there.tracks, due.tracks, found);
  compare("assets", there.assets, due.assets, found);
  compare("renders", there.renders, due.renders, found);
  compare("cues", there.cues, due.cues, found);
  return found;
}

Result<CatalogVerification> verify_catalog(const catalog::Archive& archive,
                                           const VerifyCatalogOptions& options, ProgressSink& progress) {
  CatalogVerification found;
  if (!fs::exists(archive.catalog_file())) {
    found.findings.push_back({reason::MissingCatalog, Place, "is not there"});
    return found;
  }
  const auto catalog =
      catalog::Catalog::open_read_only(archive.catalog_file(), {.lock_wait = options.lock_wait});
  if (!catalog && catalog.error().kind() != ErrorKind::Integrity) return tl::unexpected(catalog.error());
  if (!catalog) {
    found.findings.push_back({journal::reason::DamagedCatalog, Place, catalog.error().message()});
    return found;
  }
  GREFFE_TRY(const bool sound, check_database(*catalog, options, found));
  if (!sound) return found;
  GREFFE_CHECK(Comparison(archive, *catalog, options, progress, found).run());
  for (const FileIndex& index : file_indexes()) GREFFE_CHECK(compare_files_again(archive, index, found));
  GREFFE_TRY(const std::vector<Finding> policy, verify_policy_files(archive));
  found.findings.insert(found.findings.end(), policy.begin(), policy.end());
  GREFFE_TRY(const JournalVerification verified, verify_journal(archive, {.now = options.now}));
  found.journal_entries = verified.catalog_entries;
  for (const Finding& finding : verified.check.findings.kept()) found.findings.push_back(finding);
  return found;
}

}  // namespace greffe::custody
