#include "intake/stream_map.h"

#include <algorithm>
#include <charconv>
#include <functional>

#include "base/text.h"
#include "intake/repair_votes.h"
#include "rtp/header_extension.h"

namespace greffe::intake {
namespace {

constexpr std::size_t MostStreams = 1024;
constexpr std::size_t LongestRid = 32;

// "apt=96;rtx-time=3000" (RFC 4588 §8.6).
std::optional<PayloadType> repeated_type(std::string_view fmtp) {
  const auto at = fmtp.find("apt=");
  if (at == std::string_view::npos) return std::nullopt;
  int type = -1;
  std::from_chars(fmtp.data() + at + 4, fmtp.data() + fmtp.size(), type);
  if (type < 0 || type > 127) return std::nullopt;
  return PayloadType{static_cast<std::uint8_t>(type)};
}

StreamUse use_named(std::string_view encoding) {
  const std::string name = lower_case(encoding);
  if (name == "rtx") return StreamUse::Retransmission;
  if (name == "flexfec-03" || name == "flexfec") return StreamUse::ErrorCorrection;
  return StreamUse::Media;
}

std::string text_of(std::optional<Bytes> bytes) {
  if (!bytes || bytes->size() > LongestRid) return {};
  return valid_utf8(std::string_view(reinterpret_cast<const char*>(bytes->data()), bytes->size()));
}

// Between which hosts, be it by several ports.
using Hosts = std::pair<std::string, std::string>;
Hosts hosts_of(const dump::Flow& flow) {
  return {std::string(dump::host_of(flow.from)), std::string(dump::host_of(flow.to))};
}

}  // namespace

PayloadType MappedStream::main_type() const {
  const auto main = std::max_element(types.begin(), types.end(),
                                     [](const auto& a, const auto& b) { return a.second < b.second; });
  return main == types.end() ? PayloadType{} : main->first;
}

// What is known of the streams of one flow: each client gives its own meaning to types and ids.
struct FlowWords {
  std::size_t number = 0;
  Hosts hosts;
  RepairFinder* finder = nullptr;  // of these hosts
  std::map<PayloadType, StreamUse> uses;
  std::map<PayloadType, PayloadType> repeated_types;  // a=fmtp apt=
  std::map<Ssrc, dump::SsrcGroup> groups;             // by their last member: what repairs stands there
  std::optional<int> rid, repaired_rid;               // ids of header extensions

  void note_extmap(const std::map<int, std::string>& extmap) {
    for (const auto& [id, uri] : extmap) {
      if (uri == rtp::uri::StreamId) rid = id;
      if (uri == rtp::uri::RepairedStreamId) repaired_rid = id;
    }
  }
  void note(const dump::FlowDescription& description) {
    note_extmap(description.extmap);
    for (const auto& [type, name] : description.payload_types) uses[type] = use_named(name);
    for (const auto& [type, format] : description.formats)
      if (const auto repeated = repeated_type(format.fmtp);
          repeated && uses[type] == StreamUse::Retransmission)
        repeated_types[type] = *repeated;
    for (const dump::SsrcGroup& group : description.groups)
      groups.insert_or_assign(group.ssrcs.back(), group);
  }
};

// Reads a file and settles what its streams are.
class StreamMapReader {
 public:
  explicit StreamMapReader(const std::map<int, std::string>& extmap) : extmap_(extmap) {}

  Result<StreamMap> read(const Path& file) {
    DamageLog ignored;  // who reads the tracks tells
    GREFFE_TRY(const auto packets,
               DumpPackets::open({.file = file, .place = file.filename().string()}, ignored));
    map_.look_ = packets->records().look();
    for (const auto& [id, uri] : packets->records().header().extmap) extmap_[id] = uri;
    while (true) {
      GREFFE_TRY(const auto received, packets->next());
      if (!received) break;
      see(*packets, *received);
    }
    for (std::size_t i = 0; i < map_.streams_.size(); ++i) settle(i);
    for (const auto& [flow, words] : flows_)
      if (!words.repeated_types.empty()) map_.repeated_types_[flow] = words.repeated_types;
    return std::move(map_);
  }

 private:
  using Key = std::pair<dump::Flow, Ssrc>;

  // Those of a flow just met begin with what holds for the whole file.
  FlowWords& words_of(const dump::Flow& flow) {
    const auto [known, is_new] = flows_.try_emplace(flow);
    FlowWords& words = known->second;
    if (!is_new) return words;
    words.note_extmap(extmap_);
    words.number = flows_.size();
    words.hosts = hosts_of(flow);
    words.finder = &finders_[words.hosts];
    return words;
  }

