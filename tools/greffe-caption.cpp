// greffe-caption: converts, checks, re-times and names the speakers of a transcript.
#include <algorithm>
#include <set>

#include "base/file.h"
#include "base/log.h"
#include "base/text.h"
#include "caption/cue_file.h"
#include "caption/cue_json.h"
#include "caption/limits.h"
#include "caption/place.h"
#include "caption/rttm.h"
#include "caption/split.h"
#include "caption/webvtt.h"
#include "cli/command_line.h"
#include "cli/program.h"
#include "json/read_file.h"
#include "json/reader.h"

namespace {

using namespace greffe;

struct Options {
  std::string source;
  std::string output;
  std::string offset;
  std::string stretch = "1";
  std::string meeting;
  std::string rttm;
  std::vector<std::string> speakers;
  bool check = false;
  bool split = false;
  bool json = false;
};

Result<Duration> parse_offset(std::string text) {
  const bool back = text.starts_with('-');
  if (back || text.starts_with('+')) text.erase(0, 1);
  if (text.empty()) return Duration{};
  GREFFE_TRY(const std::chrono::milliseconds offset, cli::parse_duration(text));
  return back ? Duration(-offset) : Duration(offset);
}

// From the user's meeting.json or that of a meeting folder: both have `participants` with ids and names.
Result<std::vector<caption::Person>> people_of(const std::string& path) {
  std::vector<caption::Person> people;
  if (path.empty()) return people;
  GREFFE_TRY(const json::Value document, json::read_file(path, caption::MostFileBytes));
  json::Reader meeting(document, path);
  for (const json::Value& item : meeting.array("participants")) {
    json::Reader person(item, meeting.place_of(fmt::format("participants[{}]", people.size())));
    people.push_back({person.text("id"), person.find_text("name").value_or("")});
    GREFFE_CHECK(person.status());
  }
  GREFFE_CHECK(meeting.status());
  return people;
}

Status rename_speakers(std::vector<caption::Cue>& cues, const std::vector<std::string>& renames) {
  std::vector<caption::Person> people;
  for (const std::string& rename : renames) {
    const std::size_t sign = rename.find('=');
    if (sign == 0 || sign == std::string::npos)
      return fail(ErrorKind::Usage, "--speaker {}: write OLD=NEW", rename);
    people.push_back({rename.substr(0, sign), rename.substr(sign + 1)});
  }
  std::set<std::string> met;
  for (caption::Cue& cue : cues)
    for (const caption::Person& person : people)
      if (cue.speaker == person.id) {
        met.insert(person.id);
        cue.speaker = person.name;
        break;
      }
  for (const caption::Person& person : people)
    if (!met.contains(person.id))
      log::warning("--speaker {}={}: no cue has that speaker", person.id, person.name);
  return {};
}

Result<caption::Transcript> read(const std::string& path, DamageLog& damage) {
  GREFFE_TRY(const std::string bytes, read_text(path, caption::MostFileBytes));
  Result<caption::Transcript> transcript = caption::read_transcript(bytes, path, damage);
  // Nothing else is left of this job (DEFECTS, "reject").
  if (!transcript) return fail("{}: {}", path, transcript.error().message());
  if (transcript->cues.empty())
    damage.add({.condition = "no-cues", .place = path, .text = "the transcript is empty"});
  return transcript;
}

// Who spoke when is told by another file.
Status name_from_rttm(std::vector<caption::Cue>& cues, const std::string& path, DamageLog& damage) {
  if (path.empty()) return {};
  GREFFE_TRY(const std::string bytes, read_text(path, caption::MostFileBytes));
  const auto speeches = caption::read_rttm(bytes, path, damage);
  if (!speeches) return fail("{}: {}", path, speeches.error().message());
  caption::name_by_speeches(cues, *speeches);
  return {};
}

void print_check(const caption::Transcript& transcript, bool as_json) {
  std::set<std::string> speakers;
  MeetingTime start = MeetingTime::max(), end = MeetingTime::min();
  for (const caption::Cue& cue : transcript.cues) {
    if (!cue.speaker.empty()) speakers.insert(cue.speaker);
    start = std::min(start, cue.range.start);
    end = std::max(end, cue.range.end);
  }
  if (transcript.cues.empty()) start = end = MeetingTime{};
  if (as_json) {
    json::Array names(speakers.begin(), speakers.end());
    const json::Object document{
        {"schema", "greffe.caption-check/1"}, {"format", caption::name_of(transcript.format)},
        {"language", transcript.language},    {"cues", transcript.cues.size()},
        {"start_ms", whole_ms(start)},        {"end_ms", whole_ms(end)},
        {"speakers", std::move(names)}};
    cli::print(fmt::format("{}\n", json::write(document)));
    return;
  }
  cli::print(fmt::format("{}: {} cues from {} to {}\n", caption::name_of(transcript.format),
                         transcript.cues.size(), clock_text(start), clock_text(end)));
  for (const std::string& speaker : speakers) cli::print(fmt::format("  {}\n", printable(speaker)));
}

Status write(const caption::Transcript& transcript, const Options& options) {
  const bool as_json = options.output.empty() ? options.json : options.output.ends_with(".json");
  const std::string text = as_json ? json::write(caption::cues_to_json(transcript.cues, transcript.language),
                                                 json::Style::Indented) +
                                         "\n"
                                   : caption::write_webvtt(transcript.cues);
  if (!options.output.empty()) return write_text_atomically(options.output, text);
  cli::print(text);
  return {};
}

Result<int> convert(const Options& options) {
  if (!options.output.empty() && !options.output.ends_with(".vtt") && !options.output.ends_with(".json"))
    return fail(ErrorKind::Usage, "{}: ends neither in .vtt nor in .json", options.output);
  if (options.json && options.output.ends_with(".vtt"))
    return fail(ErrorKind::Usage, "{}: is WebVTT, and --json asks for another format", options.output);
  GREFFE_TRY(const Duration offset, parse_offset(options.offset));
  GREFFE_TRY(const caption::Ratio stretch, caption::parse_ratio(options.stretch));
  GREFFE_TRY(const std::vector<caption::Person> people, people_of(options.meeting));
  DamageLog damage;
  GREFFE_TRY(caption::Transcript transcript, read(options.source, damage));
  GREFFE_CHECK(name_from_rttm(transcript.cues, options.rttm, damage));
  GREFFE_CHECK(rename_speakers(transcript.cues, options.speakers));
  caption::name_speakers(transcript.cues, people);
  caption::retime(transcript.cues, offset, stretch);
  transcript.cues = caption::clipped(std::move(transcript.cues), MeetingTime::max(), options.source, damage);
  if (options.split) transcript.cues = caption::split(std::move(transcript.cues));
  if (options.check)
    print_check(transcript, options.json);
  else
    GREFFE_CHECK(write(transcript, options));
  return cli::report_damage(damage);
}

}  // namespace

