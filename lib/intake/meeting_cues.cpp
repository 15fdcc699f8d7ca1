#include "intake/meeting_cues.h"

#include <algorithm>

#include "caption/cue_file.h"
#include "caption/limits.h"
#include "caption/place.h"
#include "caption/split.h"

namespace greffe::intake {
namespace {

// nullopt: refused, and told.
std::optional<caption::Transcript> read(const TranscriptSource& source, DamageLog& damage) {
  const Result<std::string> bytes = read_text(source.path, caption::MostFileBytes);
  Result<caption::Transcript> transcript =
      bytes ? caption::read_transcript(*bytes, source.place, damage) : tl::unexpected(bytes.error());
  if (!transcript) {
    damage.add({.condition = "transcript-refused",
                .place = source.place,
                .unit = "files",
                .text = transcript.error().message()});
    return std::nullopt;
  }
  if (transcript->cues.empty())
    damage.add({.condition = "no-cues", .place = source.place, .text = "the transcript is empty"});
  return std::move(*transcript);
}

bool has_words(const caption::Transcript& transcript) {
  return std::any_of(transcript.cues.begin(), transcript.cues.end(),
                     [](const caption::Cue& cue) { return !cue.words.empty(); });
}

MeetingTime end_of(const std::vector<caption::Cue>& cues) {
  MeetingTime end{};
  for (const caption::Cue& cue : cues) end = std::max(end, cue.range.end);
  return end;
}

// Words whose times nobody knows were said in the meeting: their cue is clipped ahead of being split. What is
// cut off of others takes with it only the words that were said then.
std::vector<caption::Cue> split_in_meeting(std::vector<caption::Cue> cues, MeetingTime end,
                                           const std::string& place, DamageLog& damage) {
  const auto by_start = [](const caption::Cue& a, const caption::Cue& b) {
    return a.range.start < b.range.start;
  };
  std::vector<caption::Cue> timed, untimed;
  for (caption::Cue& cue : cues) (cue.words.empty() ? untimed : timed).push_back(std::move(cue));
  for (caption::Cue& cue : caption::clipped(std::move(untimed), end, place, damage))
    timed.push_back(std::move(cue));
  std::stable_sort(timed.begin(), timed.end(), by_start);
  return caption::clipped(caption::split(std::move(timed), {.end = end}), end, place, damage);
}

}  // namespace

MeetingCues read_meeting_cues(std::span<const TranscriptSource> transcripts, const timeline::Meeting& meeting,
                              DamageLog& damage) {
  MeetingCues made;
  caption::Transcript best;
  for (std::size_t i = 0; i < transcripts.size(); ++i) {
    auto transcript = read(transcripts[i], damage);
    if (!transcript || transcript->cues.empty()) continue;
    if (made.from && (has_words(best) || !has_words(*transcript))) continue;
    made.from = i;
    best = std::move(*transcript);
  }
  if (!made.from) return made;
  const TranscriptSource& source = transcripts[*made.from];
  std::vector<caption::Person> people;
  for (const timeline::Participant& participant : meeting.participants)
    people.push_back({participant.id, participant.name});
  caption::name_speakers(best.cues, people);
  caption::retime(best.cues, source.offset);
  if (meeting.tracks.empty()) {
    best.cues = caption::split(std::move(best.cues));
    made.end = end_of(best.cues);
    made.cues = caption::clipped(std::move(best.cues), made.end, source.place, damage);
  } else {
    made.end = meeting.end;
    made.cues = split_in_meeting(std::move(best.cues), made.end, source.place, damage);
  }
  made.language = source.language.empty() ? best.language : source.language;
  return made;
}

}  // namespace greffe::intake
