#include "intake/repair_votes.h"

#include <algorithm>
#include <cstdlib>

#include "intake/payload_sketch.h"
#include "rtp/fec_packet.h"
#include "rtp/rtx_restorer.h"

namespace greffe::intake {
namespace {

constexpr std::size_t MostStreams = 64;
constexpr std::size_t MostRecent = 2048;
constexpr std::uint64_t LongestTrial = 200;  // packets after which a stream that fits nothing is media
constexpr std::uint64_t ShortTrial = 50;     // the same of streams of other flows
constexpr std::uint16_t NearestNeighbours = 64;
constexpr std::int64_t LongestTail = 180'000;   // ticks after a stream's last packet: 2 s of video
constexpr std::int64_t LongestSince = 900'000;  // ticks within which is sent again

}  // namespace

void RepairFinder::see(std::size_t index, std::size_t flow, const rtp::RtpPacket& packet) {
  const auto known = streams_.find(index);
  if (known == streams_.end() && ++streams_of_flow_[flow] > MostStreams) return;
  Stream& stream = known == streams_.end() ? streams_[index] : known->second;
  stream.flow = flow;
  stream.ssrc = packet.ssrc;
  if (packet.payload.empty()) return;
  stream.type = packet.payload_type;
  ++stream.with_payload;
  if (may_repair(index, stream, LongestTrial)) vote(index, stream, packet);
  if (stream.recent.empty()) stream.recent.resize(MostRecent);
  stream.latest = packet.sequence;
  stream.latest_timestamp = packet.timestamp;
  stream.sums.see(packet);
  stream.recent[packet.sequence.value % MostRecent] = {.seen = true,
                                                       .sequence = packet.sequence,
                                                       .timestamp = packet.timestamp,
                                                       .hash = payload_hash(packet.payload)};
}

bool RepairFinder::may_repair(std::size_t index, const Stream& stream, std::uint64_t trial) const {
  if (stream.with_payload < trial) return true;
  for (const Votes* votes : {&retransmissions_, &error_corrections_}) {
    const auto found = votes->find(index);
    if (found == votes->end()) continue;
    for (const auto& [other, vote] : found->second)
      if (vote.fit * 2 > stream.with_payload) return true;
  }
  return false;
}

// Of other flows there may be hundreds: only what could repeat what they had just now is looked at closely.
void RepairFinder::vote(std::size_t index, const Stream& own, const rtp::RtpPacket& packet) {
  const auto fec = rtp::parse_flexfec(packet);
  const auto rtx = rtp::parse_rtx(packet.payload);
  const bool looks_beside = may_repair(index, own, ShortTrial);
  const auto is_lately = [&](const Stream& stream) {
    return rtx && std::abs(distance(stream.latest, rtx->original)) < std::int64_t{MostRecent} &&
           std::abs(distance(stream.latest_timestamp, packet.timestamp)) <= LongestSince;
  };
  for (const auto& [other, stream] : streams_) {
    const bool is_beside = stream.flow != own.flow;
    if (other == index || stream.recent.empty()) continue;
    if (is_beside ? !looks_beside : stream.type == packet.payload_type) continue;
    if (fec && fec->ssrc == stream.ssrc && is_of(packet, *fec, stream))
      ++error_corrections_[index][other].fit;
    if (is_beside && !is_lately(stream)) continue;
    const Verdict verdict = judge(stream, packet);
    if (verdict == Verdict::Fits) ++retransmissions_[index][other].fit;
    if (verdict == Verdict::Contradicts) ++retransmissions_[index][other].contradict;
  }
}

// A stream that is named in the payload is hardly so by chance. As a CSRC mixers name their sources, too.
bool RepairFinder::is_of(const rtp::RtpPacket& packet, const rtp::FecPacket& fec, const Stream& stream) {
  return packet.csrc_count == 0 ||
         (stream.sums.is_near(fec) && stream.sums.judge(fec) != rtp::FecSums::Verdict::Contradicts);
}

const RepairFinder::Recent* RepairFinder::find(const Stream& stream, std::uint16_t sequence) {
  const Recent& recent = stream.recent[sequence % MostRecent];
  return recent.seen && recent.sequence.value == sequence ? &recent : nullptr;
}

// Whether the packet repeats one of the stream.
RepairFinder::Verdict RepairFinder::judge(const Stream& stream, const rtp::RtpPacket& packet) {
  const auto rtx = rtp::parse_rtx(packet.payload);
  if (!rtx) return Verdict::Unknown;
  const std::uint16_t number = rtx->original.value;
  if (const Recent* original = find(stream, number)) {
    const bool same = original->timestamp == packet.timestamp && original->hash == payload_hash(rtx->payload);
    return same ? Verdict::Fits : Verdict::Contradicts;
  }
  const auto neighbour = [&](int direction) {
    const Recent* near = nullptr;
    for (std::uint16_t step = 1; near == nullptr && step <= NearestNeighbours; ++step)
      near = find(stream, static_cast<std::uint16_t>(number + direction * step));
    return near;
  };
  const Recent* below = neighbour(-1);
  const Recent* above = neighbour(1);
  if (below == nullptr) return Verdict::Unknown;
  const std::int64_t since = distance(below->timestamp, packet.timestamp);
  const std::int64_t until = above != nullptr ? distance(below->timestamp, above->timestamp) : LongestTail;
  return since >= 0 && since <= until ? Verdict::Fits : Verdict::Contradicts;
}

}  // namespace greffe::intake
