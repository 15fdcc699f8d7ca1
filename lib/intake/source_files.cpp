#include "intake/source_files.h"

#include <algorithm>

#include "base/contained_file.h"
#include "base/parallel.h"
#include "container/media_file.h"
#include "dump/open_dump.h"
#include "json/value.h"

namespace greffe::intake {
namespace {

// A plain name below the source's folder stays below it; one with ".." in it, and one from the root, says
// openly where it leads.
Result<InputFile> open_source_file(const Path& path, const Path& folder) {
  const bool below =
      !folder.empty() && is_safe_relative(path.lexically_normal().lexically_relative(folder).native());
  return below ? open_contained(folder, path) : open_input(path);
}

Result<SourceFile> read_source_file(const Path& path, const Path& folder) {
  GREFFE_TRY(const InputFile input, open_source_file(path, folder));
  fixity::Fingerprint fingerprint;
  GREFFE_TRY(const fixity::FileDigest read,
             fixity::digest_of_input(input, path, [&](Bytes block) { fingerprint.update(block); }));
  SourceFile file{
      .path = path, .stamp = input.stamp, .digest = read.digest, .fingerprint = fingerprint.finish()};
  file.stamp.size = read.bytes;
  return file;
}

Result<SourceFile> read_dump_file(const Path& path, const Path& folder) {
  GREFFE_TRY(const auto format, dump::find_format(path));
  if (!format) {
    GREFFE_TRY(const std::string container, container::find_container(path));
    if (!container.empty()) return read_source_file(path, folder);
    DamageLog ignored;
    const auto opened = dump::open_dump(path, path.filename().string(), ignored);
    return opened ? fail("{}: not a dump", path.string()) : tl::unexpected(opened.error());
  }
  return read_source_file(path, folder);
}

// What says more of a capture.
bool has_session_description(const Path& dump) {
  if (!dump::find_session_description(dump)) return false;
  const auto format = dump::find_format(dump);
  return format && (*format == dump::Format::Pcap || *format == dump::Format::PcapNg);
}

Result<SourceFile> read_session_description(const Path& dump, const Path&) {
  const Path beside = Path(dump).replace_extension(".sdp");
  return read_source_file(beside, beside.parent_path());
}

std::set<std::string> dump_names(const timeline::MeetingDescription& description) {
  std::set<std::string> names(description.witnesses.begin(), description.witnesses.end());
  for (const auto& participant : description.participants)
    for (const auto& track : participant.tracks) names.insert(track.file);
  return names;
}

std::set<std::string> transcript_names(const MeetingSource& source) {
  std::set<std::string> names;
  for (const auto& transcript : source.description.transcripts) names.insert(transcript.file);
  for (const Path& path : source.transcripts_beside) names.insert(path.string());
  return names;
}

std::set<std::string> document_names(const timeline::MeetingDescription& description) {
  std::set<std::string> names;
  for (const auto& document : description.documents) names.insert(document.file);
  return names;
}

json::Value digest_text(const std::map<std::string, SourceFile>& files, const std::string& name) {
  const auto found = files.find(name);
  return found == files.end() ? json::Value() : json::Value(found->second.digest.hex());
}

json::Value track_json(const timeline::DescribedTrack& track, const SourceFiles& files) {
  json::Object object{{"file", digest_text(files.dumps, track.file)},
                      {"role", track.role},
                      {"codec", track.codec.value_or("")},
                      {"ssrc", track.ssrc ? json::Value(track.ssrc->value) : json::Value()},
                      {"from", track.from},
                      {"to", track.to}};
  if (track.stream) object.set("stream", *track.stream);
  if (!track.extmap.empty()) {
    json::Object extmap;
    for (const auto& [id, uri] : track.extmap) extmap.set(fmt::format("{}", id), uri);
    object.set("extmap", std::move(extmap));
  }
  if (track.started_at) object.set("started_at", rfc3339(*track.started_at, 9));
  return object;
}

}  // namespace

std::vector<fixity::Digest> SourceFiles::distinct() const {
  std::set<fixity::Digest> distinct;
  for (const auto& [name, file] : dumps.empty() ? documents : dumps) distinct.insert(file.digest);
  return {distinct.begin(), distinct.end()};
}

SourceFileReader::SourceFileReader(const MeetingSource& source, const SourceReading& reading)
    : reading_(reading), folder_(source.folder) {
  for (const std::string& name : dump_names(source.description)) {
    wanted_.push_back({.name = name, .read = read_dump_file, .into = &SourceFiles::dumps, .found = {}});
    if (has_session_description(name))
      wanted_.push_back({.name = name,
                         .read = read_session_description,
                         .into = &SourceFiles::session_descriptions,
                         .found = {}});
  }
  for (const std::string& name : transcript_names(source))
    wanted_.push_back(
        {.name = name, .read = read_source_file, .into = &SourceFiles::transcripts, .found = {}});
  for (const std::string& name : document_names(source.description))
    wanted_.push_back({.name = name, .read = read_source_file, .into = &SourceFiles::documents, .found = {}});
}

Status SourceFileReader::read(std::size_t index) {
  Wanted& wanted = wanted_[index];
  wanted.found = wanted.read(wanted.name, folder_);
  if (!wanted.found && wanted.found.error().kind() == ErrorKind::Interrupted)
    return tl::unexpected(wanted.found.error());
  return {};
}

Result<SourceFiles> SourceFileReader::finish() {
  SourceFiles files;
  for (Wanted& wanted : wanted_) {
    if (!wanted.found) {
      files.refusals.push_back({wanted.name, wanted.found.error()});
      continue;
    }
    const WallTime modified{Duration(wanted.found->stamp.modified_ns)};
    if (reading_.settle.count() > 0 && reading_.now - modified < reading_.settle)
      return fail(ErrorKind::Busy, "{}: written {} ms ago, not yet at rest for --settle {} ms; try later",
                  wanted.name, whole_ms(reading_.now - modified), reading_.settle.count());
    (files.*wanted.into).emplace(wanted.name, std::move(*wanted.found));
  }
  return files;
}

Result<SourceFiles> read_source_files(const MeetingSource& source, const SourceReading& reading) {
  SourceFileReader reader(source, reading);
  GREFFE_CHECK(for_each_index(reader.count(), reading.jobs, [&](std::size_t i) { return reader.read(i); }));
  return reader.finish();
}

fixity::Digest digest_of_description(const MeetingSource& source, const SourceFiles& files) {
  const timeline::MeetingDescription& description = source.description;
  json::Array participants, transcripts, witnesses;
  for (const auto& participant : description.participants) {
    json::Array tracks;
    for (const auto& track : participant.tracks) tracks.push_back(track_json(track, files));
    participants.push_back(
        json::Object{{"id", participant.id}, {"name", participant.name}, {"tracks", std::move(tracks)}});
  }
  for (const auto& transcript : description.transcripts)
    transcripts.push_back(json::Object{{"file", digest_text(files.transcripts, transcript.file)},
                                       {"offset_ms", whole_ms(transcript.offset)},
                                       {"language", transcript.language}});
  for (const Path& path : source.transcripts_beside)
    transcripts.push_back(digest_text(files.transcripts, path.string()));
  for (const std::string& witness : description.witnesses)
    witnesses.push_back(digest_text(files.dumps, witness));
  json::Object whole{
      {"title", description.title},
      {"start", description.start ? json::Value(rfc3339(*description.start, 9)) : json::Value()},
      {"class", description.meeting_class},
      {"origin", description.origin},
      {"participants", std::move(participants)},
      {"transcripts", std::move(transcripts)},
      {"witnesses", std::move(witnesses)}};
  if (!description.producers.empty())
    whole.set("producers", json::Array(description.producers.begin(), description.producers.end()));
  if (!description.documents.empty()) {
    json::Array documents;
    for (const auto& document : description.documents)
      documents.push_back(
          json::Object{{"file", digest_text(files.documents, document.file)}, {"title", document.title}});
    whole.set("documents", std::move(documents));
  }
  if (!files.session_descriptions.empty()) {
    json::Array sessions;
    for (const auto& [name, file] : files.session_descriptions) sessions.push_back(file.digest.hex());
    whole.set("session_descriptions", std::move(sessions));
  }
  return fixity::digest_of(json::write(whole, json::Style::Canonical));
}

std::string meeting_id_of(WallTime start, const SourceFiles& files) {
  fixity::Sha256 hasher;
  for (const fixity::Digest& digest : files.distinct()) hasher.update(digest.hex() + "\n");
  const CivilTime civil = civil_time(start);
  return fmt::format("{:04}{:02}{:02}-{:02}{:02}{:02}Z-{}", civil.year, civil.month, civil.day, civil.hour,
                     civil.minute, civil.second, hasher.finish().hex().substr(0, 10));
}

}  // namespace greffe::intake
