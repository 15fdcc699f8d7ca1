#include "custody/verify_files.h"

#include <algorithm>
#include <set>

#include "base/file_lock.h"
#include "base/folder.h"
#include "base/parallel.h"
#include "custody/disposal_state.h"

namespace greffe::custody {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr std::uint64_t BatchBytes = 256u << 20;  // for each job
constexpr std::size_t BatchMeetings = 256;
constexpr auto TimeOfBatch = 20s;  // at the rate that is allowed
constexpr auto BetweenRecords = 10s;
constexpr std::uint64_t Parts = 1000;  // of a meeting, in the progress
constexpr int Tries = 3;

// One file of one of the meetings of a batch.
struct FileOfBatch {
  std::size_t meeting = 0;
  std::size_t file = 0;
  std::uint64_t bytes = 0;
};

// What lies in meetings/ and is on no way to a meeting: no manifest can name it.
void find_strays(const Path& folder, const std::string& place, const std::string& date,
                 std::vector<journal::Finding>& findings) {
  std::vector<FolderEntry> entries;
  const std::error_code error = read_folder(folder, entries);
  for (const auto& [name, kind] : entries) {
    const std::string here = place + "/" + name;
    const bool is_date = std::all_of(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; }) &&
                         name.size() == (date.empty() ? 4u : 2u);
    const bool is_meeting = date.size() == 8 && catalog::is_meeting_id(name) && name.starts_with(date);
    if (kind == FolderEntry::Kind::Link)
      findings.push_back({reason::Link, here, "a symbolic link among the meetings; it is not followed"});
    else if (kind == FolderEntry::Kind::Folder && date.size() < 8 && is_date)
      find_strays(folder / name, here, date + name, findings);
    else if (kind != FolderEntry::Kind::Folder || !is_meeting)
      findings.push_back({reason::Orphan, here, "is in no meeting folder"});
  }
  if (error && error != std::errc::no_such_file_or_directory)
    findings.push_back({reason::Unreadable, place, error.message()});
}

class Run {
 public:
  Run(const catalog::Archive& archive, const VerifyFilesOptions& options, DamageLog& damage,
      ProgressSink& progress)
      : archive_(archive),
        options_(options),
        damage_(damage),
        progress_(progress),
        rate_(options.bytes_per_second),
        jobs_(options.jobs == 0 ? MostJobs : std::min(options.jobs, MostJobs)) {}

  Result<FilesVerification> run() {
    GREFFE_TRY(const std::optional<FileLock> lock, lock_records());
    GREFFE_CHECK(read_records());
    GREFFE_TRY(const std::vector<std::string> ids, chosen());
    const auto began = Clock::now();
    last_written_ = began;
    total_ = ids.size();
    std::size_t next = 0;
    Status verified;
    while (verified && next < ids.size() && !stop_requested()) {
      if (options_.time_limit && Clock::now() - began >= *options_.time_limit) break;
      verified = verify_batch(ids, next);
    }
    found_.interrupted = stop_requested();
    found_.left = ids.size() - reached_;
    const Status written = write_records();  // what was verified counts, whatever came behind it
    if (!verified && verified.error().kind() != ErrorKind::Interrupted)
      return tl::unexpected(verified.error());
    GREFFE_CHECK(written);
    tell_standing();
    return std::move(found_);
  }

 private:
  Result<std::optional<FileLock>> lock_records() const {
    if (!options_.state) return std::nullopt;
    GREFFE_TRY(FileLock lock, FileLock::acquire(options_.state->string() + ".lock", options_.lock_wait));
    return std::optional<FileLock>(std::move(lock));
  }

  Status read_records() {
    if (!options_.state) return {};
    auto records = read_fixity_records(*options_.state);
    if (records) {
      records_ = std::move(*records);
      return {};
    }
    damage_.add({.condition = "unreadable-state",
                 .place = options_.state->string(),
                 .unit = "files",
                 .text = records.error().message() + "; every meeting counts as never verified"});
    return {};
  }

  Status write_records() {
    last_written_ = Clock::now();
    return options_.state ? write_fixity_records(*options_.state, records_) : Status();
  }

  Result<std::vector<std::string>> chosen() {
    std::vector<std::string> ids;
    for (const std::string& name : options_.meetings) {
      GREFFE_TRY(std::string id, archive_.find_meeting(name));
      if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(std::move(id));
    }
    if (!options_.meetings.empty()) return ids;
    GREFFE_TRY(ids, archive_.kept_ids());
    GREFFE_TRY(const std::set<std::string> destroyed, destroyed_meetings(archive_));
    std::erase_if(ids, [&](const std::string& id) { return destroyed.contains(id); });
    std::erase_if(records_, [&](const auto& record) { return destroyed.contains(record.first); });
    find_strays(archive_.root() / "meetings", "meetings", "", found_.findings);
    for (const auto& [id, record] : records_)
      if (!std::binary_search(ids.begin(), ids.end(), id))
        found_.findings.push_back({reason::Missing, catalog::Archive::meeting_path(id),
                                   fmt::format("the folder was verified on {} and is not there any more",
                                               rfc3339(record.verified, 0))});
    return choose_meetings(std::move(ids), records_,
                           {.percent = options_.percent,
                            .by_age = options_.state.has_value(),
                            .older_than = options_.older_than,
                            .now = options_.now});
  }

  std::uint64_t batch_bytes() const {
    const std::uint64_t most = BatchBytes * jobs_;
    return options_.bytes_per_second == 0
               ? most
               : std::min<std::uint64_t>(most, options_.bytes_per_second * TimeOfBatch.count());
  }

