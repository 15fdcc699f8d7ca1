#include "timeline/track_sidecar.h"

#include <algorithm>

#include "json/reader.h"

namespace greffe::timeline {
namespace {

constexpr std::string_view Schema = "greffe.track/1";

std::int64_t ns(MeetingTime time) { return time.time_since_epoch().count(); }
MeetingTime meeting_time(std::int64_t ns) { return MeetingTime(Duration(ns)); }

json::Value range_json(const TimeRange& range) { return json::Array{ns(range.start), ns(range.end)}; }

json::Value damage_json(const Damage& damage) {
  return json::Object{{"condition", damage.condition},
                      {"unit", damage.unit},
                      {"first", damage.first},
                      {"last", damage.last},
                      {"count", damage.count},
                      {"amount", damage.amount},
                      {"text", damage.text}};
}

json::Value ticks_json(const FrameTicks& ticks) {
  if (ticks.empty) return json::Value();
  json::Array runs;
  for (const TickRun& run : ticks.runs) runs.push_back(json::Array{run.step_ticks, run.count});
  return json::Object{{"first_tick", ticks.first_tick}, {"runs", std::move(runs)}};
}

template <class Items, class ToJson>
json::Array array_of(const Items& items, ToJson to_json_item) {
  json::Array array;
  for (const auto& item : items) array.push_back(to_json_item(item));
  return array;
}

json::Value event_json(const TelephoneEvent& event) {
  json::Object object{
      {"start_ns", ns(event.range.start)}, {"end_ns", ns(event.range.end)}, {"event", int{event.code}}};
  if (!event.key.empty()) object.set("key", event.key);
  return object;
}

json::Value mapping_json(const media::OpusMapping& mapping) {
  json::Object object{{"streams", mapping.streams}, {"coupled", mapping.coupled}};
  object.set("channels",
             array_of(mapping.channels, [](std::uint8_t channel) { return json::Value(int{channel}); }));
  return object;
}

// [a, b] of integers, or nullopt.
std::optional<std::pair<std::int64_t, std::int64_t>> pair_of(const json::Value& value) {
  const json::Array* array = value.find_array();
  if (!array || array->size() != 2 || !(*array)[0].find_integer() || !(*array)[1].find_integer())
    return std::nullopt;
  return std::pair(*(*array)[0].find_integer(), *(*array)[1].find_integer());
}

void read_ticks(json::Reader& reader, TrackSidecar& sidecar) {
  for (const json::Value& item : reader.array("ticks")) {
    if (item.is_null()) {
      sidecar.ticks.push_back({});
      continue;
    }
    json::Reader segment(item, reader.place_of("ticks"));
    FrameTicks ticks{.first_tick = segment.integer("first_tick"), .runs = {}, .empty = false};
    for (const json::Value& run : segment.array("runs")) {
      const auto read = pair_of(run);
      if (!read || read->second < 0 || read->second > UINT32_MAX) {
        reader.refuse("ticks", "runs are [step, count]");
        return;
      }
      ticks.runs.push_back({read->first, static_cast<std::uint32_t>(read->second)});
    }
    sidecar.ticks.push_back(std::move(ticks));
  }
}

std::vector<TimeRange> read_ranges(json::Reader& reader, std::string_view name) {
  std::vector<TimeRange> ranges;
  for (const json::Value& item : reader.array(name)) {
    if (const auto read = pair_of(item))
      ranges.push_back({meeting_time(read->first), meeting_time(read->second)});
    else
      reader.refuse(name, "ranges are [start_ns, end_ns]");
  }
  return ranges;
}

void read_video(json::Reader& reader, TrackSidecar& sidecar) {
  for (const json::Value& item : reader.array("sizes")) {
    json::Reader change(item, reader.place_of("sizes"));
    sidecar.sizes.push_back(
        {meeting_time(change.integer("at_ns")),
         {static_cast<int>(change.integer("width_px")), static_cast<int>(change.integer("height_px"))}});
    if (!change.status()) reader.refuse("sizes", change.status().error().message());
  }
  for (const json::Value& item : reader.array("orientations")) {
    json::Reader change(item, reader.place_of("orientations"));
    sidecar.orientations.push_back(
        {meeting_time(change.integer("at_ns")),
         {static_cast<std::uint16_t>(change.integer("rotation_deg")), change.boolean("flip", false)}});
    if (!change.status()) reader.refuse("orientations", change.status().error().message());
  }
  for (const json::Value& item : reader.array("key_frames_ns"))
    if (const std::int64_t* at = item.find_integer()) sidecar.key_frames.push_back(meeting_time(*at));
}

void read_events(json::Reader& reader, TrackSidecar& sidecar) {
  for (const json::Value& item : reader.array("telephone_events")) {
    json::Reader entry(item, reader.place_of("telephone_events"));
    TelephoneEvent event{
        .range = {meeting_time(entry.integer("start_ns")), meeting_time(entry.integer("end_ns"))},
        .code = static_cast<std::uint8_t>(std::clamp<std::int64_t>(entry.integer("event"), 0, 255)),
        .key = entry.find_text("key").value_or("")};
    if (!entry.status()) reader.refuse("telephone_events", entry.status().error().message());
    sidecar.events.push_back(std::move(event));
  }
}

void read_sound(json::Reader& reader, TrackSidecar& sidecar) {
  if (const auto channels = reader.find_integer("channels")) {
    if (*channels < 1 || *channels > 2) reader.refuse("channels", "1 or 2");
    sidecar.channels = static_cast<int>(*channels);
  }
  const json::Value* mapping = reader.find("opus_mapping");
  if (mapping == nullptr) return;
  json::Reader entry(*mapping, reader.place_of("opus_mapping"));
  media::OpusMapping read{.streams = static_cast<int>(entry.integer("streams")),
                          .coupled = static_cast<int>(entry.integer("coupled"))};
  for (const json::Value& channel : entry.array("channels"))
    read.channels.push_back(static_cast<std::uint8_t>(
        std::clamp<std::int64_t>(channel.find_integer() ? *channel.find_integer() : 255, 0, 255)));
  if (!entry.status()) reader.refuse("opus_mapping", entry.status().error().message());
  sidecar.opus_mapping = std::move(read);
}

void read_counts(json::Reader& reader, TrackSidecar& sidecar) {
  const auto count = [&](std::string_view name) {
    return static_cast<std::uint64_t>(std::max<std::int64_t>(0, reader.integer(name)));
  };
  sidecar.frames = count("frames");
  sidecar.packets = count("packets");
  sidecar.lost = count("lost");
  sidecar.recovered =
      static_cast<std::uint64_t>(std::max<std::int64_t>(0, reader.find_integer("recovered").value_or(0)));
  sidecar.repair_packets = static_cast<std::uint64_t>(
      std::max<std::int64_t>(0, reader.find_integer("repair_packets").value_or(0)));
  sidecar.late = count("late");
  sidecar.duplicates = count("duplicates");
  sidecar.opus_pre_skip_samples =
      static_cast<std::uint32_t>(reader.find_integer("opus_pre_skip_samples").value_or(0));
  if (const auto ssrc = reader.find_integer("ssrc")) sidecar.ssrc = Ssrc{static_cast<std::uint32_t>(*ssrc)};
}

void read_losses(json::Reader& reader, TrackSidecar& sidecar) {
  if (!reader.find("losses")) return;
  for (const json::Value& item : reader.array("losses")) {
    json::Reader loss(item, "losses");
    sidecar.losses.push_back(
        {{meeting_time(loss.integer("start_ns")), meeting_time(loss.integer("end_ns"))},
         loss.integer("first_sequence"),
         static_cast<std::uint64_t>(std::max<std::int64_t>(0, loss.integer("packets")))});
    if (!loss.status()) reader.refuse("losses", loss.status().error().message());
  }
}

void read_damage(json::Reader& reader, TrackSidecar& sidecar) {
  for (const json::Value& item : reader.array("damage")) {
    json::Reader entry(item, reader.place_of("damage"));
    sidecar.damage.push_back({.condition = entry.text("condition"),
                              .place = sidecar.track,
                              .unit = entry.find_text("unit").value_or(""),
                              .first = entry.find_integer("first").value_or(0),
                              .last = entry.find_integer("last").value_or(0),
                              .count = static_cast<std::uint64_t>(entry.integer("count")),
                              .amount = static_cast<std::uint64_t>(entry.find_integer("amount").value_or(0)),
                              .text = entry.find_text("text").value_or("")});
    if (!entry.status()) reader.refuse("damage", entry.status().error().message());
  }
}

}  // namespace

std::vector<MeetingTime> TrackSidecar::frame_times() const {
  std::vector<MeetingTime> times;
  times.reserve(frames);
  for (std::size_t i = 0; i < ticks.size() && i < clock.segments.size(); ++i) {
    if (ticks[i].empty) continue;
    std::int64_t tick = ticks[i].first_tick;
    times.push_back(clock.segments[i].at(tick));
    for (const TickRun& run : ticks[i].runs)
      for (std::uint32_t k = 0; k < run.count; ++k)
        times.push_back(clock.segments[i].at(tick += run.step_ticks));
  }
  return times;
}

json::Value to_json(const TrackSidecar& sidecar) {
  json::Object object{{"schema", Schema},
                      {"track", sidecar.track},
                      {"participant", sidecar.participant},
                      {"role", sidecar.role},
                      {"codec", media::facts_of(sidecar.codec).name},
                      {"dump", sidecar.dump}};
  if (!sidecar.alternative_of.empty()) object.set("alternative_of", sidecar.alternative_of);
  if (!sidecar.layer.empty()) object.set("layer", sidecar.layer);
  if (sidecar.ssrc) object.set("ssrc", sidecar.ssrc->value);
  object.set("frames", sidecar.frames).set("packets", sidecar.packets).set("lost", sidecar.lost);
  object.set("recovered", sidecar.recovered);
  if (sidecar.repair_packets > 0) object.set("repair_packets", sidecar.repair_packets);
  object.set("late", sidecar.late).set("duplicates", sidecar.duplicates);
  object.set("start_ns", ns(sidecar.range.start)).set("end_ns", ns(sidecar.range.end));
  object.set("clock", to_json(sidecar.clock));
  if (!sidecar.sizes.empty())
    object.set("sizes", array_of(sidecar.sizes, [](const SizeChange& change) {
                 return json::Object{{"at_ns", ns(change.at)},
                                     {"width_px", change.size.width_px},
                                     {"height_px", change.size.height_px}};
               }));
  if (!sidecar.orientations.empty())
    object.set("orientations", array_of(sidecar.orientations, [](const OrientationChange& change) {
                 return json::Object{{"at_ns", ns(change.at)},
                                     {"rotation_deg", change.orientation.rotation_deg},
                                     {"flip", change.orientation.flip}};
               }));
  if (!sidecar.key_frames.empty())
    object.set("key_frames_ns",
               array_of(sidecar.key_frames, [](MeetingTime at) { return json::Value(ns(at)); }));
  object.set("gaps", array_of(sidecar.gaps, [](const TrackGap& gap) {
               return json::Object{
                   {"start_ns", ns(gap.range.start)}, {"end_ns", ns(gap.range.end)}, {"why", gap.why}};
             }));
  object.set("losses", array_of(sidecar.losses, [](const PacketLoss& loss) {
               return json::Object{{"start_ns", ns(loss.range.start)},
                                   {"end_ns", ns(loss.range.end)},
                                   {"first_sequence", loss.first_sequence},
                                   {"packets", loss.packets}};
             }));
  if (!sidecar.events.empty()) object.set("telephone_events", array_of(sidecar.events, event_json));
  object.set("decodable_ns", array_of(sidecar.decodable, range_json));
  if (!sidecar.audio_levels.empty())
    object.set("audio_levels_100ms",
               array_of(sidecar.audio_levels, [](std::uint8_t level) { return json::Value(int{level}); }));
  if (media::is_opus(sidecar.codec)) object.set("opus_pre_skip_samples", sidecar.opus_pre_skip_samples);
  if (sidecar.channels) object.set("channels", *sidecar.channels);
  if (sidecar.opus_mapping) object.set("opus_mapping", mapping_json(*sidecar.opus_mapping));
  object.set("damage", array_of(sidecar.damage, damage_json));
  object.set("ticks", array_of(sidecar.ticks, ticks_json));
  return object;
}

Result<TrackSidecar> track_sidecar_of(const json::Value& value, const std::string& place) {
  json::Reader reader(value, "");
  TrackSidecar sidecar;
  if (reader.text("schema") != Schema) reader.refuse("schema", fmt::format("expected \"{}\"", Schema));
  sidecar.track = reader.text("track");
  sidecar.participant = reader.text("participant");
  sidecar.role = reader.text("role");
  sidecar.dump = reader.text("dump");
  sidecar.alternative_of = reader.find_text("alternative_of").value_or("");
  sidecar.layer = reader.find_text("layer").value_or("");
  sidecar.codec = media::find_codec(reader.text("codec")).value_or(media::CodecId::Unknown);
  if (sidecar.codec == media::CodecId::Unknown) reader.refuse("codec", "unknown");
  sidecar.range = {meeting_time(reader.integer("start_ns")), meeting_time(reader.integer("end_ns"))};
  read_counts(reader, sidecar);
  const json::Value* clock = reader.find("clock");
  if (!clock) reader.refuse("clock", "missing");
  GREFFE_CHECK(reader.status());
  auto map = clock_map_of(*clock);
  if (!map) return fail_within(place, map);
  sidecar.clock = std::move(*map);
  read_video(reader, sidecar);
  read_sound(reader, sidecar);
  read_events(reader, sidecar);
  for (const json::Value& item : reader.array("gaps")) {
    json::Reader gap(item, "gaps");
    sidecar.gaps.push_back(
        {{meeting_time(gap.integer("start_ns")), meeting_time(gap.integer("end_ns"))}, gap.text("why")});
    if (!gap.status()) reader.refuse("gaps", gap.status().error().message());
  }
  read_losses(reader, sidecar);
  sidecar.decodable = read_ranges(reader, "decodable_ns");
  for (const json::Value& item : reader.array("audio_levels_100ms"))
    if (const std::int64_t* level = item.find_integer())
      sidecar.audio_levels.push_back(static_cast<std::uint8_t>(std::clamp<std::int64_t>(*level, 0, 127)));
  read_damage(reader, sidecar);
  read_ticks(reader, sidecar);
  if (const Status status = reader.status(); !status) return fail_within(place, status);
  return sidecar;
}

}  // namespace greffe::timeline
