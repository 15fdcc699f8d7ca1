#include "flow/meeting_builder.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "flow/meeting_transcripts.h"
#include "flow/missing_report.h"
#include "flow/track_writer.h"
#include "json/value.h"

namespace greffe::flow {
namespace {

using Names = std::map<std::string, std::string>;  // path as described → path in the meeting folder

Result<Names> copy_files(const std::map<std::string, SourceFile>& files, const std::string& subfolder,
                         MeetingStage& stage, ProgressSink& progress) {
  std::map<fixity::Digest, std::string> by_digest;
  Names names;
  std::uint64_t done = 0;
  for (const auto& [name, file] : files) {
    progress.advance("copying", done++, files.size());
    auto& path = by_digest[file.digest];
    if (path.empty()) {
      path = stage.free_path(subfolder, Path(name).filename().string());
      GREFFE_CHECK(stage.copy(file.path, file.stamp.size, file.digest, path));
    }
    names[name] = path;
  }
  return names;
}

void warn_of_changes(const SourceFiles& files, DamageLog& damage) {
  for (const auto& [name, file] : files.dumps) {
    const auto now = open_input(file.path);
    if (now && now->stamp != file.stamp)
      damage.add(
          {.condition = "source-changed",
           .place = file.path.filename().string(),
           .unit = "bytes",
           .amount = now->stamp.size - std::min(now->stamp.size, file.stamp.size),
           .text = fmt::format("changed while it was ingested; {} bytes of it are kept", file.stamp.size)});
  }
}

// "amelie-camera-1": the participant's id as a file name, the role, and a number no other track has.
std::vector<std::string> stems_of(const std::vector<SurveyedTrack>& tracks,
                                  const timeline::Meeting& meeting) {
  std::set<std::string> taken;
  for (const timeline::Participant& participant : meeting.participants)
    taken.insert(participant.tracks.begin(), participant.tracks.end());
  std::vector<std::string> stems;
  for (const SurveyedTrack& track : tracks) {
    const std::string stem = fmt::format("{}-{}", file_name_of(track.participant, 40), track.role);
    int number = 1;
    while (!taken.insert(fmt::format("{}-{}", stem, number)).second) ++number;
    stems.push_back(fmt::format("{}-{}", stem, number));
  }
  return stems;
}

Status write_json(MeetingStage& stage, const std::string& path, const json::Value& value) {
  return stage.write(path, json::write(value, json::Style::Indented));
}

json::Value damage_report(const std::string& id, const DamageLog& damage) {
  json::Array entries;
  for (const Damage& entry : damage.entries())
    entries.push_back(json::Object{{"place", entry.place},
                                   {"condition", entry.condition},
                                   {"count", entry.count},
                                   {"amount", entry.amount},
                                   {"unit", entry.unit},
                                   {"first", entry.first},
                                   {"last", entry.last},
                                   {"text", entry.text}});
  return json::Object{{"schema", "greffe.damage/1"}, {"meeting", id}, {"damage", std::move(entries)}};
}

using Evidence = std::map<std::string, timeline::ClockEvidence>;  // by track

// Of tracks that were there before this ingest the evidence lies in the report of theirs.
void add_evidence(const timeline::ClockEvidence& evidence, json::Object& clock) {
  clock.set("witnesses", timeline::witnesses_json(evidence));
  clock.set("contradictions", timeline::contradictions_json(evidence));
  if (evidence.capture_jitter_ms)
    clock.set("capture_jitter_ms", timeline::rounded_to_thousandths(*evidence.capture_jitter_ms));
  if (evidence.network_jitter_ms)
    clock.set("network_jitter_ms", timeline::rounded_to_thousandths(*evidence.network_jitter_ms));
}

json::Value clock_report(const std::string& id, const std::vector<timeline::TrackSidecar>& tracks,
                         const Evidence& evidence) {
  json::Array clocks;
  for (const timeline::TrackSidecar& track : tracks) {
    json::Object clock{{"track", track.track},
                       {"participant", track.participant},
                       {"witness", track.clock.witness},
                       {"drift_ppm", timeline::drift_ppm_of(track.clock).value_or(0)},
                       {"residual_ms", track.clock.residual_ms},
                       {"segments", track.clock.segments.size()},
                       {"audio_advance_ms", static_cast<double>(track.clock.audio_advance.count()) / 1e6}};
    if (const auto found = evidence.find(track.track); found != evidence.end())
      add_evidence(found->second, clock);
    clocks.push_back(std::move(clock));
  }
  return json::Object{{"schema", "greffe.clocks/1"}, {"meeting", id}, {"clocks", std::move(clocks)}};
}

// The tracks of the surveyed meeting into the stage, and into `meeting`. Tracks of which nothing can be
// decoded are refused; the others go on.
Status write_tracks(const SurveyedMeeting& surveyed, const Names& dumps, MeetingStage& stage,
                    timeline::Meeting& meeting, Evidence& evidence, DamageLog& damage,
                    ProgressSink& progress) {
  auto clocks = fit_meeting(surveyed.tracks, surveyed.start, damage);
  const auto stems = stems_of(surveyed.tracks, meeting);
  const std::size_t before = meeting.tracks.size();
  std::optional<Error> first_refusal;
  std::map<std::size_t, std::string> cameras;  // of which a layer has been written: its stem
  for (std::size_t i = 0; i < surveyed.tracks.size(); ++i) {
    progress.advance("writing tracks", i, surveyed.tracks.size());
    const SurveyedTrack& track = surveyed.tracks[i];
    const auto participant = std::find_if(meeting.participants.begin(), meeting.participants.end(),
                                          [&](const auto& known) { return known.id == track.participant; });
    TrackOrder order{.source = track.source,
                     .survey = &track.survey,
                     .clock = clocks[i].map,
                     .stem = stems[i],
                     .participant = track.participant,
                     .name = participant->name,
                     .role = track.role,
                     .dump = dumps.at(track.source.file.string())};
    if (track.camera && cameras.contains(*track.camera)) order.alternative_of = cameras.at(*track.camera);
    order.source.file = stage.folder() / order.dump;
    auto sidecar = track.container ? write_container_track(order, *track.container, stage.folder() / "tracks")
                                   : write_track(order, stage.folder() / "tracks");
    if (!sidecar) {
      if (sidecar.error().kind() != ErrorKind::Damaged) return tl::unexpected(sidecar.error());
      damage.add({.condition = "track-refused",
                  .place = track.source.place,
                  .unit = "tracks",
                  .text = sidecar.error().message()});
      if (!first_refusal) first_refusal = sidecar.error();
      continue;
    }
    for (const Damage& entry : sidecar->damage) damage.add_entry(entry);
    GREFFE_CHECK(stage.adopt(fmt::format("tracks/{}.mkv", stems[i])));
    GREFFE_CHECK(
        write_json(stage, fmt::format("tracks/{}.track.json", stems[i]), timeline::to_json(*sidecar)));
    if (track.camera) cameras.emplace(*track.camera, stems[i]);
    participant->tracks.push_back(stems[i]);
    evidence[stems[i]] = std::move(clocks[i].evidence);
    meeting.end = std::max(meeting.end, sidecar->range.end);
    meeting.tracks.push_back(std::move(*sidecar));
  }
  if (meeting.tracks.size() == before) return fail("no track can be made: {}", first_refusal->message());
  return {};
}

// Participants the meeting does not have yet, in the description's order.
void add_participants(const MeetingSource& source, timeline::Meeting& meeting) {
  for (const auto& participant : source.description.participants)
    if (!meeting.find_participant(participant.id))
      meeting.participants.push_back({.id = participant.id, .name = participant.name});
}

}  // namespace

timeline::Meeting new_meeting(const MeetingSource& source, const SourceFiles& files, const std::string& id,
                              WallTime start) {
  return {.id = id,
          .title = source.description.title,
          .start = start,
          .origin = source.description.origin,
          .meeting_class = source.description.meeting_class,
          .description_sha256 = digest_of_description(source, files).hex()};
}

Status build_meeting(const MeetingSource& source, const SourceFiles& files, const SurveyedMeeting& surveyed,
                     MeetingStage& stage, timeline::Meeting& meeting, DamageLog& damage,
                     ProgressSink& progress) {
  add_participants(source, meeting);
  damage.add_all(surveyed.damage);
  GREFFE_TRY(const Names dumps, copy_files(files.dumps, "dumps", stage, progress));
  warn_of_changes(files, damage);
  Evidence evidence;
  if (const Status written = write_tracks(surveyed, dumps, stage, meeting, evidence, damage, progress);
      !written)
    return fail_within(source.place, written);
  for (const std::string& witness : source.description.witnesses)
    if (const auto found = dumps.find(witness); found != dumps.end())
      meeting.witnesses.push_back(found->second);
  GREFFE_CHECK(add_transcripts(source, files, stage, meeting, damage));
  GREFFE_CHECK(
      write_json(stage, stage.free_path("reports", "damage.json"), damage_report(meeting.id, damage)));
  GREFFE_CHECK(write_json(stage, stage.free_path("reports", "clocks.json"),
                          clock_report(meeting.id, meeting.tracks, evidence)));
  GREFFE_CHECK(write_json(stage, MissingReport, missing_report(meeting)));
  GREFFE_TRY(const auto strips, missing_strips(meeting));
  GREFFE_CHECK(stage.write(MissingStrips,
                           std::string_view(reinterpret_cast<const char*>(strips.data()), strips.size())));
  return write_json(stage, "meeting.json", timeline::to_json(meeting));
}

}  // namespace greffe::flow
