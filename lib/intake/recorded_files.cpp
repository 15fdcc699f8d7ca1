#include "intake/recorded_files.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/parallel.h"
#include "base/text.h"
#include "dump/open_dump.h"
#include "fixity/digest.h"
#include "intake/dump_packets.h"
#include "intake/same_media.h"
#include "intake/stream_map.h"
#include "intake/track_coding.h"

namespace greffe::intake {
namespace {

constexpr Duration LongestPause = std::chrono::minutes(30);
constexpr Duration LongestSilence = std::chrono::seconds(1);  // that counts as activity
constexpr std::uint64_t LeastPackets = 10;

std::string_view between(std::string_view text, std::string_view before, std::string_view after) {
  const auto start = text.find(before);
  if (start == std::string_view::npos) return {};
  text.remove_prefix(start + before.size());
  return text.substr(0, text.find(after));
}

struct StreamKey {
  dump::Flow flow;
  std::uint32_t ssrc = 0;
  auto operator<=>(const StreamKey&) const = default;
};

// Whether RFC 3551 or the session description says what packets of a type hold.
bool is_named(PayloadType type, const dump::FlowDescription& description) {
  const auto described = description.payload_types.find(type);
  const auto codec = described != description.payload_types.end() ? media::find_codec(described->second)
                                                                  : media::find_static_codec(type);
  return codec && media::facts_of(*codec).supported;
}

struct StreamSeen {
  std::uint64_t packets = 0;
  ArrivalTime first{}, last{};
  Duration active{};
  PayloadSketch sketch;
  bool named = false;    // the type of its first packet
  bool one_type = true;  // all have that type

  void note(const rtp::ReceivedPacket& received, const dump::FlowDescription& description) {
    const rtp::RtpPacket& packet = received.parsed.packet;
    if (packets++ == 0) {
      first = last = received.arrival;
      type_ = packet.payload_type;
      named = is_named(type_, description);
    }
    active += std::clamp(received.arrival - last, Duration{}, LongestSilence);
    last = std::max(last, received.arrival);
    one_type = one_type && packet.payload_type == type_;
  }

  // Of how many packets the codec is found. The file need not be read to its end to see that no more come.
  std::uint64_t telling_packets() const { return named && one_type ? 1 : packets; }

 private:
  PayloadType type_;
};

// What must be known of the streams beside their first packets.
struct Wanted {
  bool last = true;    // when they ended
  bool sketch = true;  // whether another file has the same media
};

// Another recording of the same media is in another format: recorders write one, a capture beside it another.
Wanted wanted_of(const std::vector<Path>& files) {
  std::set<dump::Format> formats;
  for (const Path& file : files)
    if (const auto format = dump::find_format(file); format && *format) formats.insert(**format);
  const bool one_kind = formats.size() == 1 && holds_one_stream(*formats.begin());
  return {.last = files.size() > 1, .sketch = !one_kind};
}

using Look = std::shared_ptr<const dump::CaptureLook>;

// All streams of one file, by flow and SSRC; formats that hold one stream give one.
Result<std::map<StreamKey, StreamSeen>> streams_in(const Path& file, dump::Format format,
                                                   const Wanted& wanted, const Look& look) {
  DamageLog ignored;  // ingest reads the file again and tells
  GREFFE_TRY(const auto packets,
             DumpPackets::open({.file = file, .place = file.filename().string(), .selection = {.look = look}},
                               ignored));
  std::map<StreamKey, StreamSeen> streams;
  while (true) {
    GREFFE_TRY(const auto received, packets->next());
    if (!received) return streams;
    const rtp::RtpPacket& packet = received->parsed.packet;
    const StreamKey key =
        holds_one_stream(format) ? StreamKey{} : StreamKey{packets->flow(), packet.ssrc.value};
    StreamSeen& seen = streams[key];
    seen.note(*received, packets->description());
    if (wanted.sketch)
      seen.sketch.add(packet, received->arrival);
    else if (!wanted.last)
      return streams;
  }
}

TrackSource source_of(const RecordedStream& stream, const Look& look) {
  return {.file = stream.file,
          .place = stream.file.filename().string(),
          .selection = {.ssrc = stream.ssrc, .from = stream.flow.from, .to = stream.flow.to, .look = look}};
}

// What repairs other streams, or only asks how much the network bears: no media of its own.
std::set<StreamKey> repairs_in(const StreamMap& map) {
  std::set<StreamKey> repairs;
  for (const MappedStream& stream : map.streams())
    if (stream.use != StreamUse::Media) repairs.insert({stream.flow, stream.ssrc.value});
  return repairs;
}

RecordedStream stream_of(const Path& file, dump::Format format) {
  return {.file = file, .format = format, .name = parts_of_name(file.filename().string())};
}

// What the file says of the stream; of which no track can be made where nothing names its codec.
Result<RecordedStream> read_stream(const Path& file, dump::Format format, const StreamKey& key,
                                   StreamSeen& seen, const Look& look) {
  RecordedStream stream = stream_of(file, format);
  stream.flow = key.flow;
  stream.packets = seen.packets;
  stream.first = seen.first;
  stream.last = seen.last;
  stream.active = seen.active;
  stream.sketch = std::move(seen.sketch);
  TrackSource source = source_of(stream, look);
  if (!holds_one_stream(format)) {
    stream.ssrc = source.selection.ssrc = Ssrc{key.ssrc};
    source.packets = seen.telling_packets();
  }
  const auto coding = find_coding(source, std::nullopt);
  if (coding) {
    stream.codec = coding->codec;
    stream.wall_clock = coding->wall_clock;
    stream.has_arrival = coding->has_arrival;
  } else if (coding.error().kind() == ErrorKind::Interrupted) {
    return tl::unexpected(coding.error());
  } else {
    stream.refused = coding.error();
  }
  return stream;
}

struct FileStreams {
  std::vector<RecordedStream> streams;  // also those of which no track can be made
  std::optional<Error> left_out;        // streams too short to be any
};

// Streams of fewer packets than LeastPackets.
struct ShortStreams {
  std::size_t count = 0;
  std::uint64_t packets = 0;
  std::string first;  // for people

