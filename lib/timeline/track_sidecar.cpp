#include "timeline/track_sidecar.h"

#include <algorithm>
#include <cassert>

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

using Items = json::StreamWriter::Items;

template <class List, class ToJson>
void write_array(json::StreamWriter& out, std::string_view name, const List& list, Items items,
                 ToJson to_json_item) {
  out.open_array(name, items);
  for (const auto& item : list) out.item(to_json_item(item));
  out.close();
}

template <class List, class ToJson>
void write_if_any(json::StreamWriter& out, std::string_view name, const List& list, Items items,
                  ToJson to_json_item) {
  if (!list.empty()) write_array(out, name, list, items, to_json_item);
}

void write_ticks(json::StreamWriter& out, const std::vector<FrameTicks>& segments) {
  const bool any = std::any_of(segments.begin(), segments.end(), [](const auto& s) { return !s.empty; });
  out.open_array("ticks", any ? Items::OnLinesOfTheirOwn : Items::OnOneLine);
  for (const FrameTicks& segment : segments) {
    if (segment.empty) {
      out.item(json::Value());
      continue;
    }
    out.open_object();
    out.member("first_tick", segment.first_tick);
    write_array(out, "runs", segment.runs, Items::OnOneLine, [](const TickRun& run) {
      return json::Array{run.step_ticks, run.count};
    });
    out.close();
  }
  out.close();
}

json::Value event_json(const TelephoneEvent& event) {
  json::Object object{
      {"start_ns", ns(event.range.start)}, {"end_ns", ns(event.range.end)}, {"event", int{event.code}}};
  if (!event.key.empty()) object.set("key", event.key);
  return object;
}

json::Value mapping_json(const media::OpusMapping& mapping) {
  json::Object object{{"streams", mapping.streams}, {"coupled", mapping.coupled}};
  object.set("channels", json::Array(mapping.channels.begin(), mapping.channels.end()));
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

json::Value size_json(const SizeChange& change) {
  return json::Object{
      {"at_ns", ns(change.at)}, {"width_px", change.size.width_px}, {"height_px", change.size.height_px}};
}

json::Value orientation_json(const OrientationChange& change) {
  return json::Object{{"at_ns", ns(change.at)},
                      {"rotation_deg", change.orientation.rotation_deg},
                      {"flip", change.orientation.flip}};
}

json::Value gap_json(const TrackGap& gap) {
  return json::Object{{"start_ns", ns(gap.range.start)}, {"end_ns", ns(gap.range.end)}, {"why", gap.why}};
}

json::Value loss_json(const PacketLoss& loss) {
  return json::Object{{"start_ns", ns(loss.range.start)},
                      {"end_ns", ns(loss.range.end)},
                      {"first_sequence", loss.first_sequence},
                      {"packets", loss.packets}};
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

Status write_sidecar(const TrackSidecar& sidecar, json::Sink sink) {
  json::StreamWriter out(std::move(sink));
  out.member("schema", Schema);
  out.member("track", sidecar.track).member("participant", sidecar.participant).member("role", sidecar.role);
  out.member("codec", media::facts_of(sidecar.codec).name).member("dump", sidecar.dump);
  if (!sidecar.alternative_of.empty()) out.member("alternative_of", sidecar.alternative_of);
  if (!sidecar.layer.empty()) out.member("layer", sidecar.layer);
  if (sidecar.ssrc) out.member("ssrc", sidecar.ssrc->value);
  out.member("frames", sidecar.frames).member("packets", sidecar.packets).member("lost", sidecar.lost);
  out.member("recovered", sidecar.recovered);
  if (sidecar.repair_packets > 0) out.member("repair_packets", sidecar.repair_packets);
  out.member("late", sidecar.late).member("duplicates", sidecar.duplicates);
  out.member("start_ns", ns(sidecar.range.start)).member("end_ns", ns(sidecar.range.end));
  out.member("clock", to_json(sidecar.clock));
  write_if_any(out, "sizes", sidecar.sizes, Items::OnLinesOfTheirOwn, size_json);
  write_if_any(out, "orientations", sidecar.orientations, Items::OnLinesOfTheirOwn, orientation_json);
  write_if_any(out, "key_frames_ns", sidecar.key_frames, Items::OnOneLine, ns);
  write_if_any(out, "separable_layers_ns", sidecar.separable_layers, Items::OnOneLine, range_json);
  write_array(out, "gaps", sidecar.gaps, Items::OnLinesOfTheirOwn, gap_json);
  write_array(out, "losses", sidecar.losses, Items::OnLinesOfTheirOwn, loss_json);
  write_if_any(out, "telephone_events", sidecar.events, Items::OnLinesOfTheirOwn, event_json);
  write_array(out, "decodable_ns", sidecar.decodable, Items::OnOneLine, range_json);
  write_if_any(out, "audio_levels_100ms", sidecar.audio_levels, Items::OnOneLine,
               [](std::uint8_t level) { return int{level}; });
  if (media::is_opus(sidecar.codec)) out.member("opus_pre_skip_samples", sidecar.opus_pre_skip_samples);
  if (sidecar.channels) out.member("channels", *sidecar.channels);
  if (sidecar.opus_mapping) out.member("opus_mapping", mapping_json(*sidecar.opus_mapping));
  write_array(out, "damage", sidecar.damage, Items::OnLinesOfTheirOwn, damage_json);
  write_ticks(out, sidecar.ticks);
  return out.finish();
}

std::string text_of(const TrackSidecar& sidecar) {
  std::string text;
  const Status written = write_sidecar(sidecar, [&](std::string_view piece) -> Status {
    text += piece;
    return {};
  });
  assert(written);
  static_cast<void>(written);
  return text;
}

const std::vector<std::string>& lists_of_sidecar() {
  static const std::vector<std::string> names{"key_frames_ns",      "gaps", "losses", "decodable_ns",
                                              "audio_levels_100ms", "ticks"};
  return names;
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
  sidecar.separable_layers = read_ranges(reader, "separable_layers_ns");
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
