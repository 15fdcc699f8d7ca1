#include "intake/stream_map.h"

#include <algorithm>
#include <charconv>

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

// Of many that could be repaired the one with the most votes; none where a fifth of the packets fit nothing.
std::optional<std::size_t> elected(const RepairFinder::Votes& votes, std::size_t stream,
                                   std::uint64_t with_payload) {
  const auto found = votes.find(stream);
  if (found == votes.end()) return std::nullopt;
  std::optional<std::size_t> best;
  std::uint64_t most = 0;
  for (const auto& [other, vote] : found->second)
    if (vote.fit > most && vote.fit > 4 * vote.contradict) best = other, most = vote.fit;
  return most * 5 >= with_payload * 4 ? best : std::nullopt;
}

}  // namespace

PayloadType MappedStream::main_type() const {
  const auto main = std::max_element(types.begin(), types.end(),
                                     [](const auto& a, const auto& b) { return a.second < b.second; });
  return main == types.end() ? PayloadType{} : main->first;
}

// What is known of the streams of one flow: each client gives its own meaning to types and ids.
struct FlowWords {
  RepairFinder finder;
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
    if (is_new) known->second.note_extmap(extmap_);
    return known->second;
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
      with_payload_.push_back(0);
      words.note(packets.description());
    }
    MappedStream& stream = map_.streams_[index];
    ++stream.packets;
    ++stream.types[packet.payload_type];
    stream.last = std::max(stream.last, received.arrival);
    if (!packet.payload.empty()) ++with_payload_[index];
    if (words.rid && stream.rid.empty()) stream.rid = text_of(rtp::find_extension(packet, *words.rid));
    if (words.repaired_rid && stream.repaired_rid.empty())
      stream.repaired_rid = text_of(rtp::find_extension(packet, *words.repaired_rid));
    words.finder.see(index, packet);
  }

  // Declared first, then by its packets.
  void settle(std::size_t index) {
    MappedStream& stream = map_.streams_[index];
    const FlowWords& words = flows_[stream.flow];
    const auto named = words.uses.find(stream.main_type());
    if (named != words.uses.end()) stream.use = named->second;
    const auto group = words.groups.find(stream.ssrc);
    if (group != words.groups.end()) settle_by_group(stream, group->second);
    const auto rtx = elected(words.finder.retransmissions(), index, with_payload_[index]);
    const auto fec = elected(words.finder.error_corrections(), index, with_payload_[index]);
    const bool is_free = stream.use == StreamUse::Media && named == words.uses.end();
    if (is_free && with_payload_[index] == 0) stream.use = StreamUse::Probes;
    if (is_free && with_payload_[index] > 0 && (rtx || fec))
      stream.use = rtx ? StreamUse::Retransmission : StreamUse::ErrorCorrection;
    if (stream.repairs) return;
    if (stream.use == StreamUse::Retransmission) stream.repairs = rtx ? rtx : by_name(stream, words);
    if (stream.use == StreamUse::ErrorCorrection) stream.repairs = fec;
  }

  void settle_by_group(MappedStream& stream, const dump::SsrcGroup& group) {
    if (group.semantics == "FID") stream.use = StreamUse::Retransmission;
    if (group.semantics == "FEC-FR") stream.use = StreamUse::ErrorCorrection;
    if (stream.use == StreamUse::Media) return;
    const auto repaired = indices_.find(Key{stream.flow, group.ssrcs.front()});
    if (repaired != indices_.end()) stream.repairs = repaired->second;
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
    return stream.repaired_rid.empty() ? only : std::nullopt;
  }

  StreamMap map_;
  std::map<Key, std::size_t> indices_;
  std::vector<std::uint64_t> with_payload_;  // packets, by stream
  std::map<int, std::string> extmap_;        // of the whole file
  std::map<dump::Flow, FlowWords> flows_;
};

Result<StreamMap> StreamMap::read(const Path& file, const std::map<int, std::string>& extmap) {
  return StreamMapReader(extmap).read(file);
}

void StreamMap::tell_left_out(const std::string& place, DamageLog& damage) const {
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
    if (stream.use == StreamUse::Retransmission) coding.retransmissions.streams.insert(stream.ssrc);
    if (stream.use == StreamUse::ErrorCorrection) coding.protection.flexfec.insert(stream.ssrc);
    if (!selection.takes(stream.ssrc)) selection.also.push_back(stream.ssrc);
  }
  if (coding.retransmissions.streams.empty()) return;
  for (const MappedStream& stream : streams_)
    if (const auto types = repeated_types_.find(stream.flow);
        types != repeated_types_.end() && is_selected(stream, named))
      coding.retransmissions.types.insert(types->second.begin(), types->second.end());
}

}  // namespace greffe::intake
