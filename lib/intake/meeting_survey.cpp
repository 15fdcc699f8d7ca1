#include "intake/meeting_survey.h"

#include <map>
#include <numeric>
#include <set>
#include <tuple>

#include "intake/layers.h"
#include "intake/repair_dumps.h"
#include "intake/senders.h"
#include "intake/witness.h"

namespace greffe::intake {
namespace {

Result<SurveyedTrack> survey_source(const timeline::DescribedParticipant& participant,
                                    const timeline::DescribedTrack& track, MeantTrack meant,
                                    const StreamMap* map) {
  TrackSource& source = meant.source;
  if (!meant.coding || track.codec) {
    GREFFE_TRY(meant.coding, find_coding(source, track.codec));
  }
  TrackCoding& coding = *meant.coding;
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

void refuse(DamageLog& damage, const std::string& place, const Error& error) {
  damage.add({.condition = "track-refused", .place = place, .unit = "tracks", .text = error.message()});
}

void tell_contradiction(const SurveyedTrack& track, DamageLog& damage) {
  const TrackCoding& coding = track.survey.coding;
  if (!coding.contradiction) return;
  damage.add(
      {.condition = "codec-contradicts",
       .place = track.source.place,
       .unit = "tracks",
       .text = fmt::format("the dump says {}, the description {}; it is read as {}",
                           coding.contradiction->first, coding.contradiction->second, coding.codec_name)});
}

// Codecs that the track's sender changed to and that a track of this one cannot hold (R13).
std::set<media::CodecId> changed_codecs(const TrackSurvey& survey) {
  constexpr std::uint64_t LeastPackets = 50;
  std::map<media::CodecId, std::uint64_t> packets;
  for (const auto& [type, count] : survey.payload_types)
    if (const auto known = survey.coding.payload_types.find(type); known != survey.coding.payload_types.end())
      packets[known->second] += count;
  std::set<media::CodecId> codecs;
  for (const auto& [codec, count] : packets) {
    const media::CodecFacts& facts = media::facts_of(codec);
    if (codec != survey.coding.codec && count >= LeastPackets && facts.supported &&
        facts.kind == media::facts_of(survey.coding.codec).kind)
      codecs.insert(codec);
  }
  return codecs;
}

// A track has the kind that its role means, as a stream of another platform's file has (find_streams).
Status check_role(const SurveyedTrack& track) {
  const TrackCoding& coding = track.survey.coding;
  const media::Kind kind = media::facts_of(coding.codec).kind;
  if (has_role(kind, track.role)) return {};
  return fail(ErrorKind::Damaged, "{}: {} is {}, a {} is {}; the dump is kept, give it the role \"{}\"",
              track.source.place, coding.codec_name, media::name_of(kind), track.role, kinds_of(track.role),
              role_beside(track.role, kind));
}

// Numbers that begin anew again and again, under several SSRCs: streams side by side in one dump (R49).
bool is_interleaved(const TrackSurvey& survey) {
  constexpr std::uint32_t MostSegments = 8;
  return survey.ssrcs.size() > 1 && survey.counts.segments > MostSegments;
}

// The tracks of a description's entry: one as a rule, several where a file holds several streams.
class EntryReader {
 public:
  EntryReader(SurveyedEntry& entry, StreamMaps& maps) : entry_(entry), maps_(maps) {}

  Status read(const timeline::DescribedParticipant& participant, const timeline::DescribedTrack& track) {
    GREFFE_TRY(const auto format, dump::find_format(track.file));
    if (!format) {
      GREFFE_TRY(const std::string container, container::find_container(track.file));
      if (!container.empty()) return read_file(participant, track);
    }
    if (format == dump::Format::Pcap || format == dump::Format::PcapNg)
      return read_streams(participant, track);
    GREFFE_TRY(SurveyedTrack whole, survey_source(participant, track, {source_of(track), {}}, nullptr));
    if (is_interleaved(whole.survey) || (whole.survey.ssrcs.size() > 1 && !check_role(whole)))
      return read_streams(participant, track);
    return add_senders(participant, track, source_of(track), std::move(whole), nullptr);
  }

 private:
  // A file of another platform: a track of each stream that is meant and can be read.
  Status read_file(const timeline::DescribedParticipant& participant, const timeline::DescribedTrack& track) {
    const TrackSource source = source_of(track);
    GREFFE_TRY(entry_.of_file, find_streams(track, source.place));
    const auto& streams = entry_.of_file.taken;
    std::vector<Error> refusals;
    for (const container::MediaStream& stream : streams) {
      SurveyedTrack surveyed{.source = source, .participant = participant.id, .role = track.role};
      auto container = survey_container(track, stream, source.place);
      GREFFE_CHECK(unless_damaged(container));
      if (!container) {
        refusals.push_back(container.error());
        continue;
      }
      surveyed.container = std::move(*container);
      entry_.tracks.push_back(std::move(surveyed));
    }
    if (refusals.size() == streams.size()) return tl::unexpected(refusals.front());
    for (const Error& refusal : refusals) refuse(entry_.damage, source.place, refusal);
    return {};
  }

  Status read_streams(const timeline::DescribedParticipant& participant,
                      const timeline::DescribedTrack& track) {
    GREFFE_TRY(const StreamMap* map, maps_.of(track.file, track.extmap));
    GREFFE_TRY(const auto tracks, tracks_of(track, *map, entry_.damage));
    std::vector<Error> refusals;
    for (const MeantTrack& meant : tracks) {
      auto surveyed = survey_source(participant, track, meant, map);
      const Status added = surveyed ? add_senders(participant, track, meant.source, std::move(*surveyed), map)
                                    : Status(tl::unexpected(surveyed.error()));
      if (added) continue;
      if (added.error().kind() == ErrorKind::Interrupted) return added;
      refusals.push_back(added.error());
    }
    if (refusals.size() == tracks.size()) return tl::unexpected(refusals.front());
    for (const Error& refusal : refusals)
      refuse(entry_.damage, Path(track.file).filename().string(), refusal);
    return {};
  }

  // The track that was read or, where its SSRC has several senders, one for each of them that can be read.
  Status add_senders(const timeline::DescribedParticipant& participant, const timeline::DescribedTrack& track,
                     const TrackSource& source, SurveyedTrack read, const StreamMap* map) {
    DamageLog told;
    GREFFE_TRY(const auto senders, senders_of(source, read.survey.counts, told));
    if (senders.size() < 2) return add_codecs(participant, track, source, std::move(read), map);
    entry_.damage.add_all(told);
    for (const TrackSource& sender : senders) {
      auto surveyed = survey_source(participant, track, {sender, {}}, map);
      const Status added = surveyed ? add(std::move(*surveyed)) : Status(tl::unexpected(surveyed.error()));
      if (added) continue;
      if (added.error().kind() == ErrorKind::Interrupted) return added;
      refuse(entry_.damage, source.place, added.error());
    }
    return {};
  }

  // A track for each codec that the sender changed to, beside the one that was read, which is read again
  // without them: their RTP time may run at another rate.
  Status add_codecs(const timeline::DescribedParticipant& participant, const timeline::DescribedTrack& track,
                    const TrackSource& source, SurveyedTrack read, const StreamMap* map) {
    std::set<media::CodecId> codecs = changed_codecs(read.survey);
    if (codecs.empty()) return add(std::move(read));
    const TrackCoding main = read.survey.coding;
    timeline::DescribedTrack untold = track;
    untold.codec.reset();
    const auto survey_one = [&](media::CodecId codec) -> Result<SurveyedTrack> {
      GREFFE_TRY(TrackCoding coding, find_coding_of(source, codec, main.payload_types));
      coding.elsewhere = codecs;
      coding.elsewhere.insert(main.codec);
      coding.elsewhere.erase(codec);
      coding.told_beside = true;
      return survey_source(participant, untold, {source, std::move(coding)}, map);
    };
    std::vector<SurveyedTrack> others;
    for (const media::CodecId codec : std::set(codecs)) {
      auto surveyed = survey_one(codec);
      if (!surveyed && surveyed.error().kind() == ErrorKind::Interrupted)
        return tl::unexpected(surveyed.error());
      if (surveyed)
        others.push_back(std::move(*surveyed));
      else
        codecs.erase(codec);  // its packets are told where the first track leaves them out
    }
    TrackCoding alone = main;
    alone.elsewhere = codecs;
    GREFFE_TRY(SurveyedTrack own, survey_source(participant, untold, {source, std::move(alone)}, map));
    GREFFE_CHECK(add(std::move(own)));
    for (SurveyedTrack& other : others) GREFFE_CHECK(add(std::move(other)));
    return {};
  }

  Status add(SurveyedTrack track) {
    GREFFE_CHECK(check_role(track));
    GREFFE_CHECK(check_clock(track.survey, track.source.place));
    tell_contradiction(track, entry_.damage);
    entry_.tracks.push_back(std::move(track));
    return {};
  }

  SurveyedEntry& entry_;
  StreamMaps& maps_;
};

// How many streams of `one` are among `other`'s.
std::size_t flows_in_common(const MediaFlows& one, const MediaFlows& other) {
  std::size_t shared = 0;
  for (const auto& [ssrc, flows] : one) {
    const auto found = other.find(ssrc);
    if (found == other.end()) continue;
    shared += static_cast<std::size_t>(std::count_if(
        flows.begin(), flows.end(), [&](const dump::Flow& flow) { return found->second.contains(flow); }));
  }
  return shared;
}

std::size_t count_flows(const MediaFlows& media) {
  return std::accumulate(media.begin(), media.end(), std::size_t{0},
                         [](std::size_t count, const auto& of) { return count + of.second.size(); });
}

// Tracks that select the same streams of the same bytes, be it by another name of the file (R107): the first
// that is described is made, of the others only told. Of one that has some of another's streams and others
// beside them it is told that those are there twice.
class StreamsOnce {
 public:
  explicit StreamsOnce(DamageLog& damage) : damage_(damage) {}

  // False where a track before it is of the same stream.
  bool takes(const SurveyedTrack& track, const fixity::Digest& digest) {
    const Stream stream = stream_of(track, digest);
    if (const auto same = first_.find(stream); same != first_.end()) {
      tell(track, same->second, "is the same media as", "it counts once");
      return false;
    }
    for (const auto& [other, named] : first_) {
      const std::size_t shared = shared_flows(stream, other);
      if (shared == 0) continue;
      if (shared == count_flows(std::get<MediaFlows>(stream))) {
        tell(track, named, "is among the media of", "it counts once");
        return false;
      }
      tell(track, named, "has media of", "that counts twice");
    }
    first_.emplace(stream, Named{track.source.place, track.role, track.participant});
    return true;
  }

 private:
  // By digest: whose packets, and of several senders which; or which stream of a file, and from when on.
  using Stream = std::tuple<fixity::Digest, media::CodecId, MediaFlows, std::set<rtp::SenderLines::Line>, int,
                            std::optional<WallTime>>;
  struct Named {
    std::string place, role, participant;
  };

  void tell(const SurveyedTrack& track, const Named& first, std::string_view what, std::string_view so) {
    damage_.add({.condition = "same-media",
                 .place = track.source.place,
                 .unit = "tracks",
                 .text = fmt::format("the {} of {} {} {}, the {} of {}; {}", track.role, track.participant,
                                     what, first.place, first.role, first.participant, so)});
  }

  // Of whole streams: those that several senders share are told apart by their lines.
  static std::size_t shared_flows(const Stream& one, const Stream& other) {
    using Lines = std::set<rtp::SenderLines::Line>;
    if (std::get<0>(one) != std::get<0>(other) || std::get<1>(one) != std::get<1>(other)) return 0;
    if (!std::get<Lines>(one).empty() || !std::get<Lines>(other).empty()) return 0;
    return flows_in_common(std::get<MediaFlows>(one), std::get<MediaFlows>(other));
  }

  static Stream stream_of(const SurveyedTrack& track, const fixity::Digest& digest) {
    if (track.container)
      return {digest, track.container->stream.codec, {},
              {},     track.container->stream.index, track.container->begun};
    const auto& sender = track.source.sender;
    return {digest,
            track.survey.coding.codec,
            track.survey.flows,
            sender ? sender->lines : std::set<rtp::SenderLines::Line>{},
            0,
            std::nullopt};
  }

  DamageLog& damage_;
  std::map<Stream, Named> first_;
};

// A capture has its RTCP on flows of its own, which a track's selection leaves out.
bool leaves_out_rtcp(const dump::Selection& selection) {
  return selection.ssrc || !selection.from.empty() || !selection.to.empty();
}

Status add_reports(std::vector<SurveyedTrack>& tracks) {
  std::map<Path, ControlNotes> control;
  std::map<Path, MediaFlows> media;
  for (const SurveyedTrack& track : tracks)
    for (const auto& [ssrc, flows] : track.survey.flows)
      media[track.source.file][ssrc].insert(flows.begin(), flows.end());
  for (SurveyedTrack& track : tracks) {
    if (track.container) continue;
    const Path& file = track.source.file;
    const dump::Selection& selection = track.source.selection;
    const ControlNotes* notes = &track.survey.control;
    if (leaves_out_rtcp(selection)) {
      if (!control.contains(file)) {
        GREFFE_TRY(
            control[file],
            control_in({.file = file, .place = track.source.place, .selection = {.look = selection.look}}));
      }
      notes = &control[file];
    }
    track.reports = reports_of(track.survey, notes->reports_for(track.survey.flows, media[file]));
    track.cnames = notes->names_for(track.survey.flows, media[file]);
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

// Of dumps that were refused, those that hold what repairs the tracks of others.
Result<std::set<const SurveyedEntry*>> repairs_among(const std::vector<const SurveyedEntry*>& refused,
                                                     SurveyedMeeting& meeting) {
  std::set<const SurveyedEntry*> repairs;
  for (const SurveyedEntry* const entry : refused) {
    if (stop_requested()) return fail(ErrorKind::Interrupted, "stopped");
    const auto format = dump::find_format(entry->track->file);
    if (!format || !*format) continue;
    const auto taken = repair_from(source_of(*entry->track), meeting.tracks, meeting.damage);
    if (!taken && taken.error().kind() == ErrorKind::Interrupted) return tl::unexpected(taken.error());
    if (taken && *taken) repairs.insert(entry);
  }
  return repairs;
}

void tell_refused(const SurveyedEntry& entry, DamageLog& damage) {
  const auto& ssrc = entry.track->ssrc;
  const std::string which = ssrc ? fmt::format(" (SSRC {:08x})", ssrc->value) : "";
  refuse(damage, Path(entry.track->file).filename().string(), Error(entry.read.error().message() + which));
}

}  // namespace

MeetingSurveyor::MeetingSurveyor(const MeetingSource& source) : source_(source) {
  for (const auto& participant : source.description.participants)
    for (const auto& track : participant.tracks)
      entries_.push_back({.participant = &participant, .track = &track});
}

Status MeetingSurveyor::read(std::size_t index) {
  SurveyedEntry& entry = entries_[index];
  entry.read = EntryReader(entry, maps_).read(*entry.participant, *entry.track);
  if (!entry.read && entry.read.error().kind() == ErrorKind::Interrupted) return entry.read;
  return {};
}

Result<SurveyedMeeting> MeetingSurveyor::finish(const SourceFiles& files, std::optional<WallTime> start) {
  SurveyedMeeting meeting;
  meeting.damage.add_all(source_.damage);
  std::optional<Error> first_refusal;
  for (const RefusedFile& refused : files.refusals) {
    meeting.damage.add({.condition = "file-refused",
                        .place = Path(refused.name).filename().string(),
                        .unit = "files",
                        .text = refused.why.message()});
    if (!first_refusal) first_refusal = refused.why;
  }
  LeftStreams left;
  StreamsOnce once(meeting.damage);
  std::vector<const SurveyedEntry*> refused;
  for (SurveyedEntry& entry : entries_) {
    const auto file = files.dumps.find(entry.track->file);
    if (file == files.dumps.end()) continue;
    meeting.damage.add_all(entry.damage);
    left.add(entry.track->file, entry.of_file);
    for (SurveyedTrack& track : entry.tracks)
      if (once.takes(track, file->second.digest)) meeting.tracks.push_back(std::move(track));
    if (entry.read) continue;
    refused.push_back(&entry);
    if (!first_refusal) first_refusal = entry.read.error();
  }
  GREFFE_TRY(const auto repairs, repairs_among(refused, meeting));
  std::set<Path> repairing;
  for (const SurveyedEntry* const entry : refused) {
    if (repairs.contains(entry))
      repairing.insert(entry->track->file);
    else
      tell_refused(*entry, meeting.damage);
  }
  maps_.tell_left_out(repairing, meeting.damage);
  left.tell(meeting.damage);
  if (entries_.empty() && !files.documents.empty()) {
    // A record of documents alone: nothing in it says what time it was.
    meeting.start = start.value_or(source_.description.start.value_or(WallTime{}));
    if (meeting.start != WallTime{}) return meeting;
    return fail(ErrorKind::Usage, "{}: documents alone have no time: give \"start\" or --start",
                source_.place);
  }
  if (meeting.tracks.empty())
    return fail("{}: no track can be made: {}", source_.place,
                first_refusal ? first_refusal->message() : "it names none");
  find_layers(meeting.tracks);
  GREFFE_CHECK(add_reports(meeting.tracks));
  std::vector<TrackSource> witnesses;
  for (const std::string& witness : source_.description.witnesses)
    if (files.dumps.contains(witness))
      witnesses.push_back({.file = witness, .place = Path(witness).filename().string()});
  GREFFE_CHECK(read_witnesses(witnesses, meeting.tracks, meeting.damage));
  correct_arrivals(meeting.tracks, meeting.damage);
  GREFFE_TRY(meeting.start, start_of(source_, meeting, start, meeting.damage));
  return meeting;
}

Result<SurveyedMeeting> survey_meeting(const MeetingSource& source, const SourceFiles& files,
                                       std::optional<WallTime> start, const Workers& workers) {
  MeetingSurveyor surveyor(source);
  GREFFE_CHECK(workers.run("reading", surveyor.count(), [&](std::size_t i) -> Status {
    return surveyor.is_among(i, files) ? surveyor.read(i) : Status();
  }));
  return surveyor.finish(files, start);
}

}  // namespace greffe::intake