  void add(const StreamKey& key, const StreamSeen& seen) {
    if (count++ == 0) first = fmt::format("SSRC {:08x} from {} to {}", key.ssrc, key.flow.from, key.flow.to);
    packets += seen.packets;
  }
  std::optional<Error> told(const Path& file) const {
    if (count == 0) return std::nullopt;
    return Error(fmt::format("{}: left out: {} {} in {} of fewer than {} packets ({}{})",
                             file.filename().string(), packets, packets == 1 ? "packet" : "packets",
                             count == 1 ? "a stream" : fmt::format("{} streams", count), LeastPackets, first,
                             count == 1 ? "" : ", …"));
  }
};

// Fails where the file holds no stream.
Result<FileStreams> read_file(const Path& file, const Wanted& wanted) {
  GREFFE_TRY(const auto format, dump::find_format(file));
  if (!format) {
    DamageLog ignored;
    return tl::unexpected(dump::open_dump(file, file.filename().string(), ignored).error());
  }
  StreamMap map;
  if (!holds_one_stream(*format)) {
    GREFFE_TRY(map, StreamMap::read(file, {}));
  }
  GREFFE_TRY(auto streams, streams_in(file, *format, wanted, map.look()));
  if (holds_one_stream(*format)) streams.try_emplace({});  // whose header may say why it has no packets
  const std::set<StreamKey> repairs = repairs_in(map);
  FileStreams found;
  ShortStreams too_short;
  for (auto& [key, seen] : streams) {
    if (repairs.contains(key)) continue;
    if (!holds_one_stream(*format) && seen.packets < LeastPackets) {
      too_short.add(key, seen);
      continue;
    }
    GREFFE_TRY(RecordedStream stream, read_stream(file, *format, key, seen, map.look()));
    found.streams.push_back(std::move(stream));
  }
  if (found.streams.empty()) return fail("{}: no media in it", file.filename().string());
  found.left_out = too_short.told(file);
  return found;
}

// The format of a recording, be it by its name alone where nothing in it tells; nullopt for all other files.
std::optional<dump::Format> find_recording(const Path& file) {
  const auto format = dump::find_format(file);
  if (format && *format) return *format;
  if (file.extension() == ".mjr") return dump::Format::Mjr;
  if (file.extension() == ".rtpdump") return dump::Format::RtpDump;
  if (file.extension() == ".pcap") return dump::Format::Pcap;
  if (file.extension() == ".pcapng") return dump::Format::PcapNg;
  return std::nullopt;
}

// Recorders that write a capture per client give each the same made-up addresses: those name nobody.
bool is_in_other_file(const RecordedGroup& group, const RecordedStream& stream) {
  return std::any_of(group.files.begin(), group.files.end(), [&](const RecordedStream& other) {
    return other.file != stream.file && other.flow.from == stream.flow.from;
  });
}

// Files of the same bytes under several names count once (R107): the others are told.
Result<std::vector<Path>> distinct_files(const std::vector<Path>& files, std::vector<Error>& told) {
  std::map<std::uintmax_t, std::vector<Path>> by_size;
  for (const Path& file : files) {
    std::error_code none;
    by_size[std::filesystem::file_size(file, none)].push_back(file);
  }
  std::set<Path> copies;
  for (const auto& [size, alike] : by_size) {
    if (alike.size() < 2) continue;
    std::map<fixity::Digest, Path> by_digest;
    for (const Path& file : alike) {
      const auto read = fixity::digest_of_file(file);
      if (!read) continue;  // who reads it tells
      const auto [first, is_new] = by_digest.emplace(read->digest, file);
      if (is_new || !copies.insert(file).second) continue;
      told.emplace_back(fmt::format("{}: left out: the same bytes as {}", file.filename().string(),
                                    first->second.filename().string()));
    }
  }
  std::vector<Path> distinct;
  std::copy_if(files.begin(), files.end(), std::back_inserter(distinct),
               [&](const Path& file) { return !copies.contains(file); });
  return distinct;
}

// Ids are text, names of files any bytes: what is no UTF-8 in them is replaced, and a number keeps apart what
// that makes equal.
class ParticipantIds {
 public:
  const std::string& of(const std::string& name) {
    const auto [known, is_new] = ids_.try_emplace(name);
    if (!is_new) return known->second;
    const std::string text = valid_utf8(name);
    std::string id = text;
    for (int number = 2; !taken_.insert(id).second; ++number) id = fmt::format("{} {}", text, number);
    return known->second = std::move(id);
  }

