#include <map>

#include "flow/described_streams.h"
#include "flow/layers.h"
#include "flow/meeting_builder.h"
#include "flow/witness.h"

namespace greffe::flow {
namespace {

Result<SurveyedTrack> survey_source(const timeline::DescribedParticipant& participant,
                                    const timeline::DescribedTrack& track, TrackSource source,
                                    const StreamMap* map) {
  GREFFE_TRY(TrackCoding coding, find_coding(source, track.codec));
  if (!media::facts_of(coding.codec).supported)
    return fail(ErrorKind::Damaged, "{}: greffe makes no track of {} yet; the dump is kept", source.place,
                coding.codec_name);
  coding.extmap.insert(track.extmap.begin(), track.extmap.end());
  if (map != nullptr) map->add_repairs(source.selection, coding);
  GREFFE_TRY(TrackSurvey survey, survey_track(source, std::move(coding)));
  if (survey.encrypted)
    return fail(ErrorKind::Damaged, "{}: {}; the dump is kept, no track can be made of it", source.place,
                *survey.encrypted);
  return SurveyedTrack{.source = std::move(source),
                       .participant = participant.id,
                       .role = track.role,
                       .survey = std::move(survey)};
}

void refuse(SurveyedMeeting& meeting, const std::string& place, const Error& error) {
  meeting.damage.add(
      {.condition = "track-refused", .place = place, .unit = "tracks", .text = error.message()});
}

// Numbers that begin anew again and again, under several SSRCs: streams side by side in one dump (R49).
bool is_interleaved(const TrackSurvey& survey) {
  constexpr std::uint32_t MostSegments = 8;
  return survey.ssrcs.size() > 1 && survey.counts.segments > MostSegments;
}

// The tracks of a description's entry: one as a rule, several where a file holds several streams.
class TrackSurveyor {
 public:
  explicit TrackSurveyor(SurveyedMeeting& meeting) : meeting_(meeting) {}

  Status survey(const timeline::DescribedParticipant& participant, const timeline::DescribedTrack& track) {
    GREFFE_TRY(const std::string container, container::find_container(track.file));
    if (!container.empty()) return survey_file(participant, track);
    GREFFE_TRY(const auto format, dump::find_format(track.file));
    if (format == dump::Format::Pcap || format == dump::Format::PcapNg)
      return survey_streams(participant, track);
    GREFFE_TRY(SurveyedTrack whole, survey_source(participant, track, source_of(track), nullptr));
    if (is_interleaved(whole.survey)) return survey_streams(participant, track);
    meeting_.tracks.push_back(std::move(whole));
    return {};
  }

 private:
  Status survey_file(const timeline::DescribedParticipant& participant,
                     const timeline::DescribedTrack& track) {
    SurveyedTrack surveyed{.source = source_of(track), .participant = participant.id, .role = track.role};
    GREFFE_TRY(surveyed.container, survey_container(track, surveyed.source.place, meeting_.damage));
    meeting_.tracks.push_back(std::move(surveyed));
    return {};
  }

  Status survey_streams(const timeline::DescribedParticipant& participant,
                        const timeline::DescribedTrack& track) {
    GREFFE_TRY(const StreamMap* map, maps_.of(track.file, track.extmap));
    GREFFE_TRY(const auto sources, sources_of(track, *map, meeting_.damage));
    std::vector<Error> refusals;
    for (const TrackSource& source : sources) {
      auto surveyed = survey_source(participant, track, source, map);
      if (surveyed)
        meeting_.tracks.push_back(std::move(*surveyed));
      else if (surveyed.error().kind() == ErrorKind::Interrupted)
        return tl::unexpected(surveyed.error());
      else
        refusals.push_back(surveyed.error());
    }
    if (refusals.size() == sources.size()) return tl::unexpected(refusals.front());
    for (const Error& refusal : refusals) refuse(meeting_, Path(track.file).filename().string(), refusal);
    return {};
  }

  SurveyedMeeting& meeting_;
  StreamMaps maps_;
};

// A capture has its RTCP on flows of its own, which a track's selection leaves out.
Status add_reports(std::vector<SurveyedTrack>& tracks) {
  std::map<Path, std::vector<RawReport>> by_file;
  for (SurveyedTrack& track : tracks) {
    if (track.container) continue;
    const dump::Selection& selection = track.source.selection;
    const bool capture = selection.ssrc || !selection.from.empty() || !selection.to.empty();
    if (capture && !by_file.contains(track.source.file)) {
      GREFFE_TRY(by_file[track.source.file], reports_in(track.source.file, track.source.place));
    }
    track.reports = reports_of(track.survey, capture ? by_file[track.source.file] : track.survey.reports);
  }
  return {};
}

Result<WallTime> start_of(const MeetingSource& source, const SurveyedMeeting& meeting,
                          std::optional<WallTime> given, DamageLog& damage) {
  if (const auto start = find_start(meeting.tracks, given ? given : source.description.start)) return *start;
  // R61: no recorder said what time it was.
  const SurveyedTrack& first = meeting.tracks.front();
  GREFFE_TRY(const InputFile input, open_input(first.source.file));
  damage.add({.condition = "no-wall-clock",
              .place = first.source.place,
              .text = "the dump has no time of day; the file's own time is taken, better give --start"});
  return WallTime(std::chrono::floor<std::chrono::seconds>(Duration(input.stamp.modified_ns)));
}

}  // namespace

Result<SurveyedMeeting> survey_meeting(const MeetingSource& source, const SourceFiles& files,
                                       std::optional<WallTime> start, const Workers& workers) {
  SurveyedMeeting meeting;
  std::optional<Error> first_refusal;
  for (const RefusedFile& refused : files.refusals) {
    meeting.damage.add({.condition = "file-refused",
                        .place = Path(refused.name).filename().string(),
                        .unit = "files",
                        .text = refused.why.message()});
    if (!first_refusal) first_refusal = refused.why;
  }
  TrackSurveyor surveyor(meeting);
  std::uint64_t done = 0;
  for (const auto& participant : source.description.participants) {
    for (const auto& described : participant.tracks) {
      workers.progress.advance("reading", done++, 0);
      if (!files.dumps.contains(described.file)) continue;
      const Status surveyed = surveyor.survey(participant, described);
      if (surveyed) continue;
      if (surveyed.error().kind() == ErrorKind::Interrupted) return tl::unexpected(surveyed.error());
      refuse(meeting, Path(described.file).filename().string(), surveyed.error());
      if (!first_refusal) first_refusal = surveyed.error();
    }
  }
  if (meeting.tracks.empty())
    return fail("{}: no track can be made: {}", source.place,
                first_refusal ? first_refusal->message() : "it names none");
  find_layers(meeting.tracks);
  GREFFE_CHECK(add_reports(meeting.tracks));
  std::vector<TrackSource> witnesses;
  for (const std::string& witness : source.description.witnesses)
    if (files.dumps.contains(witness))
      witnesses.push_back({.file = witness, .place = Path(witness).filename().string()});
  GREFFE_CHECK(read_witnesses(witnesses, meeting.tracks, meeting.damage));
  correct_arrivals(meeting.tracks, meeting.damage);
  GREFFE_TRY(meeting.start, start_of(source, meeting, start, meeting.damage));
  return meeting;
}

}  // namespace greffe::flow