  // Verifies the meetings from `next` on that make a batch.
  Status verify_batch(const std::vector<std::string>& ids, std::size_t& next) {
    std::vector<FolderFixity> batch;
    const std::size_t first = next;
    std::uint64_t bytes = 0;
    const std::size_t most = jobs_ == 1 ? 1 : BatchMeetings;
    while (next < ids.size() && batch.size() < most && (batch.empty() || bytes < batch_bytes())) {
      GREFFE_TRY(FolderFixity folder,
                 FolderFixity::open(archive_.place_of(ids[next]), path_of(ids[next]), rate_));
      bytes += folder.bytes();
      batch.push_back(std::move(folder));
      ++next;
    }
    GREFFE_CHECK(hash(batch, bytes));
    for (std::size_t i = 0; i < batch.size(); ++i) GREFFE_CHECK(conclude(ids[first + i], batch[i]));
    if (Clock::now() - last_written_ >= BetweenRecords) {
      // Only a hint for the next night; the end of the run tells when it cannot be written.
      static_cast<void>(write_records());
    }
    return {};
  }

  Status hash(std::vector<FolderFixity>& batch, std::uint64_t bytes) {
    std::vector<FileOfBatch> files;
    for (std::size_t meeting = 0; meeting < batch.size(); ++meeting)
      for (std::size_t file = 0; file < batch[meeting].files(); ++file)
        files.push_back({meeting, file, batch[meeting].bytes(file)});
    std::stable_sort(files.begin(), files.end(),
                     [](const FileOfBatch& a, const FileOfBatch& b) { return a.bytes > b.bytes; });
    std::mutex telling;
    std::uint64_t done = 0;
    const auto seen = [&](Bytes piece) {
      const std::lock_guard lock(telling);
      done += piece.size();
      const double share =
          bytes == 0 ? 1 : std::min(1.0, static_cast<double>(done) / static_cast<double>(bytes));
      const auto parts = static_cast<std::uint64_t>(share * static_cast<double>(batch.size() * Parts));
      progress_.advance("verifying", reached_ * Parts + parts, total_ * Parts);
    };
    Status status = for_each_index(files.size(), jobs_, [&](std::size_t index) {
      return batch[files[index].meeting].verify(files[index].file, rate_, seen);
    });
    found_.bytes += done;
    return status;
  }

  // As findings name it: relative to the archive.
  std::string path_of(const std::string& id) const {
    return archive_.place_of(id) == archive_.trash_folder(id) ? "trash/" + id
                                                              : catalog::Archive::meeting_path(id);
  }

  Status conclude(const std::string& id, const FolderFixity& folder) {
    std::vector<journal::Finding> findings = folder.findings();
    bool busy = false;
    if (!findings.empty()) {
      GREFFE_TRY(findings, look_again(id, busy));
    }
    ++reached_;
    if (busy) return {};
    ++found_.meetings;
    found_.files += folder.files();
    records_.insert_or_assign(id, FixityRecord{std::chrono::floor<std::chrono::seconds>(options_.now),
                                               static_cast<std::int64_t>(findings.size())});
    seen_.insert(id);
    std::move(findings.begin(), findings.end(), std::back_inserter(found_.findings));
    return {};
  }

  // Where the lock cannot be taken for another reason than that somebody has it, nothing can be written, and
  // an unchanged manifest shows that nobody was at work.
  Result<std::vector<journal::Finding>> look_again(const std::string& id, bool& busy) {
    const auto lock = FileLock::acquire(archive_.meeting_lock(id), options_.lock_wait);
    const Path folder = archive_.place_of(id);
    if (!lock && lock.error().kind() == ErrorKind::Interrupted) return tl::unexpected(lock.error());
    busy = !lock && lock.error().kind() == ErrorKind::Busy;
    if (busy) {
      damage_.add(
          {.condition = "busy-meeting", .place = id, .unit = "meetings", .text = lock.error().message()});
      return std::vector<journal::Finding>();
    }
    GREFFE_TRY(const bool destroyed, is_destroyed(archive_, id));
    if (destroyed) return std::vector<journal::Finding>();
    for (int attempt = 1;; ++attempt) {
      GREFFE_TRY(FolderFixity fixity, FolderFixity::open(folder, path_of(id), rate_));
      for (std::size_t file = 0; file < fixity.files(); ++file) GREFFE_CHECK(fixity.verify(file, rate_, {}));
      if (lock || attempt == Tries || has_manifest(folder, fixity.manifest_digest()))
        return fixity.findings();
    }
  }

  void tell_standing() {
    if (!options_.meetings.empty()) return;
    for (const auto& [id, record] : records_)
      if (record.findings > 0 && !seen_.contains(id)) found_.standing.push_back({id, record});
  }

  const catalog::Archive& archive_;
  const VerifyFilesOptions& options_;
  DamageLog& damage_;
  ProgressSink& progress_;
  ByteRate rate_;
  unsigned jobs_;
  FixityRecords records_;
  std::set<std::string> seen_;  // verified in this run
  FilesVerification found_;
  std::uint64_t total_ = 0, reached_ = 0;
  Clock::time_point last_written_{};
};

}  // namespace

Path default_fixity_state(const catalog::Archive& archive) { return archive.root() / "locks/fixity.json"; }

Result<FilesVerification> verify_files(const catalog::Archive& archive, const VerifyFilesOptions& options,
                                       DamageLog& damage, ProgressSink& progress) {
  return Run(archive, options, damage, progress).run();
}

}  // namespace greffe::custody