 private:
  std::map<std::string, std::string> ids_;  // by name
  std::set<std::string> taken_;
};

// Parts the streams of a room where it was still for long. Those without time of day are of its first
// meeting.
void add_groups(const std::string& room, std::vector<RecordedStream> in_room,
                std::vector<RecordedGroup>& groups) {
  std::stable_sort(in_room.begin(), in_room.end(), [](const auto& a, const auto& b) {
    return std::pair(!a.wall_clock, a.first) < std::pair(!b.wall_clock, b.first);
  });
  const std::size_t before = groups.size();
  ArrivalTime end{};
  for (RecordedStream& stream : in_room) {
    const bool is_new = groups.size() == before || (stream.wall_clock && stream.first - end > LongestPause);
    if (is_new) {
      const std::string when = stream.wall_clock ? rfc3339(WallTime(stream.first.time_since_epoch()), 0) : "";
      groups.push_back(
          {.name = room.empty() ? fmt::format("meeting {}", when) : fmt::format("room {} {}", room, when)});
    }
    end = std::max(end, stream.last);
    groups[stream.wall_clock ? groups.size() - 1 : before].files.push_back(std::move(stream));
  }
}

bool has_file(const RecordedGroup& group, const Path& file) {
  return std::any_of(group.files.begin(), group.files.end(),
                     [&](const RecordedStream& stream) { return stream.file == file; });
}

// The meeting that a recording of which nothing can be made is of; nullptr when that cannot be told.
RecordedGroup* group_of_refused(const RecordedStream& stream, std::vector<RecordedGroup>& groups) {
  RecordedGroup* found = nullptr;
  for (RecordedGroup& group : groups) {
    const RecordedStream& first = group.files.front();
    if (first.name.room != stream.name.room) continue;
    if (found == nullptr || (stream.wall_clock && first.first <= stream.first)) found = &group;
  }
  if (found == nullptr && stream.name.room.empty() && groups.size() == 1) return &groups.front();
  return found;
}

// Named among the tracks, so that its dump is kept and the survey tells why no track can be made of it.
void add_refused(const RecordedStream& stream, std::vector<RecordedGroup>& groups) {
  RecordedGroup* const group = group_of_refused(stream, groups);
  const bool is_nothing = !holds_one_stream(stream.format) && !stream.ssrc;
  if (group != nullptr && !is_nothing) {
    group->files.push_back(stream);
    return;
  }
  const std::string place = stream.file.filename().string();
  RecordedGroup& told = group != nullptr ? *group : groups.front();
  told.damage.add(
      {.condition = "file-refused",
       .place = place,
       .unit = "files",
       .text = group != nullptr
                   ? stream.refused->message()
                   : fmt::format("{}: left out: nothing else of its meeting can be read", place)});
}

}  // namespace

bool holds_one_stream(dump::Format format) {
  return format == dump::Format::Mjr || format == dump::Format::RtpDump;
}

NameParts parts_of_name(std::string_view file_name) {
  if (file_name.starts_with("videoroom-"))
    return {.room = std::string(between(file_name, "videoroom-", "-user-")),
            .user = std::string(between(file_name, "-user-", "-"))};
  if (file_name.starts_with("echotest-")) return {.user = std::string(between(file_name, "-user-", "-"))};
  return {};
}

Result<RecordedFiles> read_recorded_files(const std::vector<Path>& all_files, unsigned jobs) {
  RecordedFiles read;
  GREFFE_TRY(const std::vector<Path> files, distinct_files(all_files, read.refusals));
  const Wanted wanted = wanted_of(files);
  std::vector<Result<FileStreams>> all(files.size());
  GREFFE_CHECK(for_each_index(files.size(), jobs, [&](std::size_t i) -> Status {
    all[i] = read_file(files[i], wanted);
    if (!all[i] && all[i].error().kind() == ErrorKind::Interrupted) return tl::unexpected(all[i].error());
    return {};
  }));
  std::vector<RecordedStream> streams;
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (all[i]) {
      std::move(all[i]->streams.begin(), all[i]->streams.end(), std::back_inserter(streams));
      if (all[i]->left_out) read.refusals.push_back(*all[i]->left_out);
    } else if (const auto format = find_recording(files[i])) {
      streams.push_back(stream_of(files[i], *format));
      streams.back().refused = all[i].error();
    } else {
      read.refusals.push_back(all[i].error());
    }
  }
  keep_one_of_each(std::move(streams), read);
  return read;
}

