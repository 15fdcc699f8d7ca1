#include "timeline/meeting.h"

#include <algorithm>

#include "base/file.h"
#include "json/reader.h"
#include "timeline/producers.h"

namespace greffe::timeline {
namespace {
constexpr std::string_view MeetingSchema = "greffe.meeting/1";
}

const TrackSidecar* Meeting::find_track(std::string_view stem) const {
  const auto found = std::find_if(tracks.begin(), tracks.end(),
                                  [&](const TrackSidecar& track) { return track.track == stem; });
  return found == tracks.end() ? nullptr : &*found;
}

const Participant* Meeting::find_participant(std::string_view participant_id) const {
  const auto found = std::find_if(participants.begin(), participants.end(),
                                  [&](const Participant& known) { return known.id == participant_id; });
  return found == participants.end() ? nullptr : &*found;
}

json::Value to_json(const Meeting& meeting) {
  json::Array participants, transcripts, witnesses;
  for (const Participant& participant : meeting.participants) {
    json::Array tracks;
    for (const std::string& stem : participant.tracks) tracks.push_back(stem);
    participants.push_back(
        json::Object{{"id", participant.id}, {"name", participant.name}, {"tracks", std::move(tracks)}});
  }
  for (const TranscriptFile& transcript : meeting.transcripts)
    transcripts.push_back(json::Object{{"file", transcript.file},
                                       {"offset_ms", whole_ms(transcript.offset)},
                                       {"language", transcript.language},
                                       {"gives_cues", transcript.gives_cues}});
  for (const std::string& witness : meeting.witnesses) witnesses.push_back(witness);
  json::Object object{{"schema", MeetingSchema},
                      {"id", meeting.id},
                      {"title", meeting.title},
                      {"start", rfc3339(meeting.start, 9)},
                      {"end_ns", meeting.end.time_since_epoch().count()},
                      {"origin", meeting.origin},
                      {"class", meeting.meeting_class},
                      {"description_sha256", meeting.description_sha256},
                      {"participants", std::move(participants)},
                      {"transcripts", std::move(transcripts)},
                      {"witnesses", std::move(witnesses)}};
  if (!meeting.producers.empty())
    object.set("producers", json::Array(meeting.producers.begin(), meeting.producers.end()));
  if (!meeting.documents.empty()) {
    json::Array documents;
    for (const DocumentFile& document : meeting.documents)
      documents.push_back(json::Object{{"file", document.file}, {"title", document.title}});
    object.set("documents", std::move(documents));
  }
  if (!meeting.session_descriptions.empty())
    object.set("session_descriptions",
               json::Array(meeting.session_descriptions.begin(), meeting.session_descriptions.end()));
  return object;
}

namespace {

void read_participants(json::Reader& reader, Meeting& meeting) {
  for (const json::Value& item : reader.array("participants")) {
    json::Reader participant(item, fmt::format("participants[{}]", meeting.participants.size()));
    Participant read{.id = participant.text("id"), .name = participant.text("name")};
    for (const json::Value& stem : participant.array("tracks")) {
      const std::string* text = stem.find_text();
      if (!text || !is_safe_relative(*text) || text->find('/') != std::string::npos)
        participant.refuse("tracks", "not the name of a track");
      else
        read.tracks.push_back(*text);
    }
    if (!participant.status()) reader.refuse("participants", participant.status().error().message());
    meeting.participants.push_back(std::move(read));
  }
}

// Files a meeting folder names lie below it (R70).
std::string safe_file(json::Reader& reader, std::string_view name) {
  std::string file = reader.text(name);
  if (!is_safe_relative(file)) reader.refuse(name, "not a path below the meeting folder");
  return file;
}

}  // namespace

Result<Meeting> meeting_of(const json::Value& value) {
  json::Reader reader(value, "");
  Meeting meeting;
  if (reader.text("schema") != MeetingSchema)
    reader.refuse("schema", fmt::format("expected \"{}\"", MeetingSchema));
  meeting.id = reader.text("id");
  meeting.title = reader.text("title");
  const auto start = parse_rfc3339(reader.text("start"));
  if (!start)
    reader.refuse("start", start.error().message());
  else
    meeting.start = *start;
  meeting.end = MeetingTime(Duration(reader.integer("end_ns")));
  meeting.origin = reader.find_text("origin").value_or("");
  meeting.meeting_class = reader.find_text("class").value_or("");
  meeting.producers = read_producers(reader);
  meeting.description_sha256 = reader.find_text("description_sha256").value_or("");
  read_participants(reader, meeting);
  for (const json::Value& item : reader.array("transcripts")) {
    json::Reader transcript(item, fmt::format("transcripts[{}]", meeting.transcripts.size()));
    meeting.transcripts.push_back(
        {.file = safe_file(transcript, "file"),
         .offset = std::chrono::milliseconds(transcript.find_integer("offset_ms").value_or(0)),
         .language = transcript.find_text("language").value_or(""),
         .gives_cues = transcript.boolean("gives_cues", true)});
    if (!transcript.status()) reader.refuse("transcripts", transcript.status().error().message());
  }
  for (const json::Value& item : reader.array("documents")) {
    json::Reader document(item, fmt::format("documents[{}]", meeting.documents.size()));
    meeting.documents.push_back(
        {.file = safe_file(document, "file"), .title = document.find_text("title").value_or("")});
    if (!document.status()) reader.refuse("documents", document.status().error().message());
  }
  for (const json::Value& item : reader.array("witnesses"))
    if (const std::string* file = item.find_text()) meeting.witnesses.push_back(*file);
  for (const json::Value& item : reader.array("session_descriptions"))
    if (const std::string* file = item.find_text()) meeting.session_descriptions.push_back(*file);
  GREFFE_CHECK(reader.status());
  return meeting;
}

}  // namespace greffe::timeline
