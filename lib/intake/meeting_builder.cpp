#include "intake/meeting_builder.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "intake/meeting_transcripts.h"
#include "intake/missing_report.h"
#include "intake/track_writer.h"
#include "json/value.h"

namespace greffe::intake {
namespace {

using Names = std::map<std::string, std::string>;  // path as described → path in the meeting folder

// What is copied where: files with the same bytes once.
struct Copies {
  std::vector<std::pair<const SourceFile*, std::string>> wanted;
  Names names;
};

Copies plan_copies(const std::map<std::string, SourceFile>& files, const std::string& subfolder,
                   MeetingStage& stage) {
  std::map<fixity::Digest, std::string> by_digest;
  Copies copies;
  for (const auto& [name, file] : files) {
    auto& path = by_digest[file.digest];
    if (path.empty()) {
      path = stage.free_path(subfolder, Path(name).filename().string());
      copies.wanted.emplace_back(&file, path);
    }
    copies.names[name] = path;
  }
  return copies;
}

// True if any did.
bool warn_of_changes(const SourceFiles& files, DamageLog& damage) {
  bool changed = false;
  for (const auto& [name, file] : files.dumps) {
    const auto now = open_input(file.path);
    if (now && now->stamp == file.stamp) continue;
    changed = true;
    if (!now) continue;
    damage.add(
        {.condition = "source-changed",
         .place = file.path.filename().string(),
         .unit = "bytes",
         .amount = now->stamp.size - std::min(now->stamp.size, file.stamp.size),
         .text = fmt::format("changed while it was ingested; {} bytes of it are kept", file.stamp.size)});
  }
  return changed;
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

std::vector<TrackOrder> orders_for(const SurveyedMeeting& surveyed, const std::vector<FittedClock>& clocks,
                                   const Names& dumps, const timeline::Meeting& meeting) {
  const auto stems = stems_of(surveyed.tracks, meeting);
  std::vector<TrackOrder> orders;
  for (std::size_t i = 0; i < surveyed.tracks.size(); ++i) {
    const SurveyedTrack& track = surveyed.tracks[i];
    TrackOrder order{.source = track.source,
                     .survey = &track.survey,
                     .clock = clocks[i].map,
                     .stem = stems[i],
                     .participant = track.participant,
                     .name = meeting.find_participant(track.participant)->name,
                     .role = track.role,
                     .dump = dumps.at(track.source.file.string())};
    orders.push_back(std::move(order));
  }
  return orders;
}

// The track's file is written and closed; its sidecar is not.
struct MadeTrack {
  timeline::TrackSidecar sidecar;
  fixity::Digest digest;
};

std::string track_path(const std::string& stem) { return fmt::format("tracks/{}.mkv", stem); }

Result<MadeTrack> make_track(const TrackOrder& order, const SurveyedTrack& track, const MeetingStage& stage) {
  auto sidecar = track.container ? write_container_track(order, *track.container, stage.folder() / "tracks")
                                 : write_track(order, stage.folder() / "tracks");
  const Path file = stage.folder() / track_path(order.stem);
  if (!sidecar) {
    GREFFE_CHECK(remove_tree(file));  // what was begun of it
    return tl::unexpected(sidecar.error());
  }
  GREFFE_TRY(const fixity::FileDigest written, fixity::digest_of_file(file));
  return MadeTrack{std::move(*sidecar), written.digest};
}

using MadeTracks = std::vector<Result<MadeTrack>>;  // in the order of the orders

// Makes the tracks of their sources while those are copied. A source that changed meanwhile may have given
// the track what its copy does not have: then all are made of the copies.
Result<MadeTracks> copy_and_make(const SourceFiles& files, const Copies& copies,
                                 std::vector<TrackOrder>& orders, const SurveyedMeeting& surveyed,
                                 MeetingStage& stage, DamageLog& damage, const Workers& workers) {
  MadeTracks made(orders.size());
  const auto make = [&](std::size_t i) -> Status {
    made[i] = make_track(orders[i], surveyed.tracks[i], stage);
    if (!made[i] && made[i].error().kind() != ErrorKind::Damaged) return tl::unexpected(made[i].error());
    return {};
  };
  GREFFE_CHECK(workers.run("writing", orders.size() + copies.wanted.size(), [&](std::size_t i) {
    if (i < orders.size()) return make(i);
    const auto& [file, path] = copies.wanted[i - orders.size()];
    return stage.copy(*file, path);
  }));
  if (!warn_of_changes(files, damage)) return made;
  for (TrackOrder& order : orders) {
    GREFFE_CHECK(remove_tree(stage.folder() / track_path(order.stem)));
    order.source.file = stage.folder() / order.dump;
    for (RepairDump& beside : order.source.beside)
      beside.file = stage.folder() / copies.names.at(beside.file.string());
  }
  GREFFE_CHECK(workers.run("writing again", orders.size(), make));
  return made;
}

// Of a whole file of another platform: each of its tracks has it, and it counts once.
bool is_of_file(const Damage& damage) {
  return damage.condition == "file-hole" || damage.condition == "file-cut";
}

// The tracks of the surveyed meeting and their dumps into the stage, and into `meeting`. Tracks of which
// nothing can be decoded are refused; the others go on.
Status write_tracks(const SourceFiles& files, const SurveyedMeeting& surveyed, const Copies& copies,
                    MeetingStage& stage, timeline::Meeting& meeting, Evidence& evidence, DamageLog& damage,
                    const Workers& workers) {
  auto clocks = fit_meeting(surveyed.tracks, surveyed.start, damage);
  auto orders = orders_for(surveyed, clocks, copies.names, meeting);
  GREFFE_TRY(MadeTracks made, copy_and_make(files, copies, orders, surveyed, stage, damage, workers));
  const std::size_t before = meeting.tracks.size();
  std::optional<Error> first_refusal;
  std::map<std::size_t, std::string> cameras;       // of which a layer has been written: its stem
  std::set<std::pair<Path, std::string>> of_files;  // damage that was counted
  for (std::size_t i = 0; i < orders.size(); ++i) {
    if (!made[i]) {
      damage.add({.condition = "track-refused",
                  .place = orders[i].source.place,
                  .unit = "tracks",
                  .text = made[i].error().message()});
      if (!first_refusal) first_refusal = made[i].error();
      continue;
    }
    timeline::TrackSidecar& sidecar = made[i]->sidecar;
    GREFFE_CHECK(stage.adopt(track_path(orders[i].stem), made[i]->digest));
    const auto& camera = surveyed.tracks[i].camera;
    if (camera && !cameras.try_emplace(*camera, sidecar.track).second)
      sidecar.alternative_of = cameras.at(*camera);
    for (const Damage& entry : sidecar.damage)
      if (!is_of_file(entry) || of_files.emplace(orders[i].source.file, entry.condition).second)
        damage.add_entry(entry);
    GREFFE_CHECK(stage.write(fmt::format("tracks/{}.track.json", sidecar.track),
                             [&](const json::Sink& put) { return timeline::write_sidecar(sidecar, put); }));
    const auto participant = std::find_if(meeting.participants.begin(), meeting.participants.end(),
                                          [&](const auto& known) { return known.id == sidecar.participant; });
    participant->tracks.push_back(sidecar.track);
    evidence[sidecar.track] = std::move(clocks[i].evidence);
    meeting.end = std::max(meeting.end, sidecar.range.end);
    meeting.tracks.push_back(std::move(sidecar));
  }
  if (meeting.tracks.size() == before && first_refusal)
    return fail("no track can be made: {}", first_refusal->message());
  return {};
}

// What says of captures what they hold, each under the name of its capture, so that it is found again.
Status keep_session_descriptions(const SourceFiles& files, const Names& dumps, MeetingStage& stage,
                                 timeline::Meeting& meeting) {
  for (const auto& [dump, file] : files.session_descriptions) {
    const auto kept = dumps.find(dump);
    if (kept == dumps.end()) continue;
    const Path name = Path(kept->second).filename().replace_extension(".sdp");
    const std::string path = stage.free_path("dumps", name.string());
    GREFFE_CHECK(stage.copy(file, path));
    meeting.session_descriptions.push_back(path);
  }
  return {};
}

// Documents in the description's order, files with the same bytes once.
Status keep_documents(const MeetingSource& source, const SourceFiles& files, MeetingStage& stage,
                      timeline::Meeting& meeting) {
  if (files.documents.empty()) return {};
  GREFFE_CHECK(make_directories(stage.folder() / "documents"));
  const Copies copies = plan_copies(files.documents, "documents", stage);
  for (const auto& [file, path] : copies.wanted) GREFFE_CHECK(stage.copy(*file, path));
  std::set<std::string> named;
  for (const timeline::DescribedDocument& document : source.description.documents) {
    const auto kept = copies.names.find(document.file);
    if (kept != copies.names.end() && named.insert(kept->second).second)
      meeting.documents.push_back({.file = kept->second, .title = document.title});
  }
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
          .producers = source.description.producers,
          .description_sha256 = digest_of_description(source, files).hex()};
}

Status build_meeting(const MeetingSource& source, const SourceFiles& files, const SurveyedMeeting& surveyed,
                     MeetingStage& stage, timeline::Meeting& meeting, DamageLog& damage,
                     const Workers& workers) {
  add_participants(source, meeting);
  damage.add_all(surveyed.damage);
  const Copies copies = plan_copies(files.dumps, "dumps", stage);
  Evidence evidence;
  if (const Status written = write_tracks(files, surveyed, copies, stage, meeting, evidence, damage, workers);
      !written)
    return fail_within(source.place, written);
  for (const std::string& witness : source.description.witnesses)
    if (const auto found = copies.names.find(witness); found != copies.names.end())
      meeting.witnesses.push_back(found->second);
  GREFFE_CHECK(keep_session_descriptions(files, copies.names, stage, meeting));
  GREFFE_CHECK(add_transcripts(source, files, stage, meeting, damage));
  GREFFE_CHECK(keep_documents(source, files, stage, meeting));
  GREFFE_CHECK(
      write_json(stage, stage.free_path("reports", "damage.json"), damage_report(meeting.id, damage)));
  GREFFE_CHECK(write_json(stage, stage.free_path("reports", "clocks.json"),
                          clock_report(meeting.id, meeting.tracks, evidence)));
  const MissingOfTracks missing = missing_of_tracks(meeting);
  GREFFE_CHECK(write_json(stage, MissingReport, missing_report(meeting, missing)));
  GREFFE_TRY(const auto strips, missing_strips(meeting, missing));
  GREFFE_CHECK(stage.write(MissingStrips,
                           std::string_view(reinterpret_cast<const char*>(strips.data()), strips.size())));
  return write_json(stage, "meeting.json", timeline::to_json(meeting));
}

}  // namespace greffe::intake