  void see(const DumpPackets& packets, const rtp::ReceivedPacket& received) {
    const rtp::RtpPacket& packet = received.parsed.packet;
    const Key key{packets.flow(), packet.ssrc};
    const auto known = indices_.find(key);
    if (known == indices_.end() && indices_.size() >= MostStreams) {
      ++map_.left_out_;
      return;
    }
    const std::size_t index = known == indices_.end() ? indices_.size() : known->second;
    FlowWords& words = words_of(key.first);
    if (known == indices_.end()) {
      indices_.emplace(key, index);
      map_.streams_.push_back({.flow = key.first, .ssrc = key.second, .first = received.arrival});
      words.note(packets.description());
    }
    MappedStream& stream = map_.streams_[index];
    ++stream.packets;
    ++stream.types[packet.payload_type];
    stream.last = std::max(stream.last, received.arrival);
    if (!packet.payload.empty()) ++stream.payloads;
    if (words.rid && stream.rid.empty()) stream.rid = text_of(rtp::find_extension(packet, *words.rid));
    if (words.repaired_rid && stream.repaired_rid.empty())
      stream.repaired_rid = text_of(rtp::find_extension(packet, *words.repaired_rid));
    words.finder->see(index, words.number, packet);
  }

  // Declared first, then by its packets.
  void settle(std::size_t index) {
    MappedStream& stream = map_.streams_[index];
    const FlowWords& words = flows_[stream.flow];
    const auto named = words.uses.find(stream.main_type());
    if (named != words.uses.end()) stream.use = named->second;
    const std::optional<Ssrc> grouped = settle_by_groups(stream, words);
    const auto rtx = elected(words.finder->retransmissions(), index, grouped);
    const auto fec = elected(words.finder->error_corrections(), index, grouped);
    const bool is_free = stream.use == StreamUse::Media && named == words.uses.end();
    if (is_free && stream.payloads == 0) stream.use = StreamUse::Probes;
    if (is_free && stream.payloads > 0 && (rtx || fec))
      stream.use = rtx ? StreamUse::Retransmission : StreamUse::ErrorCorrection;
    if (stream.repairs) return;
    if (stream.use == StreamUse::Retransmission)
      stream.repairs = rtx || grouped ? rtx : by_name(stream, words);
    if (stream.use == StreamUse::ErrorCorrection) stream.repairs = fec;
  }

  // What a stream says it repairs is not what goes by another name.
  static bool may_repair(const MappedStream& stream, const MappedStream& other, std::optional<Ssrc> grouped) {
    const bool other_rid =
        !stream.repaired_rid.empty() && !other.rid.empty() && stream.repaired_rid != other.rid;
    return !other_rid && other.ssrc == grouped.value_or(other.ssrc);
  }

  // Of many that could be repaired the one with the most votes, of the same flow if one is; none where a
  // fifth of the packets fit nothing. `grouped`: what is declared, which may not be in this file at all.
  std::optional<std::size_t> elected(const RepairFinder::Votes& votes, std::size_t stream,
                                     std::optional<Ssrc> grouped) const {
    const auto found = votes.find(stream);
    if (found == votes.end()) return std::nullopt;
    for (const bool in_flow : {true, false}) {
      std::optional<std::size_t> best;
      std::uint64_t most = 0;
      for (const auto& [other, vote] : found->second)
        if ((map_.streams_[other].flow == map_.streams_[stream].flow) == in_flow && vote.fit > most &&
            vote.fit > 4 * vote.contradict &&
            may_repair(map_.streams_[stream], map_.streams_[other], grouped))
          best = other, most = vote.fit;
      if (most * 5 >= map_.streams_[stream].payloads * 4 && best) return best;
    }
    return std::nullopt;
  }

  // A group may stand with the port of the media, of which what repairs it has another. Returns the SSRC that
  // is repaired, if a group says so.
  std::optional<Ssrc> settle_by_groups(MappedStream& stream, const FlowWords& words) {
    if (const auto own = words.groups.find(stream.ssrc); own != words.groups.end())
      return settle_by_group(stream, own->second);
    for (const auto& [flow, others] : flows_)
      if (const auto group = others.groups.find(stream.ssrc);
          group != others.groups.end() && others.hosts == words.hosts &&
          indices_.contains(Key{flow, group->second.ssrcs.front()}))
        return settle_by_group(stream, group->second);
    return std::nullopt;
  }

  std::optional<Ssrc> settle_by_group(MappedStream& stream, const dump::SsrcGroup& group) {
    if (group.semantics == "FID") stream.use = StreamUse::Retransmission;
    if (group.semantics == "FEC-FR") stream.use = StreamUse::ErrorCorrection;
    if (stream.use == StreamUse::Media) return std::nullopt;
    const Ssrc media = group.ssrcs.front();
    const auto repaired = indices_.find(Key{stream.flow, media});
    stream.repairs =
        repaired != indices_.end()
            ? std::optional(repaired->second)
            : only_beside(stream, [&](const MappedStream& other) { return other.ssrc == media; });
    return media;
  }

