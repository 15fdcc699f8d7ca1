#include "timeline/track_sidecar.h"

#include <algorithm>
#include <cassert>

#include "json/reader.h"
#include "timeline/frame_cursor.h"

namespace greffe::timeline {
namespace {

// Version 1 had no lone steps among the runs.
constexpr std::string_view TrackSchema = "greffe.track/2";
constexpr std::string_view OlderSchema = "greffe.track/1";

// A day of a camera that never steps twice alike has 16 MB.
constexpr std::size_t LargestSidecar = 512u << 20;
constexpr std::size_t MostKeptValues = 4u << 20;

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
    out.open_array("runs", Items::OnOneLine);
    for (const TickRun& run : segment.runs) {
      if (run.count == 1)
        out.item_number(run.step_ticks);
      else
        out.item_pair(run.step_ticks, run.count);
    }
    out.close();
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

// The lists that grow with a track, read item by item.
class ListReader {
 public:
  explicit ListReader(TrackSidecar& sidecar) : sidecar_(sidecar) {}

  std::vector<std::pair<std::string, json::ItemSink>> sinks() {
    using json::Value;
    return {{"key_frames_ns", [this](const Value& item) { return add_key_frame(item); }},
            {"gaps", [this](const Value& item) { return add_gap(item); }},
            {"comfort_noise", [this](const Value& item) { return add_noise(item); }},
            {"losses", [this](const Value& item) { return add_loss(item); }},
            {"decodable_ns", [this](const Value& item) { return add_range(item, sidecar_.decodable); }},
            {"separable_layers_ns",
             [this](const Value& item) { return add_range(item, sidecar_.separable_layers); }},
            {"audio_levels_100ms", [this](const Value& item) { return add_level(item); }},
            {"ticks", [this](const Value& item) { return add_ticks(item); }},
            {"ticks.runs", [this](const Value& item) { return add_run(item); }}};
  }

 private:
  Status add_key_frame(const json::Value& item) {
    if (const std::int64_t* at = item.find_integer()) sidecar_.key_frames.push_back(meeting_time(*at));
    return {};
  }
  Status add_gap(const json::Value& item) {
    json::Reader gap(item, "gaps");
    sidecar_.gaps.push_back(
        {{meeting_time(gap.integer("start_ns")), meeting_time(gap.integer("end_ns"))}, gap.text("why")});
    return gap.status();
  }
  Status add_noise(const json::Value& item) {
    json::Reader entry(item, "comfort_noise");
    NoiseChange change{.at = meeting_time(entry.integer("at_ns"))};
    change.noise.level =
        static_cast<std::uint8_t>(-std::clamp<std::int64_t>(entry.integer("level_dbov"), -127, 0));
    constexpr std::size_t MostCoefficients = 32;  // as a depacketizer gives
    const json::Array& reflection = entry.array("reflection");
    if (reflection.size() > MostCoefficients) return fail("comfort_noise.reflection: more than 32 numbers");
    for (const json::Value& index : reflection)
      change.noise.reflection.push_back(static_cast<std::uint8_t>(
          std::clamp<std::int64_t>(index.find_integer() ? *index.find_integer() : 127, 0, 255)));
    sidecar_.comfort_noise.push_back(std::move(change));
    return entry.status();
  }
  Status add_loss(const json::Value& item) {
    json::Reader loss(item, "losses");
    sidecar_.losses.push_back(
        {{meeting_time(loss.integer("start_ns")), meeting_time(loss.integer("end_ns"))},
         loss.integer("first_sequence"),
         static_cast<std::uint64_t>(std::max<std::int64_t>(0, loss.integer("packets")))});
    return loss.status();
  }
  static Status add_range(const json::Value& item, std::vector<TimeRange>& ranges) {
    const auto read = pair_of(item);
    if (!read) return fail("ranges are [start_ns, end_ns]");
    ranges.push_back({meeting_time(read->first), meeting_time(read->second)});
    return {};
  }
  Status add_level(const json::Value& item) {
    if (const std::int64_t* level = item.find_integer())
      sidecar_.audio_levels.push_back(static_cast<std::uint8_t>(std::clamp<std::int64_t>(*level, 0, 127)));
    return {};
  }
  Status add_run(const json::Value& item) {
    if (const std::int64_t* step = item.find_integer()) {
      runs_.push_back({*step, 1});
      return {};
    }
    const auto read = pair_of(item);
    if (!read || read->second < 0 || read->second > UINT32_MAX)
      return fail("ticks: runs are [step, count], or a step alone");
    runs_.push_back({read->first, static_cast<std::uint32_t>(read->second)});
    return {};
  }
  // Its runs, which lie within, have come before.
  Status add_ticks(const json::Value& item) {
    if (item.is_null()) {
      sidecar_.ticks.push_back({});
      return {};
    }
    json::Reader segment(item, "ticks");
    sidecar_.ticks.push_back(
        {.first_tick = segment.integer("first_tick"), .runs = std::exchange(runs_, {}), .empty = false});
    return segment.status();
  }

