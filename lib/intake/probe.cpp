#include "intake/probe.h"

#include <algorithm>

#include "depacketizer/depacketizer.h"
#include "intake/segmented_packets.h"
#include "intake/senders.h"
#include "intake/stream_map.h"
#include "rtp/header_extension.h"

namespace greffe::intake {
namespace {

bool is_capture(dump::Format format) {
  return format == dump::Format::Pcap || format == dump::Format::PcapNg;
}

// What can be said of a track that find_coding refuses: it is counted all the same.
Result<TrackCoding> coding_of(const TrackSource& source, ProbedTrack& track) {
  auto coding = find_coding(source, std::nullopt);
  if (coding) return coding;
  if (coding.error().kind() != ErrorKind::Damaged) return coding;
  DamageLog ignored;
  GREFFE_TRY(const auto records, dump::open_dump(source.file, source.place, ignored, source.selection));
  const dump::Header& header = records->header();
  if (header.encrypted)
    track.damage.add({.condition = "encrypted",
                      .place = source.place,
                      .text = "encrypted end to end: nothing in it can be decoded"});
  TrackCoding plain{.extmap = header.extmap,
                    .has_arrival = header.has_arrival,
                    .wall_clock = header.wall_clock,
                    .arrival_grain = header.grain};
  plain.codec_name = header.codec.value_or("unknown");
  plain.codec = media::find_codec(plain.codec_name).value_or(media::CodecId::Unknown);
  plain.clock = media::facts_of(plain.codec).rtp_clock;
  if (header.media == 'd') plain.codec_name = "data";
  return plain;
}

std::string kind_of(const TrackCoding& coding) {
  if (coding.codec_name == "data") return "data";
  if (coding.codec == media::CodecId::Unknown) return "unknown";
  return std::string(media::name_of(media::facts_of(coding.codec).kind));
}

// The clock by one kind of witness alone; nullopt where it says nothing that can be used.
std::optional<timeline::ClockMap> fit_by(const TrackSurvey& survey, std::string_view witness,
                                         const std::vector<timeline::SeenReport>& pairs) {
  if (pairs.empty()) return std::nullopt;
  auto sender = timeline::fit_reports(survey.clock, pairs);
  if (!sender) return std::nullopt;
  const std::vector<timeline::ReportedTrack> alone{
      {.observation = &survey.clock, .clock = std::move(*sender)}};
  auto maps = timeline::fit_shared(alone, ArrivalTime{}, witness);
  if (!maps) return std::nullopt;
  return std::move(maps->front());
}

// What RTCP says in a file, and what media it may speak of.
struct ProbedControl {
  ControlNotes notes;
  MediaFlows media;
};

void fit_clock(const TrackSurvey& survey, const ProbedControl& control, ProbedTrack& track) {
  if (!survey.coding.has_arrival) return;
  const auto seen = reports_of(survey, control.notes.reports_for(survey.flows, control.media));
  track.reports = seen.size();
  track.clock = fit_by(survey, timeline::CaptureTimes, survey.stamps.captures);
  if (!track.clock) track.clock = fit_by(survey, timeline::SenderReports, seen);
  if (!track.clock) track.clock = timeline::fit_arrival(survey.clock, ArrivalTime{}, audio_delay_of(survey));
  track.drift_ppm = timeline::drift_ppm_of(*track.clock);
  track.evidence = timeline::find_evidence(
      {.observation = survey.clock, .stamps = survey.stamps, .reports = seen, .map = *track.clock});
  track.events = events_on(*track.clock, survey);
}

// Reads the track again as frames: sizes over time and key frames of video.
Status look_at_frames(const TrackSource& source, const TrackSurvey& survey, ProbedTrack& track) {
  const media::CodecFacts& facts = media::facts_of(survey.coding.codec);
  if (facts.kind != media::Kind::Video || !facts.supported) return {};
  DamageLog seen_before;
  GREFFE_TRY(const auto packets, TrackPackets::open(source, survey.coding, seen_before));
  SegmentedPackets segmented(*packets, survey.clock, source.place, track.damage);
  depacketizer::Options options{.place = source.place,
                                .payload_types = survey.coding.payload_types,
                                .elsewhere = survey.coding.elsewhere,
                                .format_parameters = survey.coding.format_parameters,
                                .audio = survey.coding.audio};
  GREFFE_TRY(const auto frames, depacketizer::make_depacketizer(survey.coding.codec, segmented,
                                                                std::move(options), track.damage));
  track.has_frames = true;
  while (true) {
    GREFFE_TRY(const auto frame, frames->next());
    if (!frame) return {};
    if (stop_requested()) return fail(ErrorKind::Interrupted, "interrupted");
    if (!frame->frame.key) continue;
    track.key_frames.push_back(frame->first_arrival);
    const auto& size = frame->frame.size;
    if (size && (track.sizes.empty() || track.sizes.back().size != *size))
      track.sizes.push_back({.at = frame->first_arrival, .size = *size});
  }
}

// The messages of a data channel: counted, and when they came.
Status count_messages(const TrackSource& source, ProbedTrack& track) {
  GREFFE_TRY(const auto records, dump::open_dump(source.file, source.place, track.damage, source.selection));
  while (true) {
    GREFFE_TRY(const auto record, records->next());
    if (!record) return {};
    if (track.counts.packets++ == 0) track.first = record->arrival;
    track.last = record->arrival;
  }
}

void take_survey(const TrackSurvey& survey, ProbedTrack& track) {
  track.counts = survey.counts;
  track.repair_packets = survey.repair_packets;
  track.layer = survey.rid;
  track.payload_types = survey.payload_types;
  track.extensions = survey.extensions;
  if (!survey.ssrcs.empty()) track.ssrc = *survey.ssrcs.rbegin();
  const auto commonest = std::max_element(survey.payload_types.begin(), survey.payload_types.end(),
                                          [](const auto& a, const auto& b) { return a.second < b.second; });
  if (commonest != survey.payload_types.end()) track.payload_type = commonest->first;
  track.first = survey.first_arrival();
  track.last = survey.last_arrival();
  track.damage.add_all(survey.damage);
}

// One track of a file, and what the map of the file's streams says of it.
struct Probe {
  TrackSource source;
  const StreamMap* map = nullptr;  // captures only
  const MappedStream* stream = nullptr;
};

// A stream that repairs others is counted, not read as media.
void take_use(const Probe& probe, ProbedTrack& track) {
  const MappedStream& stream = *probe.stream;
  track.kind = "repair";
  track.codec = stream.use == StreamUse::ErrorCorrection ? "flexfec" : "rtx";
  if (stream.use == StreamUse::Probes) track.codec = "probes";
  if (stream.repairs) track.repairs = probe.map->streams()[*stream.repairs].ssrc;
}

Result<ProbedTrack> probe_track(Probe probe, const ProbeOptions& options, const ProbedControl& control) {
  TrackSource& source = probe.source;
  ProbedTrack track{.flow = {source.selection.from, source.selection.to}};
  GREFFE_TRY(TrackCoding coding, coding_of(source, track));
  for (const auto& [id, uri] : options.extmap) coding.extmap[id] = uri;
  track.kind = kind_of(coding);
  track.codec = coding.codec_name;
  track.extmap = coding.extmap;
  track.has_arrival = coding.has_arrival;
  track.wall_clock = coding.wall_clock;
  const bool is_repair = probe.stream != nullptr && probe.stream->use != StreamUse::Media;
  if (is_repair) take_use(probe, track);
  if (probe.map != nullptr && !is_repair) probe.map->add_repairs(source.selection, coding);
  if (track.kind == "data") {
    GREFFE_CHECK(count_messages(source, track));
    return track;
  }
  auto survey = survey_track(source, std::move(coding));
  if (!survey) return tl::unexpected(survey.error());
  take_survey(*survey, track);
  if (is_repair) {
    // Its numbers are its own: a hole among them is no loss of media (R19, R21).
    track.counts.lost = 0;
    track.damage = {};
    return track;
  }
  if (const Status whole = check_clock(*survey, source.place); !whole) {
    track.damage.add({.condition = "no-clock", .place = source.place, .text = whole.error().message()});
    return track;
  }
  fit_clock(*survey, control, track);
  if (survey->encrypted) {
    track.damage.add({.condition = "encrypted", .place = source.place, .text = *survey->encrypted});
    return track;
  }
  GREFFE_CHECK(look_at_frames(source, *survey, track));
  return track;
}

// The track that was read or, where its SSRC has several senders, one for each (R12).
Status add_track(const Probe& probe, const ProbeOptions& options, const ProbedControl& control,
                 ProbedTrack read, ProbedFile& file) {
  GREFFE_TRY(const auto senders, senders_of(probe.source, read.counts, file.damage));
  if (senders.size() < 2) {
    file.tracks.push_back(std::move(read));
    return {};
  }
  for (const TrackSource& sender : senders) {
    GREFFE_TRY(ProbedTrack track,
               probe_track({.source = sender, .map = probe.map, .stream = probe.stream}, options, control));
    file.tracks.push_back(std::move(track));
  }
  return {};
}

// The streams of a capture, in order of their first packet.
std::vector<Probe> probes_of(const Path& path, const std::string& place, const StreamMap& map) {
  std::vector<Probe> probes;
  for (const MappedStream& stream : map.streams()) {
    if (stream.packets < LeastStreamPackets) continue;
    const dump::Selection selection{
        .ssrc = stream.ssrc, .from = stream.flow.from, .to = stream.flow.to, .look = map.look()};
    probes.push_back(
        {.source = {.file = path, .place = place, .selection = selection, .packets = stream.packets},
         .map = &map,
         .stream = &stream});
  }
  return probes;
}

// Reads a capture that holds no stream for the damage alone.
Status tell_why_empty(const Path& path, const std::string& place, DamageLog& damage) {
  GREFFE_TRY(const auto records, dump::open_dump(path, place, damage));
  while (true) {
    GREFFE_TRY(const auto record, records->next());
    if (!record) return {};
  }
}

}  // namespace

Result<ProbedFile> probe_file(const Path& path, const ProbeOptions& options, ProgressSink& progress) {
  const std::string place = path.filename().string();
  ProbedFile file{.path = path};
  GREFFE_TRY(const auto format, dump::find_format(path));
  std::vector<Probe> probes{{.source = {.file = path, .place = place, .selection = {}}}};
  ProbedControl control;
  std::optional<StreamMap> map;
  if (format) file.format = *format;
  if (format && is_capture(*format)) {
    GREFFE_TRY(map, StreamMap::read(path, options.extmap));
    map->tell_left_out(place, file.damage);
    probes = probes_of(path, place, *map);
    for (const MappedStream& stream : map->streams()) control.media[stream.ssrc].insert(stream.flow);
    if (probes.empty()) GREFFE_CHECK(tell_why_empty(path, place, file.damage));
  }
  if (!probes.empty() && file.format != dump::Format::Mjr) {
    GREFFE_TRY(
        control.notes,
        control_in({.file = path, .place = place, .selection = {.look = map ? map->look() : nullptr}}));
  }
  for (const Probe& probe : probes) {
    if (stop_requested()) return fail(ErrorKind::Interrupted, "interrupted");
    progress.advance("probing", file.tracks.size(), probes.size());
    auto track = probe_track(probe, options, control);
    if (track) {
      GREFFE_CHECK(add_track(probe, options, control, std::move(*track), file));
      continue;
    }
    // A file that is no dump fails when it is opened; one without media is a dump with nothing in it.
    DamageLog opened;
    GREFFE_TRY(const auto records, dump::open_dump(path, place, opened, probe.source.selection));
    if (track.error().kind() != ErrorKind::Damaged) return tl::unexpected(track.error());
    file.damage.add({.condition = "no-media", .place = place, .text = track.error().message()});
  }
  return file;
}

}  // namespace greffe::intake