  // By the repaired stream's rid, or as the only stream of the type that is repeated.
  std::optional<std::size_t> by_name(const MappedStream& stream, const FlowWords& words) const {
    const auto repeated = words.repeated_types.find(stream.main_type());
    std::optional<std::size_t> only;
    for (std::size_t i = 0; i < map_.streams_.size(); ++i) {
      const MappedStream& other = map_.streams_[i];
      if (other.ssrc == stream.ssrc || other.flow != stream.flow) continue;
      if (!stream.repaired_rid.empty() && other.rid == stream.repaired_rid) return i;
      if (repeated == words.repeated_types.end() || other.main_type() != repeated->second) continue;
      if (only) return std::nullopt;
      only = i;
    }
    if (!stream.repaired_rid.empty()) return std::nullopt;
    return only || repeated == words.repeated_types.end() ? only : by_port(stream, repeated->second);
  }

  // By a port of its own: of the stream with the same SSRC (RFC 4588 §5.3), else the only one of that type.
  std::optional<std::size_t> by_port(const MappedStream& stream, PayloadType repeated) const {
    const auto same = only_beside(stream, [&](const MappedStream& other) {
      return other.ssrc == stream.ssrc && other.main_type() == repeated;
    });
    return same ? same : only_beside(stream, [&](const MappedStream& other) {
      return other.main_type() == repeated;
    });
  }

  // The one stream for which that holds by another flow between the same hosts.
  std::optional<std::size_t> only_beside(const MappedStream& stream,
                                         const std::function<bool(const MappedStream&)>& holds) const {
    const Hosts hosts = hosts_of(stream.flow);
    std::optional<std::size_t> only;
    for (std::size_t i = 0; i < map_.streams_.size(); ++i) {
      const MappedStream& other = map_.streams_[i];
      if (other.flow == stream.flow || !holds(other) || hosts_of(other.flow) != hosts) continue;
      if (only) return std::nullopt;
      only = i;
    }
    return only;
  }

  StreamMap map_;
  std::map<Key, std::size_t> indices_;
  std::map<int, std::string> extmap_;  // of the whole file
  std::map<dump::Flow, FlowWords> flows_;
  std::map<Hosts, RepairFinder> finders_;
};

Result<StreamMap> StreamMap::read(const Path& file, const std::map<int, std::string>& extmap) {
  return StreamMapReader(extmap).read(file);
}

void StreamMap::tell_left_out(const std::string& place, DamageLog& damage) const {
  for (const MappedStream& stream : streams_) {
    const bool is_repair =
        stream.use == StreamUse::Retransmission || stream.use == StreamUse::ErrorCorrection;
    if (!is_repair || stream.repairs || stream.payloads == 0) continue;
    damage.add({.condition = "repairs-nothing",
                .place = place,
                .unit = "packets",
                .amount = stream.payloads,
                .text = fmt::format("{}: {} packets of SSRC {:08x} ({}) repair no stream that is known",
                                    place, stream.payloads, stream.ssrc.value,
                                    stream.use == StreamUse::Retransmission ? "rtx" : "flexfec")});
  }
  if (left_out_ == 0) return;
  damage.add(
      {.condition = "streams-left-out",
       .place = place,
       .unit = "packets",
       .amount = left_out_,
       .text = fmt::format("{}: more than {} streams; {} packets of those that begin after them are left out",
                           place, MostStreams, left_out_)});
}

bool StreamMap::is_selected(const MappedStream& stream, const dump::Selection& selection) const {
  return selection.takes(stream.ssrc) && (selection.from.empty() || selection.from == stream.flow.from) &&
         (selection.to.empty() || selection.to == stream.flow.to);
}

void StreamMap::add_repairs(dump::Selection& selection, TrackCoding& coding) const {
  const dump::Selection named = selection;
  for (const MappedStream& stream : streams_) {
    if (!stream.repairs || !is_selected(streams_[*stream.repairs], named)) continue;
    const bool is_beside = stream.flow != streams_[*stream.repairs].flow;
    rtp::Retransmissions& rtx = coding.retransmissions;
    rtp::Protection& fec = coding.protection;
    if (stream.use == StreamUse::Retransmission) {
      (is_beside ? rtx.beside : rtx.streams).insert(stream.ssrc);
      if (const auto types = repeated_types_.find(stream.flow); types != repeated_types_.end())
        rtx.types.insert(types->second.begin(), types->second.end());
    }
    if (stream.use == StreamUse::ErrorCorrection) (is_beside ? fec.beside : fec.flexfec).insert(stream.ssrc);
    if (is_beside)
      selection.beside.push_back({stream.ssrc, stream.flow});
    else if (!selection.takes(stream.ssrc))
      selection.also.push_back(stream.ssrc);
  }
}

}  // namespace greffe::intake