  TrackSidecar& sidecar_;
  TickRuns runs_;  // of the segment that is being read
};

void read_pixel_aspect(json::Reader& reader, TrackSidecar& sidecar) {
  const json::Value* said = reader.find("pixel_aspect");
  if (said == nullptr) return;
  json::Reader aspect(*said, reader.place_of("pixel_aspect"));
  const std::int64_t width = aspect.integer("width"), height = aspect.integer("height");
  if (!aspect.status()) return reader.refuse("pixel_aspect", aspect.status().error().message());
  if (width < 1 || width > INT32_MAX || height < 1 || height > INT32_MAX)
    return reader.refuse("pixel_aspect", "width and height of a pixel, 1 or more");
  sidecar.pixel_aspect = {static_cast<int>(width), static_cast<int>(height)};
}

void read_video(json::Reader& reader, TrackSidecar& sidecar) {
  read_pixel_aspect(reader, sidecar);
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

json::Value noise_json(const NoiseChange& change) {
  json::Object object{{"at_ns", ns(change.at)}, {"level_dbov", -int{change.noise.level}}};
  const auto& reflection = change.noise.reflection;
  if (!reflection.empty()) object.set("reflection", json::Array(reflection.begin(), reflection.end()));
  return object;
}

json::Value loss_json(const PacketLoss& loss) {
  return json::Object{{"start_ns", ns(loss.range.start)},
                      {"end_ns", ns(loss.range.end)},
                      {"first_sequence", loss.first_sequence},
                      {"packets", loss.packets}};
}

}  // namespace

media::PictureSize TrackSidecar::shown(media::PictureSize coded) const {
  if (pixel_aspect == media::PixelAspect{}) return coded;
  const std::int64_t width =
      (std::int64_t{coded.width_px} * pixel_aspect.width + pixel_aspect.height / 2) / pixel_aspect.height;
  return {static_cast<int>(std::clamp<std::int64_t>(width, 1, INT16_MAX)), coded.height_px};
}

std::vector<MeetingTime> TrackSidecar::frame_times() const {
  std::vector<MeetingTime> times;
  FrameCursor cursor(*this);
  while (const auto time = cursor.next()) times.push_back(*time);
  return times;
}

Status write_sidecar(const TrackSidecar& sidecar, json::Sink sink) {
  json::StreamWriter out(std::move(sink));
  out.member("schema", TrackSchema);
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
  if (sidecar.pixel_aspect != media::PixelAspect{})
    out.member("pixel_aspect",
               json::Object{{"width", sidecar.pixel_aspect.width}, {"height", sidecar.pixel_aspect.height}});
  write_if_any(out, "orientations", sidecar.orientations, Items::OnLinesOfTheirOwn, orientation_json);
  write_if_any(out, "key_frames_ns", sidecar.key_frames, Items::OnOneLine, ns);
  write_if_any(out, "separable_layers_ns", sidecar.separable_layers, Items::OnOneLine, range_json);
  write_array(out, "gaps", sidecar.gaps, Items::OnLinesOfTheirOwn, gap_json);
  write_if_any(out, "comfort_noise", sidecar.comfort_noise, Items::OnLinesOfTheirOwn, noise_json);
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

Result<TrackSidecar> read_sidecar(const json::TextSource& text, const std::string& place,
                                  SidecarLists lists) {
  TrackSidecar sidecar;
  ListReader list_reader(sidecar);
  json::ParseLimits limits{.bytes = LargestSidecar, .values = MostKeptValues};
  if (lists == SidecarLists::Read)
    limits.hand_over = list_reader.sinks();
  else
    limits.leave_out = {"key_frames_ns",       "gaps",         "comfort_noise",      "losses",
                        "separable_layers_ns", "decodable_ns", "audio_levels_100ms", "ticks"};
  const auto value = json::parse(text, std::move(limits));
  if (!value) return fail_within(place, value);
  json::Reader reader(*value, "");
  if (const std::string schema = reader.text("schema"); schema != TrackSchema && schema != OlderSchema)
    reader.refuse("schema", fmt::format("expected \"{}\"", TrackSchema));
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
  read_damage(reader, sidecar);
  if (const Status status = reader.status(); !status) return fail_within(place, status);
  return sidecar;
}

}  // namespace greffe::timeline
