#include "intake/meeting_transcripts.h"

#include "caption/cue_json.h"
#include "caption/webvtt.h"
#include "intake/meeting_cues.h"
#include "json/value.h"

namespace greffe::intake {
namespace {

// Those that the description names, else those beside it.
std::vector<timeline::DescribedTranscript> transcripts_of(const MeetingSource& source) {
  if (!source.description.transcripts.empty()) return source.description.transcripts;
  std::vector<timeline::DescribedTranscript> beside;
  for (const Path& path : source.transcripts_beside) beside.push_back({.file = path.string()});
  return beside;
}

}  // namespace

Status add_transcripts(const MeetingSource& source, const SourceFiles& files, MeetingStage& stage,
                       timeline::Meeting& meeting, DamageLog& damage) {
  // Ours first, so that a transcript of the same name gets another.
  const std::string cues_json = stage.free_path("captions", "cues.json");
  const std::string cues_vtt = stage.free_path("captions", "cues.vtt");
  std::vector<TranscriptSource> transcripts;
  for (const timeline::DescribedTranscript& described : transcripts_of(source)) {
    const auto file = files.transcripts.find(described.file);
    if (file == files.transcripts.end()) continue;  // refused; told with the other refusals
    const std::string name = Path(described.file).filename().string();
    const std::string path = stage.free_path("captions", name);
    GREFFE_CHECK(stage.copy(file->second, path));
    meeting.transcripts.push_back(
        {.file = path, .offset = described.offset, .language = described.language, .gives_cues = false});
    transcripts.push_back({.path = stage.folder() / path,
                           .place = name,
                           .offset = described.offset,
                           .language = described.language});
  }
  const MeetingCues read = read_meeting_cues(transcripts, meeting, damage);
  if (!read.from) return {};
  meeting.transcripts[*read.from].gives_cues = true;
  if (meeting.transcripts[*read.from].language.empty())
    meeting.transcripts[*read.from].language = read.language;
  meeting.end = read.end;
  const json::Value cues = caption::cues_to_json(read.cues, read.language);
  GREFFE_CHECK(stage.write(cues_json, json::write(cues, json::Style::Indented)));
  return stage.write(cues_vtt, caption::write_webvtt(read.cues));
}

}  // namespace greffe::intake