int main(int argc, char** argv) {
  return cli::run("greffe-caption", [&]() -> Result<int> {
    Options options;
    cli::CommandLine command("greffe-caption",
                             "Converts, checks, re-times and names the speakers of a transcript.", {});
    command.argument("SOURCE", options.source, "WebVTT, SubRip, WhisperX JSON, or cues as greffe keeps them");
    command.option("-o,--output", options.output, "FILE",
                   "The new file, .vtt or .json; by default WebVTT on standard output");
    command.flag("--check", options.check, "Only say what the file holds and what is wrong with it");
    command.flag("--split", options.split, "Cut long cues into two short lines of a few seconds");
    command.option("--offset", options.offset, "TIME", "Add to all times, as 1500ms or -2s");
    command.option("--stretch", options.stretch, "RATIO",
                   "Multiply all times, as 1.001 or 25025/24000, before the offset");
    command.option("--rttm", options.rttm, "FILE",
                   "Who spoke when: cues without a speaker get the one who speaks longest meanwhile");
    command.option("--speaker", options.speakers, "OLD=NEW", "Rename a speaker; may be given several times");
    command.option("--meeting", options.meeting, "FILE",
                   "A meeting.json: speakers that are its ids get their names");
    command.flag("--json", options.json, "JSON on standard output");
    command.not_with("--check", {"--output", "--split"}, "has no say where --check only looks");
    if (const auto code = command.parse(argc, argv)) return *code;
    return convert(options);
  });
}
