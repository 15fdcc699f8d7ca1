#include "flow/meeting_place.h"

#include "json/value.h"

namespace greffe::flow {
namespace {

// meeting.json of a folder or itself; empty when `meeting` is no such path.
Path description_path(const std::string& meeting) {
  std::error_code ignored;
  const Path path(meeting);
  if (std::filesystem::is_directory(path, ignored)) return path / "meeting.json";
  const bool looks_like_path = meeting.find('/') != std::string::npos || path.extension() == ".json";
  return looks_like_path ? path : Path();
}

// The archive that keeps this folder: ROOT/meetings/YYYY/MM/DD/ID.
std::optional<catalog::Archive> archive_of(const MeetingFolder& folder) {
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

}  // namespace

bool is_description(const std::string& meeting) {
  const Path path = description_path(meeting);
  if (path.empty()) return false;
  const auto text = read_text(path, 64u << 20);
  const auto value = text ? json::parse(*text) : json::parse("");
  const json::Object* object = value ? value->find_object() : nullptr;
  return object && !object->find("schema");
}

Result<MeetingPlace> find_meeting_place(const std::string& meeting, const std::string& archive) {
  if (const Path path = description_path(meeting); !path.empty()) {
    GREFFE_TRY(MeetingFolder folder,
               open_meeting_folder(path.has_parent_path() ? path.parent_path() : Path(".")));
    std::optional<catalog::Archive> owner = archive_of(folder);
    return MeetingPlace{std::move(folder), std::move(owner)};
  }
  if (archive.empty())
    return fail(ErrorKind::Usage,
                "\"{}\" is no path, and for an id there is no archive: give --archive DIR or set "
                "GREFFE_ARCHIVE",
                meeting);
  GREFFE_TRY(catalog::Archive opened, catalog::Archive::open(archive));
  GREFFE_TRY(const std::string id, opened.find_meeting(meeting));
  GREFFE_TRY(MeetingFolder folder, open_meeting_folder(opened.meeting_folder(id)));
  return MeetingPlace{std::move(folder), std::move(opened)};
}

}  // namespace greffe::flow
