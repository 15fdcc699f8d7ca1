#include "timeline/meeting_description.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <set>

#include "base/parse.h"
#include "json/reader.h"
#include "media/codec_id.h"
#include "timeline/producers.h"

namespace greffe::timeline {
namespace {

constexpr std::array<std::string_view, 5> Roles{"camera", "microphone", "screen", "screen-audio", "room"};

// 0x5de49fbe, "0x5de49fbe", "1575264190" or 1575264190.
std::optional<Ssrc> read_ssrc(json::Reader& reader) {
  const json::Value* value = reader.find("ssrc");
  if (!value) return std::nullopt;
  if (const std::int64_t* number = value->find_integer(); number && *number >= 0 && *number <= UINT32_MAX)
    return Ssrc{static_cast<std::uint32_t>(*number)};
  if (const std::string* text = value->find_text()) {
    const bool hex = text->starts_with("0x") || text->starts_with("0X");
    const char* first = text->data() + (hex ? 2 : 0);
    const char* last = text->data() + text->size();
    std::uint32_t number = 0;
    const auto [end, error] = std::from_chars(first, last, number, hex ? 16 : 10);
    if (error == std::errc() && end == last && first != last) return Ssrc{number};
  }
  reader.refuse("ssrc", "expected a number of 32 bits, such as \"0x5de49fbe\"");
  return std::nullopt;
}

std::map<int, std::string> read_extmap(json::Reader& reader) {
  std::map<int, std::string> extmap;
  for (const auto& [id, uri] : reader.object("extmap")) {
    const auto number = find_number<int>(id);
    if (!number || *number < 1 || *number > 255 || !uri.find_text())
      reader.refuse("extmap", "expected ids 1 to 255 with the URI of the extension");
    else
      extmap[*number] = *uri.find_text();
  }
  return extmap;
}

void warn_unknown(const json::Reader& reader, std::initializer_list<std::string_view> ignored,
                  std::vector<std::string>& warnings) {
  for (const std::string& name : reader.unknown())
    if (std::find(ignored.begin(), ignored.end(), name) == ignored.end())
      warnings.push_back(fmt::format("{}: unknown key, ignored", reader.place_of(name)));
}

bool is_file_name(std::string_view text) {
  return !text.empty() && text.find('\0') == std::string_view::npos;
}

Result<DescribedTrack> read_track(const json::Value& value, const std::string& place,
                                  std::vector<std::string>& warnings) {
  json::Reader reader(value, place);
  DescribedTrack track{.file = reader.text("file"),
                       .role = reader.text("role"),
                       .codec = reader.find_text("codec"),
                       .ssrc = read_ssrc(reader),
                       .from = reader.find_text("from").value_or(""),
                       .to = reader.find_text("to").value_or(""),
                       .extmap = read_extmap(reader)};
  if (const auto stream = reader.find_integer("stream")) {
    if (*stream < 0 || *stream > 1000) reader.refuse("stream", "not the number of a stream");
    track.stream = static_cast<int>(*stream);
  }
  if (const auto text = reader.find_text("started_at")) {
    const auto time = parse_rfc3339(*text);
    if (time)
      track.started_at = *time;
    else
      reader.refuse("started_at", time.error().message());
  }
  if (!is_file_name(track.file)) reader.refuse("file", "not a file name");
  if (std::find(Roles.begin(), Roles.end(), track.role) == Roles.end())
    reader.refuse("role", fmt::format("\"{}\" is none of {}", track.role, fmt::join(Roles, ", ")));
  if (track.codec && !media::find_codec(*track.codec))
    reader.refuse("codec", fmt::format("unknown codec \"{}\"", *track.codec));
  // Times of tracks are what greffe finds out; other recorders and the samples write them.
  warn_unknown(reader, {"start", "end", "start_ms", "end_ms", "offset_ms", "duration_ms"}, warnings);
  GREFFE_CHECK(reader.status());
  return track;
}

Result<DescribedParticipant> read_participant(const json::Value& value, const std::string& place,
                                              std::vector<std::string>& warnings) {
  json::Reader reader(value, place);
  DescribedParticipant participant{.id = reader.text("id")};
  participant.name = reader.find_text("name").value_or(participant.id);
  if (participant.id.empty()) reader.refuse("id", "empty");
  for (const json::Value& item : reader.array("tracks")) {
    GREFFE_TRY(
        DescribedTrack track,
        read_track(item, reader.place_of(fmt::format("tracks[{}]", participant.tracks.size())), warnings));
    participant.tracks.push_back(std::move(track));
  }
  warn_unknown(reader, {"publisher_id"}, warnings);
  GREFFE_CHECK(reader.status());
  return participant;
}

std::optional<WallTime> read_start(json::Reader& reader) {
  if (const auto text = reader.find_text("start")) {
    const auto time = parse_rfc3339(*text);
    if (time) return *time;
    reader.refuse("start", time.error().message());
    return std::nullopt;
  }
  const auto seconds = reader.find_number("start_unix");
  if (!seconds) return std::nullopt;
  if (!(*seconds >= 0 && *seconds < 9e9)) {
    reader.refuse("start_unix", "not seconds since 1970");
    return std::nullopt;
  }
  // A double holds today's seconds to a quarter of a microsecond: take whole microseconds of it.
  return WallTime(std::chrono::microseconds(std::llround(*seconds * 1e6)));
}

}  // namespace

Result<MeetingDescription> description_of(const json::Value& value, std::vector<std::string>& warnings) {
  json::Reader reader(value, "");
  MeetingDescription meeting{.title = reader.find_text("title").value_or("")};
  meeting.start = read_start(reader);
  meeting.meeting_class = reader.find_text("class").value_or("");
  meeting.producers = read_producers(reader);
  meeting.origin = reader.find_text("origin").value_or("");
  std::set<std::string> ids;
  for (const json::Value& item : reader.array("participants")) {
    const std::string place = fmt::format("participants[{}]", meeting.participants.size());
    GREFFE_TRY(DescribedParticipant participant, read_participant(item, place, warnings));
    if (!ids.insert(participant.id).second) return fail("{}.id: \"{}\" stands twice", place, participant.id);
    meeting.participants.push_back(std::move(participant));
  }
  for (const json::Value& item : reader.array("transcripts")) {
    json::Reader transcript(item, fmt::format("transcripts[{}]", meeting.transcripts.size()));
    meeting.transcripts.push_back(
        {.file = transcript.text("file"),
         .offset = std::chrono::milliseconds(transcript.find_integer("offset_ms").value_or(0)),
         .language = transcript.find_text("language").value_or("")});
    GREFFE_CHECK(transcript.status());
  }
  for (const json::Value& item : reader.array("documents")) {
    json::Reader document(item, fmt::format("documents[{}]", meeting.documents.size()));
    meeting.documents.push_back(
        {.file = document.text("file"), .title = document.find_text("title").value_or("")});
    if (!is_file_name(meeting.documents.back().file)) document.refuse("file", "not a file name");
    warn_unknown(document, {}, warnings);
    GREFFE_CHECK(document.status());
  }
  for (const json::Value& item : reader.array("witnesses")) {
    if (const std::string* file = item.find_text())
      meeting.witnesses.push_back(*file);
    else
      reader.refuse("witnesses", "expected file names");
  }
  reader.find("schema"), reader.find("$schema");
  warn_unknown(reader, {}, warnings);
  GREFFE_CHECK(reader.status());
  return meeting;
}

}  // namespace greffe::timeline
