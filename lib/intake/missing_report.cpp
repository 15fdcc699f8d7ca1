#include "intake/missing_report.h"

namespace greffe::intake {
namespace {

json::Value span_json(const timeline::MissingSpan& span) {
  json::Object object{{"kind", timeline::name_of(span.kind)},
                      {"start_ms", whole_ms(span.range.start)},
                      {"end_ms", whole_ms(span.range.end)}};
  if (span.kind == timeline::MissingKind::Loss) object.set("packets", span.packets);
  return object;
}

// Two decimals.
double rounded(double value) {
  return static_cast<double>(static_cast<std::int64_t>(value * 100 + 0.5)) / 100;
}

json::Value track_json(const timeline::TrackSidecar& track, const std::vector<timeline::MissingSpan>& spans) {
  const timeline::MissingTotals totals = timeline::totals_of(track, spans);
  json::Array listed;
  for (const timeline::MissingSpan& span : spans) listed.push_back(span_json(span));
  json::Object object{{"track", track.track},
                      {"participant", track.participant},
                      {"role", track.role},
                      {"codec", media::facts_of(track.codec).name},
                      {"start_ms", whole_ms(track.range.start)},
                      {"end_ms", whole_ms(track.range.end)},
                      {"packets_expected", totals.expected_packets},
                      {"packets_lost", totals.lost_packets},
                      {"loss_percent", rounded(totals.loss_percent())},
                      {"concealment_ms", whole_ms(totals.concealment)},
                      {"silence_ms", whole_ms(totals.silence)},
                      {"freeze_ms", whole_ms(totals.freeze)},
                      {"late_key_frame_ms", whole_ms(totals.late_key_frame)},
                      {"stall_ms", whole_ms(totals.stall)},
                      {"truncated", totals.truncated},
                      {"worst_second", nullptr}};
  if (totals.worst)
    object.set("worst_second", json::Object{{"start_ms", whole_ms(totals.worst->start)},
                                            {"missing_ms", whole_ms(totals.worst->missing)}});
  object.set("spans", std::move(listed));
  return object;
}

}  // namespace

MissingOfTracks missing_of_tracks(const timeline::Meeting& meeting) {
  MissingOfTracks missing;
  for (const timeline::TrackSidecar& track : meeting.tracks) missing.push_back(timeline::missing_of(track));
  return missing;
}

json::Value missing_report(const timeline::Meeting& meeting, const MissingOfTracks& missing) {
  json::Array tracks;
  for (std::size_t i = 0; i < meeting.tracks.size(); ++i)
    tracks.push_back(track_json(meeting.tracks[i], missing[i]));
  return json::Object{{"schema", "greffe.missing/1"},
                      {"meeting", meeting.id},
                      {"end_ms", whole_ms(meeting.end)},
                      {"tracks", std::move(tracks)}};
}

}  // namespace greffe::intake
