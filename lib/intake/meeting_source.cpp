#include "intake/meeting_source.h"

#include <algorithm>
#include <array>
#include <set>

#include "base/contained_file.h"
#include "base/folder.h"
#include "base/text.h"
#include "dump/open_dump.h"
#include "intake/recorded_files.h"
#include "json/read_file.h"

namespace greffe::intake {
namespace fs = std::filesystem;
namespace {

constexpr std::uint64_t LargestDescription = 64u << 20;

std::string complete(const Path& folder, const std::string& file) {
  const Path path(file);
  return (path.is_absolute() ? path : folder / path).lexically_normal().string();
}

void tell_link(const Path& folder, const Path& link, DamageLog& damage) {
  damage.add({.condition = "link-not-followed",
              .place = link.lexically_relative(folder).string(),
              .unit = "files",
              .text = fmt::format("{}: a link that leads out of its folder is not followed", link.string())});
}

// What is left out as a link that leads out of the folder is told.
bool is_left_out(const Path& folder, const Path& file, DamageLog& damage) {
  if (!leads_out(folder, file)) return false;
  tell_link(folder, file, damage);
  return true;
}

constexpr std::array TranscriptNames{"transcript.json", "transcript.vtt", "transcript.srt"};

std::vector<Path> transcripts_beside(const Path& folder) {
  std::vector<Path> found;
  std::error_code none;
  for (const char* name : TranscriptNames)
    if (!leads_out(folder, folder / name) && fs::is_regular_file(folder / name, none))
      found.push_back(folder / name);
  return found;
}

void complete_names(timeline::MeetingDescription& description, const Path& folder) {
  for (auto& participant : description.participants)
    for (auto& track : participant.tracks) track.file = complete(folder, track.file);
  for (auto& transcript : description.transcripts) transcript.file = complete(folder, transcript.file);
  for (auto& document : description.documents) document.file = complete(folder, document.file);
  for (auto& witness : description.witnesses) witness = complete(folder, witness);
}

bool names_nothing(const timeline::MeetingDescription& description) {
  return description.documents.empty() &&
         std::all_of(description.participants.begin(), description.participants.end(),
                     [](const auto& participant) { return participant.tracks.empty(); });
}

// Takes out of the description what a link in its folder would fetch from elsewhere. A name with ".." in it,
// and one from the root, says openly where it leads.
void leave_out_links(MeetingSource& source) {
  const auto is_out = [&](const std::string& file) {
    return is_safe_relative(Path(file).lexically_relative(source.folder).native()) &&
           is_left_out(source.folder, file, source.damage);
  };
  const auto names_link = [&](const auto& item) { return is_out(item.file); };
  for (auto& participant : source.description.participants) std::erase_if(participant.tracks, names_link);
  std::erase_if(source.description.transcripts, names_link);
  std::erase_if(source.description.documents, names_link);
  std::erase_if(source.description.witnesses, is_out);
}

// Session descriptions beside captures, where no look through a folder has found them.
void tell_session_links(MeetingSource& source) {
  std::set<Path> beside;
  for (const std::string& witness : source.description.witnesses)
    beside.insert(Path(witness).replace_extension(".sdp"));
  for (const auto& participant : source.description.participants)
    for (const auto& track : participant.tracks) beside.insert(Path(track.file).replace_extension(".sdp"));
  for (const Path& sdp : beside) static_cast<void>(is_left_out(sdp.parent_path(), sdp, source.damage));
}

void add_extmap(MeetingSource& source, const std::map<int, std::string>& extmap) {
  for (auto& participant : source.description.participants)
    for (auto& track : participant.tracks)
      if (track.extmap.empty()) track.extmap = extmap;
}

Result<std::vector<Path>> files_in(const Path& folder, DamageLog& damage) {
  std::vector<Path> files;
  std::error_code none;
  GREFFE_TRY(const auto entries, list_folder(folder));
  for (const auto& [name, kind] : entries) {
    if (name.starts_with('.')) continue;
    const Path file = folder / name;
    if (kind == FolderEntry::Kind::Link && leads_out(folder, file))
      tell_link(folder, file, damage);
    else if (fs::is_regular_file(file, none))
      files.push_back(file);
  }
  return files;
}

// What says of a capture beside it what it holds is read with it, and is no dump that is refused.
void take_out_session_descriptions(std::vector<Path>& files) {
  std::set<Path> beside;
  for (const Path& file : files)
    if (const auto format = dump::find_format(file); format && *format && !holds_one_stream(**format))
      beside.insert(Path(file).replace_extension(".sdp"));
  std::erase_if(files, [&](const Path& file) { return beside.contains(file); });
}

// What was left out, for a message that says that nothing is there.
std::string left_out(const DamageLog& damage) {
  return damage.empty() ? "" : "; " + damage.entries().front().text;
}

bool holds_recordings(const Path& folder) {
  const auto files = files_below(folder);
  return files && std::any_of(files->begin(), files->end(), [&](const Path& file) {
           const auto format = dump::find_format(folder / file);
           return format && *format;
         });
}

// Folders below may be other meetings, and are not looked into for tracks. An archive that lies there has
// recordings of its own.
void tell_folders_below(const Path& folder, DamageLog& damage) {
  const auto names = folder_names(folder);
  if (!names) return;  // told where its files are looked for
  std::error_code none;
  for (const std::string& name : *names) {
    const Path inner = folder / name;
    if (name.starts_with('.') || fs::exists(inner / "archive.json", none) || !holds_recordings(inner))
      continue;
    damage.add({.condition = "folder-passed-over",
                .place = name,
                .unit = "folders",
                .text = fmt::format("{}: a folder with recordings, which are not taken; give it by itself",
                                    inner.string())});
  }
}

tl::unexpected<Error> refuse_all(const Path& place, const RecordedFiles& recorded, const DamageLog& damage) {
  if (recorded.files.size() == 1) return tl::unexpected(*recorded.files.front().refused);
  if (!recorded.files.empty())
    return fail("{}: no track can be made: {}", place.string(), recorded.files.front().refused->message());
  if (recorded.refusals.size() == 1) return tl::unexpected(recorded.refusals.front());
  return fail("{}: no dump greffe knows in it{}", place.string(), left_out(damage));
}

tl::unexpected<Error> refuse_several(const Path& place, const std::vector<RecordedGroup>& groups) {
  std::string names;
  for (const RecordedGroup& group : groups)
    names += fmt::format("\n  {}: {} files", group.name, group.files.size());
  return fail("{}: holds {} meetings; give them one by one, or --split:{}", place.string(), groups.size(),
              names);
}

Result<std::vector<MeetingSource>> find_undescribed(const Path& place, const std::vector<Path>& named,
                                                    const SourceOptions& options) {
  const Path folder = fs::is_directory(place) ? place : Path();
  std::vector<Path> files = named, transcripts;
  DamageLog damage;
  if (!folder.empty()) {
    GREFFE_TRY(files, files_in(folder, damage));
    transcripts = transcripts_beside(folder);
    std::erase_if(files, [&](const Path& file) {
      return std::find(transcripts.begin(), transcripts.end(), file) != transcripts.end();
    });
    tell_folders_below(folder, damage);
  }
  take_out_session_descriptions(files);
  GREFFE_TRY(const auto recorded, read_recorded_files(files, options.jobs));
  const auto groups = meetings_among(recorded);
  if (groups.empty()) return refuse_all(place, recorded, damage);
  if (groups.size() > 1 && !options.split) return refuse_several(place, groups);
  std::vector<MeetingSource> sources;
  for (const RecordedGroup& group : groups) {
    const bool only = groups.size() == 1;
    MeetingSource source{.place = only ? place.string() : fmt::format("{} ({})", place.string(), group.name),
                         .folder = folder.lexically_normal()};
    source.description =
        describe(group, only && !folder.empty() ? fs::canonical(folder).filename().string() : group.name);
    if (only) source.transcripts_beside = transcripts;
    source.damage.add_all(group.damage);
    sources.push_back(std::move(source));
  }
  if (folder.empty()) std::for_each(sources.begin(), sources.end(), tell_session_links);
  if (sources.size() > 1)
    for (const Path& transcript : transcripts)
      sources.front().warnings.push_back(
          fmt::format("{}: left out: nothing says which meeting it is of", transcript.filename().string()));
  for (const Error& refusal : recorded.refusals) sources.front().warnings.push_back(refusal.message());
  sources.front().damage.add_all(damage);
  return sources;
}

}  // namespace

Result<MeetingSource> read_description(const Path& file) {
  GREFFE_TRY(const json::Value value, json::read_file(file, LargestDescription));
  const Path folder = file.has_parent_path() ? file.parent_path() : Path(".");
  MeetingSource source{.place = file.string(), .folder = folder.lexically_normal()};
  auto description = timeline::description_of(value, source.warnings);
  if (!description) return fail_within(file.string(), description);
  source.description = std::move(*description);
  complete_names(source.description, folder);
  if (source.description.title.empty())
    source.description.title = valid_utf8(fs::absolute(file).parent_path().filename().string());
  if (source.description.transcripts.empty()) {
    source.transcripts_beside = transcripts_beside(folder);
    for (const char* name : TranscriptNames)
      static_cast<void>(is_left_out(folder, folder / name, source.damage));
  }
  leave_out_links(source);
  tell_session_links(source);
  if (names_nothing(source.description) && !source.damage.empty())
    return fail("{}: names no dump and no document{}", source.place, left_out(source.damage));
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
  const Path description = one && fs::is_directory(first) ? first / "meeting.json" : first;
  if (description != first && leads_out(first, description))
    return fail("{}: a link that leads out of its folder is not followed", description.string());
  if (description == first ? one && first.extension() == ".json" : fs::is_regular_file(description)) {
    GREFFE_TRY(MeetingSource source, read_description(description));
    found.push_back(std::move(source));
  } else {
    GREFFE_TRY(found, find_undescribed(first, sources, options));
  }
  for (MeetingSource& source : found) add_extmap(source, options.extmap);
  return found;
}

}  // namespace greffe::intake