std::vector<RecordedGroup> meetings_among(const RecordedFiles& recorded) {
  std::map<std::string, std::vector<RecordedStream>> rooms;
  for (const RecordedStream& stream : recorded.files)
    if (!stream.refused) rooms[stream.name.room].push_back(stream);
  std::vector<RecordedGroup> groups;
  for (auto& [room, in_room] : rooms) add_groups(room, std::move(in_room), groups);
  if (groups.empty()) return groups;
  for (const auto& [file, damage] : recorded.damage) {
    const auto group =
        std::find_if(groups.begin(), groups.end(),
                     [&kept = file](const RecordedGroup& candidate) { return has_file(candidate, kept); });
    (group == groups.end() ? groups.front() : *group).damage.add_all(damage);
  }
  for (const RecordedStream& stream : recorded.files)
    if (stream.refused) add_refused(stream, groups);
  for (RecordedGroup& group : groups)
    for (const RecordedWitness& witness : recorded.witnesses)
      if (std::any_of(group.files.begin(), group.files.end(),
                      [&](const RecordedStream& stream) { return witness.known_in.contains(stream.file); }))
        group.witnesses.push_back(witness.file);
  return groups;
}

timeline::MeetingDescription describe(const RecordedGroup& group, const std::string& title) {
  timeline::MeetingDescription meeting{.title = valid_utf8(trimmed(title))};
  ParticipantIds ids;
  meeting.origin = std::any_of(group.files.begin(), group.files.end(),
                               [](const RecordedStream& s) { return s.format == dump::Format::Mjr; })
                       ? "janus"
                       : "capture";
  for (const RecordedStream& stream : group.files) {
    const bool by_flow = !stream.flow.from.empty() && !is_in_other_file(group, stream);
    const std::string& id = ids.of(!stream.name.user.empty() ? stream.name.user
                                   : by_flow                 ? stream.flow.from
                                                             : stream.file.stem().string());
    auto known = std::find_if(meeting.participants.begin(), meeting.participants.end(),
                              [&](const auto& p) { return p.id == id; });
    if (known == meeting.participants.end()) {
      meeting.participants.push_back({.id = id, .name = stream.name.user.empty() ? id : "User " + id});
      known = std::prev(meeting.participants.end());
    }
    const media::CodecFacts& facts = media::facts_of(stream.codec);
    known->tracks.push_back({.file = stream.file.string(),
                             .role = facts.kind == media::Kind::Audio ? "microphone" : "camera",
                             .codec = stream.refused ? std::nullopt : std::optional(std::string(facts.name)),
                             .ssrc = stream.ssrc,
                             .from = stream.flow.from,
                             .to = stream.flow.to});
  }
  for (const Path& witness : group.witnesses) meeting.witnesses.push_back(witness.string());
  return meeting;
}

}  // namespace greffe::intake
