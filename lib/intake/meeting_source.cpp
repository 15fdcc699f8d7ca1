#include "intake/meeting_source.h"

#include <algorithm>

#include "intake/recorded_files.h"
#include "json/value.h"

namespace greffe::intake {
namespace fs = std::filesystem;
namespace {

constexpr std::uint64_t LargestDescription = 64u << 20;

std::string complete(const Path& folder, const std::string& file) {
  const Path path(file);
  return (path.is_absolute() ? path : folder / path).lexically_normal().string();
}

std::vector<Path> transcripts_beside(const Path& folder) {
  std::vector<Path> found;
  for (const char* name : {"transcript.json", "transcript.vtt", "transcript.srt"})
    if (fs::is_regular_file(folder / name)) found.push_back(folder / name);
  return found;
}

void add_extmap(MeetingSource& source, const std::map<int, std::string>& extmap) {
  for (auto& participant : source.description.participants)
    for (auto& track : participant.tracks)
      if (track.extmap.empty()) track.extmap = extmap;
}

Result<std::vector<Path>> files_in(const Path& folder) {
  std::vector<Path> files;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error))
    if (it->is_regular_file() && !it->path().filename().string().starts_with('.'))
      files.push_back(it->path());
  if (error) return fail("{}: {}", folder.string(), error.message());
  std::sort(files.begin(), files.end());
  return files;
}

Result<std::vector<MeetingSource>> find_undescribed(const std::string& place, const std::vector<Path>& files,
                                                    const Path& folder, const SourceOptions& options) {
  GREFFE_TRY(const auto recorded, read_recorded_files(files, options.jobs));
  if (recorded.files.empty()) {
    if (recorded.refusals.size() == 1) return tl::unexpected(recorded.refusals.front());
    return fail("{}: no dump greffe knows in it", place);
  }
  const auto groups = meetings_among(recorded);
  if (groups.size() > 1 && !options.split) {
    std::string names;
    for (const RecordedGroup& group : groups)
      names += fmt::format("\n  {}: {} files", group.name, group.files.size());
    return fail("{}: holds {} meetings; give them one by one, or --split:{}", place, groups.size(), names);
  }
  std::vector<MeetingSource> sources;
  for (const RecordedGroup& group : groups) {
    MeetingSource source{.place = groups.size() > 1 ? fmt::format("{} ({})", place, group.name) : place};
    source.description =
        describe(group, groups.size() > 1 || folder.empty() ? group.name : folder.filename().string());
    if (groups.size() == 1 && !folder.empty()) source.transcripts_beside = transcripts_beside(folder);
    for (const Error& refusal : recorded.refusals) source.warnings.push_back(refusal.message());
    sources.push_back(std::move(source));
  }
  return sources;
}

}  // namespace

Result<MeetingSource> read_description(const Path& file) {
  const auto text = read_text(file, LargestDescription);
  if (!text) return tl::unexpected(text.error());
  const auto value = json::parse(*text);
  if (!value) return fail_within(file.string(), value);
  MeetingSource source{.place = file.string()};
  auto description = timeline::description_of(*value, source.warnings);
  if (!description) return fail_within(file.string(), description);
  source.description = std::move(*description);
  const Path folder = file.parent_path();
  for (auto& participant : source.description.participants)
    for (auto& track : participant.tracks) track.file = complete(folder, track.file);
  for (auto& transcript : source.description.transcripts) transcript.file = complete(folder, transcript.file);
  for (auto& document : source.description.documents) document.file = complete(folder, document.file);
  for (auto& witness : source.description.witnesses) witness = complete(folder, witness);
  if (source.description.title.empty())
    source.description.title = fs::absolute(file).parent_path().filename().string();
  if (source.description.transcripts.empty()) source.transcripts_beside = transcripts_beside(folder);
  return source;
}

Result<std::vector<MeetingSource>> find_meetings(const std::vector<Path>& sources,
                                                 const SourceOptions& options) {
  std::vector<MeetingSource> found;
  const bool one = sources.size() == 1;
  const Path& first = sources.front();
  for (const Path& source : sources) {
    if (!fs::exists(source)) return fail("{}: no such file or folder", source.string());
    if (!one && (fs::is_directory(source) || source.extension() == ".json"))
      return fail(ErrorKind::Usage, "{}: a folder or a description is one meeting; give it by itself",
                  source.string());
  }
  const Path folder = one && fs::is_directory(first) ? fs::canonical(first) : Path();
  if (one && first.extension() == ".json") {
    GREFFE_TRY(MeetingSource source, read_description(first));
    found.push_back(std::move(source));
  } else if (!folder.empty() && fs::is_regular_file(first / "meeting.json")) {
    GREFFE_TRY(MeetingSource source, read_description(first / "meeting.json"));
    found.push_back(std::move(source));
  } else {
    std::vector<Path> files = sources;
    if (!folder.empty()) {
      GREFFE_TRY(files, files_in(first));
    }
    GREFFE_TRY(found, find_undescribed(first.string(), files, folder, options));
  }
  for (MeetingSource& source : found) add_extmap(source, options.extmap);
  return found;
}

}  // namespace greffe::intake
