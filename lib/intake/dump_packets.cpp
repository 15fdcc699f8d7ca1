#include "intake/dump_packets.h"

#include <algorithm>

#include "base/progress.h"

namespace greffe::intake {

namespace {
constexpr std::uint64_t RecordsBetweenLooks = 4096;  // at whether the user wants to stop
}

Result<std::unique_ptr<DumpPackets>> DumpPackets::open(const TrackSource& source, DamageLog& damage) {
  GREFFE_TRY(auto records, dump::open_dump(source.file, source.place, damage, source.selection));
  return std::unique_ptr<DumpPackets>(new DumpPackets(std::move(records), source, damage));
}

Result<rtp::ReceivedPacket*> DumpPackets::next() {
  while (true) {
    if (++records_read_ % RecordsBetweenLooks == 0 && stop_requested())
      return fail(ErrorKind::Interrupted, "{}: stopped", place_);
    GREFFE_TRY(const auto record, records_->next());
    if (!record) return nullptr;
    // Counted here, since the record that says so need not be of this track.
    if (record->restarts) ++packet_.recording;
    if (record->kind == dump::RecordKind::Rtcp) {
      if (!listener_) continue;
      if (const auto compound = rtp::parse_compound(record->bytes))
        listener_(*compound, records_->flow(record->flow), record->arrival);
      continue;
    }
    if (record->kind != dump::RecordKind::Rtp) continue;
    if (const Status parsed = rtp::parse_packet(record->bytes, packet_.parsed); !parsed) {
      damage_.add({.condition = "not-rtp",
                   .place = place_,
                   .unit = "packets",
                   .position = static_cast<std::int64_t>(record->position),
                   .text = fmt::format("byte {}: {}", record->position, parsed.error().message())});
      continue;
    }
    const rtp::RtpPacket& packet = packet_.parsed.packet;
    packet_.from_beside = is_from_beside(record->flow, packet.ssrc);
    if (!packet_.from_beside && (!selection_.takes(packet.ssrc) || !is_of_sender(packet))) continue;
    flow_ = record->flow;
    if (!packet_.from_beside) note_flow();
    packet_.arrival = record->arrival;
    packet_.cut = record->cut;
    packet_.position = record->position;
    packet_.recovered = false;
    return &packet_;
  }
}

bool DumpPackets::is_from_beside(std::uint32_t flow, Ssrc ssrc) {
  if (selection_.beside.empty()) return false;
  while (beside_.size() <= flow) {
    std::set<Ssrc>& streams = beside_.emplace_back();
    const dump::Flow& met = records_->flow(static_cast<std::uint32_t>(beside_.size() - 1));
    for (const dump::Selection::Beside& beside : selection_.beside)
      if (beside.flow == met) streams.insert(beside.ssrc);
  }
  return beside_[flow].contains(ssrc);
}

void DumpPackets::note_flow() {
  constexpr std::size_t MostPairs = 64;
  const std::pair now(packet_.parsed.packet.ssrc, flow_);
  if (!seen_.empty() && seen_.back() == now) return;
  const auto known = std::find(seen_.begin(), seen_.end(), now);
  if (known != seen_.end())
    std::swap(*known, seen_.back());
  else if (seen_.size() < MostPairs)
    seen_.push_back(now);
}

MediaFlows DumpPackets::media_flows() const {
  MediaFlows flows;
  for (const auto& [ssrc, flow] : seen_) flows[ssrc].insert(records_->flow(flow));
  return flows;
}

}  // namespace greffe::intake
