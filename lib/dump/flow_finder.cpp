#include "dump/flow_finder.h"

#include <set>

#include "dump/packet_class.h"

namespace greffe::dump {

namespace {

constexpr int PacketsInARow = 4;
constexpr std::int64_t LargestGap = 1000;                    // packets lost in between
constexpr std::int64_t LargestStep = std::int64_t{1} << 27;  // ticks between two packets: 24 min at 90 kHz
constexpr std::size_t MostFlows = 32'768;
constexpr std::size_t MostCandidates = 65'536;  // of all flows: 6 MB
constexpr std::size_t MostNewerOfAFlow = 1024;
constexpr std::size_t MostMedia = 1024;
constexpr std::size_t RtpHeaderBytes = 12;
constexpr std::size_t MostGroups = 1024;

void append_streams(FlowDescription& to, const FlowDescription& from) {
  for (const SsrcGroup& group : from.groups)
    if (to.groups.size() < MostGroups) to.groups.push_back(group);
  for (const StreamName& name : from.names)
    if (to.names.size() < MostGroups) to.names.push_back(name);
}

}  // namespace

bool is_rtp_well_formed(Bytes packet) {
  if (classify(packet) != PacketClass::Rtp) return false;
  std::size_t header = RtpHeaderBytes + 4u * (packet[0] & 0x0Fu);
  if ((packet[0] & 0x10) != 0) {
    if (packet.size() < header + 4) return false;
    ByteReader extension(packet.subspan(header + 2));
    header += 4u + 4u * extension.u16();
  }
  if (packet.size() < header) return false;
  const bool padded = (packet[0] & 0x20) != 0;
  return !padded || packet.back() <= packet.size() - header;
}

bool is_rtcp_chain(Bytes packet) {
  if (classify(packet) != PacketClass::Rtcp) return false;
  ByteReader reader(packet);
  while (reader.remaining() > 0) {
    const std::uint8_t first = reader.u8();
    const std::uint8_t type = reader.u8();
    if (first >> 6 != 2 || type < 192 || type > 223) return false;
    reader.skip(4u * reader.u16());
    if (reader.failed()) return false;
  }
  return true;
}

bool is_rtcp_compound(Bytes packet) {
  return is_rtcp_chain(packet) && (packet[1] == 200 || packet[1] == 201);
}

void FlowFinder::see(const Datagram& datagram) {
  ++datagrams_;
  if (const std::string_view sdp = find_sdp_in_sip(datagram.payload); !sdp.empty()) return see_sdp(sdp);
  if (classify(datagram.payload) != PacketClass::Rtp) return;
  if (!datagram.cut && !is_rtp_well_formed(datagram.payload)) return;
  if (FlowState* flow = find_or_add({datagram.from, datagram.to})) see_packet(*flow, datagram.payload);
}

FlowFinder::FlowState* FlowFinder::find_or_add(const FlowKey& key) {
  if (candidates_ >= MostCandidates) forget_candidates();
  const auto found = flows_.find(key);
  if (found != flows_.end()) return &found->second;
  if (flows_.size() >= MostFlows) forget_candidates();
  return flows_.size() < MostFlows ? &flows_[key] : nullptr;
}

void FlowFinder::see_sdp(std::string_view text) {
  for (SdpMedia& media : parse_sdp(text))
    if (media_.size() < MostMedia) media_.push_back(std::move(media));
}

void FlowFinder::see_packet(FlowState& flow, Bytes packet) {
  if (flow.is_rtp) return;
  ByteReader reader(packet);
  reader.skip(1);
  const PayloadType type{static_cast<std::uint8_t>(reader.u8() & 0x7F)};
  Candidate seen{.sequence = SequenceNumber{reader.u16()}, .timestamp = RtpTimestamp{reader.u32()}};
  const StreamKey stream{Ssrc{reader.u32()}, type};
  Candidate* const known = find_candidate(flow, stream, seen);
  if (!known) return;
  const std::int64_t ahead = distance(known->sequence, seen.sequence);
  if (ahead <= 0 && ahead >= -LargestGap) return;  // a copy, or one that came late
  const bool follows =
      ahead > 0 && ahead <= LargestGap && std::abs(distance(known->timestamp, seen.timestamp)) <= LargestStep;
  seen.in_a_row = follows ? known->in_a_row + 1 : 1;
  *known = seen;
  if (seen.in_a_row < PacketsInARow) return;
  candidates_ -= flow.newer.size() + flow.older.size();
  flow = {.is_rtp = true, .newer = {}, .older = {}};
  ++rtp_flows_;
}

FlowFinder::Candidate* FlowFinder::find_candidate(FlowState& flow, StreamKey stream, const Candidate& first) {
  if (flow.newer.size() >= MostNewerOfAFlow) {
    candidates_ -= flow.older.size();
    flow.older = std::exchange(flow.newer, {});
  }
  if (auto older = flow.older.extract(stream)) return &flow.newer.insert(std::move(older)).position->second;
  const auto [at, is_new] = flow.newer.try_emplace(stream, first);
  if (!is_new) return &at->second;
  ++candidates_;
  return nullptr;
}

// A scan or a busy resolver makes a flow per packet: what has shown nothing yet is given up.
void FlowFinder::forget_candidates() {
  if (rtp_flows_ < flows_.size())
    std::erase_if(flows_, [](const auto& entry) { return !entry.second.is_rtp; });
  candidates_ = 0;
}

bool FlowFinder::is_rtp(const FlowKey& flow) const {
  const auto found = flows_.find(flow);
  if (found == flows_.end()) return false;
  if (found->second.is_rtp) return true;
  for (const SdpMedia& media : media_)
    if (media.endpoint == flow.to || media.endpoint == flow.from) return true;
  return false;
}

bool FlowFinder::is_beside_rtp(const FlowKey& flow) const {
  FlowKey beside = flow;
  --beside.from.port;
  --beside.to.port;
  return is_rtp(beside);
}

FlowDescription FlowFinder::description(const FlowKey& flow) const {
  for (const Endpoint& endpoint : {flow.to, flow.from}) {
    FlowDescription merged;
    for (const SdpMedia& media : media_) {
      if (media.endpoint != endpoint) continue;
      for (const auto& [type, name] : media.description.payload_types) merged.payload_types[type] = name;
      for (const auto& [type, format] : media.description.formats) merged.formats[type] = format;
      for (const auto& [id, uri] : media.description.extmap) merged.extmap[id] = uri;
      append_streams(merged, media.description);
    }
    if (!merged.payload_types.empty()) return merged;
  }
  FlowDescription agreed;
  std::set<PayloadType> contradicted;
  std::set<int> contradicted_ids;
  for (const SdpMedia& media : media_) {
    append_streams(agreed, media.description);
    for (const auto& [id, uri] : media.description.extmap)
      if (agreed.extmap.emplace(id, uri).first->second != uri) contradicted_ids.insert(id);
    for (const auto& [type, name] : media.description.payload_types) {
      const auto [entry, is_new] = agreed.payload_types.emplace(type, name);
      if (!is_new && entry->second != name) contradicted.insert(type);
      const auto format = media.description.formats.find(type);
      if (format != media.description.formats.end()) agreed.formats.insert(*format);
    }
  }
  for (const PayloadType type : contradicted) {
    agreed.payload_types.erase(type);
    agreed.formats.erase(type);
  }
  for (const int id : contradicted_ids) agreed.extmap.erase(id);
  return agreed;
}

}  // namespace greffe::dump
