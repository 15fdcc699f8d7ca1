#include <algorithm>

#include "base/text.h"
#include "intake/probe.h"
#include "rtp/header_extension.h"

namespace greffe::intake {
namespace {

using timeline::rounded_to_thousandths;

template <class T, class Write>
json::Value optional_json(const std::optional<T>& value, Write write) {
  if (!value) return {};
  return write(*value);
}

json::Array damage_json(const DamageLog& log) {
  json::Array all;
  for (const Damage& damage : log.entries())
    all.push_back(json::Object{{"condition", damage.condition},
                               {"unit", damage.unit},
                               {"first", damage.first},
                               {"last", damage.last},
                               {"count", damage.count},
                               {"amount", damage.amount},
                               {"text", valid_utf8(damage.text)}});
  return all;
}

json::Array extensions_json(const ProbedTrack& track) {
  json::Array all;
  for (const auto& [id, packets] : track.extensions) {
    const auto uri = track.extmap.find(id);
    json::Object extension{{"id", id}, {"packets", packets}, {"uri", nullptr}};
    if (uri != track.extmap.end()) extension.set("uri", valid_utf8(uri->second));
    all.push_back(std::move(extension));
  }
  return all;
}

// `zero`: the clock's time at which the report's ms begin.
json::Value clock_json(const ProbedTrack& track, MeetingTime zero) {
  if (!track.clock) return {};
  json::Object clock{{"witness", track.clock->witness},
                     {"drift_ppm", optional_json(track.drift_ppm, rounded_to_thousandths)},
                     {"residual_ms", rounded_to_thousandths(track.clock->residual_ms)},
                     {"reports", track.reports},
                     {"segments", track.clock->segments.size()},
                     {"witnesses", timeline::witnesses_json(track.evidence)},
                     {"contradictions", timeline::contradictions_json(track.evidence, zero)}};
  if (track.evidence.capture_jitter_ms)
    clock.set("capture_jitter_ms", rounded_to_thousandths(*track.evidence.capture_jitter_ms));
  if (track.evidence.network_jitter_ms)
    clock.set("network_jitter_ms", rounded_to_thousandths(*track.evidence.network_jitter_ms));
  return clock;
}

class TrackWriter {
 public:
  explicit TrackWriter(ArrivalTime zero) : zero_(zero) {}

  json::Value write(const ProbedTrack& track) const {
    json::Object object{
        {"ssrc", optional_json(track.ssrc, [](Ssrc ssrc) { return ssrc.value; })},
        {"kind", track.kind},
        {"codec", valid_utf8(track.codec)},
        {"payload_type", optional_json(track.payload_type, [](PayloadType type) { return type.value; })},
        {"packets", track.counts.packets},
        {"lost", track.counts.lost},
        {"recovered", track.counts.recovered},
        {"late", track.counts.late},
        {"duplicates", track.counts.duplicates},
        {"start_ms", time(track, track.first)},
        {"end_ms", time(track, track.last)},
        {"start_utc", nullptr},
        {"clock", clock_json(track, clock_zero(track))},
        {"sizes", sizes(track)},
        {"damage", damage_json(track.damage)}};
    if (track.wall_clock && track.counts.packets > 0)
      object.set("start_utc", rfc3339(WallTime(track.first.time_since_epoch()), 6));
    if (!track.flow.from.empty()) object.set("from", track.flow.from).set("to", track.flow.to);
    if (track.repair_packets > 0) object.set("repair_packets", track.repair_packets);
    if (track.repairs) object.set("repairs", track.repairs->value);
    if (!track.layer.empty()) object.set("layer", track.layer);
    object.set("payload_types", payload_types(track));
    object.set("extensions", extensions_json(track));
    if (track.has_frames) object.set("key_frames_ms", key_frames(track));
    if (!track.events.empty()) object.set("telephone_events", events(track));
    return object;
  }

 private:
  std::int64_t ms(const ProbedTrack& track, ArrivalTime time) const {
    return whole_ms(track.wall_clock ? time - zero_ : time.time_since_epoch());
  }
  MeetingTime clock_zero(const ProbedTrack& track) const {
    return track.wall_clock ? MeetingTime(zero_.time_since_epoch()) : MeetingTime{};
  }
  // null where the dump has no times.
  json::Value time(const ProbedTrack& track, ArrivalTime at) const {
    if (!track.has_arrival || track.counts.packets == 0) return {};
    return ms(track, at);
  }
  json::Array sizes(const ProbedTrack& track) const {
    json::Array all;
    for (const auto& [at, size] : track.sizes)
      all.push_back(
          json::Object{{"at_ms", ms(track, at)}, {"width_px", size.width_px}, {"height_px", size.height_px}});
    return all;
  }
  json::Array key_frames(const ProbedTrack& track) const {
    json::Array all;
    for (const ArrivalTime at : track.key_frames) all.emplace_back(ms(track, at));
    return all;
  }
  json::Array events(const ProbedTrack& track) const {
    json::Array all;
    for (const timeline::TelephoneEvent& event : track.events) {
      json::Object one{{"at_ms", ms(track, ArrivalTime(event.range.start.time_since_epoch()))},
                       {"event", event.code},
                       {"key", nullptr},
                       {"duration_ms", whole_ms(event.range.end - event.range.start)}};
      if (!event.key.empty()) one.set("key", event.key);
      all.push_back(std::move(one));
    }
    return all;
  }
  static json::Array payload_types(const ProbedTrack& track) {
    json::Array all;
    for (const auto& [type, packets] : track.payload_types)
      all.push_back(json::Object{{"payload_type", type.value}, {"packets", packets}});
    return all;
  }

  ArrivalTime zero_;
};

}  // namespace

ArrivalTime first_arrival_of(const std::vector<ProbedFile>& files) {
  std::optional<ArrivalTime> first;
  for (const ProbedFile& file : files)
    for (const ProbedTrack& track : file.tracks)
      if (track.wall_clock && track.counts.packets > 0 && (!first || track.first < *first))
        first = track.first;
  return first.value_or(ArrivalTime{});
}

json::Value to_json(const std::vector<ProbedFile>& files) {
  const TrackWriter writer(first_arrival_of(files));
  json::Array all;
  for (const ProbedFile& file : files) {
    json::Array tracks;
    for (const ProbedTrack& track : file.tracks) tracks.push_back(writer.write(track));
    all.push_back(json::Object{{"path", valid_utf8(file.path.string())},
                               {"format", dump::name_of(file.format)},
                               {"tracks", std::move(tracks)},
                               {"damage", damage_json(file.damage)}});
  }
  return json::Object{{"schema", "greffe.probe/1"}, {"files", std::move(all)}};
}

}  // namespace greffe::intake
