#include "flow/meeting_place.h"

#include <cstdlib>

#include "base/log.h"
#include "flow/ingest.h"
#include "json/read_file.h"

namespace greffe::flow {
namespace {

// Ids have neither slash nor point.
bool is_path(const std::string& meeting) {
  std::error_code ignored;
  return meeting.find_first_of("/.") != std::string::npos || std::filesystem::is_directory(meeting, ignored);
}

// The archive that keeps this folder: ROOT/meetings/YYYY/MM/DD/ID.
std::optional<catalog::Archive> archive_of(const timeline::MeetingFolder& folder) {
  std::error_code failed;
  const Path whole = std::filesystem::canonical(folder.path, failed);
  if (failed) return std::nullopt;
  Path root = whole;
  for (int level = 0; level < 5; ++level) root = root.parent_path();
  auto archive = catalog::Archive::open(root);
  if (!archive || !catalog::is_meeting_id(folder.meeting.id)) return std::nullopt;
  const Path kept = std::filesystem::canonical(archive->meeting_folder(folder.meeting.id), failed);
  if (failed || kept != whole) return std::nullopt;
  return std::move(*archive);
}

// True for the meeting.json of a meeting folder: those that people write name no schema.
bool is_of_meeting_folder(const Path& path) {
  if (path.extension() != ".json") return false;
  const auto value = json::read_file(path, 64u << 20);
  const json::Object* object = value ? value->find_object() : nullptr;
  return object && object->find("schema");
}

// The meeting.json that `path` is, or holds when it is a folder; else `path` itself.
Path description_in(const Path& path) {
  return std::filesystem::is_directory(path) ? path / "meeting.json" : path;
}

std::vector<Path> files_of(const intake::MeetingSource& source, const Path& given) {
  const timeline::MeetingDescription& description = source.description;
  std::vector<Path> files = source.transcripts_beside;
  files.push_back(description_in(given));
  for (const auto& participant : description.participants)
    for (const auto& track : participant.tracks) files.emplace_back(track.file);
  for (const auto& transcript : description.transcripts) files.emplace_back(transcript.file);
  for (const auto& document : description.documents) files.emplace_back(document.file);
  files.insert(files.end(), description.witnesses.begin(), description.witnesses.end());
  return files;
}

// Recordings in no archive: a description, a folder of dumps or one dump.
Result<MeetingPlace> ingest_for_now(const Path& path, WallTime now, ProgressSink& progress,
                                    DamageLog& damage) {
  GREFFE_TRY(const auto sources, intake::find_meetings({path}, {}));
  const intake::MeetingSource& source = sources.front();
  for (const std::string& warning : source.warnings) log::warning("{}: {}", source.place, warning);
  GREFFE_TRY(std::unique_ptr<WorkFolder> work, WorkFolder::create());
  const Path folder_path = work->path() / "meeting";
  IngestOptions options;
  options.now = now;
  GREFFE_CHECK(ingest_privately(source, folder_path, options, progress, damage));
  GREFFE_TRY(timeline::MeetingFolder folder, timeline::open_meeting_folder(folder_path));
  return MeetingPlace{std::move(folder), std::nullopt, std::move(work), files_of(source, path)};
}

}  // namespace

Result<MeetingPlace> find_meeting_place(const std::string& meeting, const std::string& archive, WallTime now,
                                        ProgressSink& progress, DamageLog& damage) {
  if (is_path(meeting)) {
    const Path path = meeting;
    if (!std::filesystem::exists(path)) return fail("{}: no such file or folder", meeting);
    const Path description = description_in(path);
    if (!is_of_meeting_folder(description)) return ingest_for_now(path, now, progress, damage);
    GREFFE_TRY(
        timeline::MeetingFolder folder,
        timeline::open_meeting_folder(description.has_parent_path() ? description.parent_path() : Path(".")));
    std::optional<catalog::Archive> owner = archive_of(folder);
    return MeetingPlace{std::move(folder), std::move(owner), nullptr};
  }
  if (archive.empty())
    return fail(ErrorKind::Usage,
                "\"{}\" is no path, and for an id there is no archive: give --archive DIR or set "
                "GREFFE_ARCHIVE",
                meeting);
  GREFFE_TRY(catalog::Archive opened, catalog::Archive::open(archive));
  GREFFE_TRY(const std::string id, opened.find_meeting(meeting));
  GREFFE_TRY(timeline::MeetingFolder folder, timeline::open_meeting_folder(opened.meeting_folder(id)));
  return MeetingPlace{std::move(folder), std::move(opened), nullptr};
}

}  // namespace greffe::flow
