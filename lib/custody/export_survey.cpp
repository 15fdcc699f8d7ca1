#include "custody/export_survey.h"

#include <algorithm>
#include <numeric>

#include "base/file_lock.h"
#include "base/progress.h"
#include "base/text.h"
#include "custody/folder_fixity.h"
#include "custody/meeting_record.h"

namespace greffe::custody {
namespace {

constexpr std::uint64_t LargestManifestFile = 64u << 20;
constexpr std::size_t MostProblemsNamed = 100;

Result<SurveyedMeeting> survey(const catalog::Archive& archive, const std::string& id,
                               std::vector<std::string>& problems) {
  const Path folder = archive.meeting_folder(id);
  ByteRate unlimited(0);
  GREFFE_TRY(const FolderFixity fixity,
             FolderFixity::open(folder, catalog::Archive::meeting_path(id), unlimited));
  for (const journal::Finding& finding : fixity.findings())
    problems.push_back(fmt::format("{}: {}: {}", finding.reason, printable(finding.place), finding.text));
  SurveyedMeeting meeting{.id = id};
  if (!fixity.findings().empty()) return meeting;
  GREFFE_TRY(const std::string text, read_text(folder / fixity::ManifestName, LargestManifestFile));
  GREFFE_TRY(const fixity::Manifest manifest, fixity::Manifest::parse(text));
  meeting.manifest = fixity::digest_of(text);
  for (const auto& [name, digest] : manifest) {
    std::error_code error;
    const std::uint64_t bytes = std::filesystem::file_size(folder / name, error);
    if (error) return fail("{}: {}", (folder / name).string(), error.message());
    meeting.files.push_back({name, bytes, digest});
  }
  meeting.files.push_back({fixity::ManifestName, text.size(), meeting.manifest});
  std::sort(meeting.files.begin(), meeting.files.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  DamageLog damage;
  const auto record = read_meeting_record(folder, damage);
  if (!record) {
    problems.push_back(record.error().message());
    return meeting;
  }
  meeting.title = record->meeting.title;
  meeting.start_unix_ms = record->meeting.start_unix_ms;
  meeting.duration_ms = record->meeting.duration_ms;
  meeting.origin = record->meeting.origin;
  meeting.meeting_class = record->meeting.meeting_class;
  return meeting;
}

// Fills one part after the other.
class Splitter {
 public:
  Splitter(const std::vector<SurveyedMeeting>& meetings, const PartCost& cost, std::uint64_t limit)
      : meetings_(meetings), cost_(cost), limit_(limit) {}

  std::vector<PartFiles> run() {
    for (std::size_t meeting = 0; meeting < meetings_.size(); ++meeting) {
      const auto& files = cost_.of_file[meeting];
      const std::uint64_t whole = std::accumulate(files.begin(), files.end(), cost_.of_meeting[meeting]);
      // What fits into a part of its own is not cut.
      if (used_ + whole > limit_ && cost_.fixed + whole <= limit_) next_part();
      for (std::size_t file = 0; file < files.size(); ++file) add(meeting, file);
    }
    next_part();
    return std::move(parts_);
  }

 private:
  void add(std::size_t meeting, std::size_t file) {
    const bool is_new = part_.empty() || part_.back().meeting != meeting;
    std::uint64_t more = cost_.of_file[meeting][file] + (is_new ? cost_.of_meeting[meeting] : 0);
    if (used_ + more > limit_) {
      next_part();
      more = cost_.of_file[meeting][file] + cost_.of_meeting[meeting];
    }
    part_.push_back({meeting, file});
    used_ += more;
  }

  void next_part() {
    if (!part_.empty()) parts_.push_back(std::move(part_));
    part_.clear();
    used_ = cost_.fixed;
  }

  const std::vector<SurveyedMeeting>& meetings_;
  const PartCost& cost_;
  std::uint64_t limit_;
  std::uint64_t used_ = cost_.fixed;
  PartFiles part_;
  std::vector<PartFiles> parts_;
};

}  // namespace

std::string problem_lines(const std::vector<std::string>& problems) {
  std::string text;
  for (std::size_t i = 0; i < problems.size() && i < MostProblemsNamed; ++i) text += "\n  " + problems[i];
  if (problems.size() > MostProblemsNamed)
    text += fmt::format("\n  and {} more", problems.size() - MostProblemsNamed);
  return text;
}

std::uint64_t SurveyedMeeting::bytes() const {
  return std::accumulate(files.begin(), files.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const SurveyedFile& file) { return sum + file.bytes; });
}

Result<std::vector<SurveyedMeeting>> survey_meetings(const catalog::Archive& archive,
                                                     const std::vector<std::string>& meetings,
                                                     const Acting& acting) {
  std::vector<SurveyedMeeting> surveyed;
  std::vector<std::string> problems;
  for (const std::string& id : meetings) {
    if (stop_requested()) return fail(ErrorKind::Interrupted, "stopped while looking at {}", id);
    GREFFE_TRY(const FileLock lock, FileLock::acquire(archive.meeting_lock(id), acting.lock_wait));
    GREFFE_TRY(SurveyedMeeting meeting, survey(archive, id, problems));
    surveyed.push_back(std::move(meeting));
  }
  if (!problems.empty())
    return fail(ErrorKind::Integrity, "what is to be packed does not hold:{}", problem_lines(problems));
  return surveyed;
}

Result<std::vector<PartFiles>> split_parts(const std::vector<SurveyedMeeting>& meetings, const PartCost& cost,
                                           std::optional<std::uint64_t> limit) {
  std::vector<std::string> too_large;
  for (std::size_t meeting = 0; limit && meeting < meetings.size(); ++meeting)
    for (std::size_t file = 0; file < meetings[meeting].files.size(); ++file) {
      const std::uint64_t alone = cost.fixed + cost.of_meeting[meeting] + cost.of_file[meeting][file];
      if (alone > *limit)
        too_large.push_back(fmt::format("{}/{}: {} bytes, {} with what a part needs besides",
                                        meetings[meeting].id, meetings[meeting].files[file].name,
                                        meetings[meeting].files[file].bytes, alone));
    }
  if (!too_large.empty())
    return fail("no part of {} bytes can hold, and files are not cut:{}", *limit, problem_lines(too_large));
  return Splitter(meetings, cost, limit.value_or(UINT64_MAX)).run();
}

}  // namespace greffe::custody
