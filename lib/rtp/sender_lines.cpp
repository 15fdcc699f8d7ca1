#include "rtp/sender_lines.h"

#include <algorithm>

namespace greffe::rtp {
namespace {

constexpr std::int64_t NearNumber = 3000;        // RFC 3550 A.1: MAX_DROPOUT
constexpr std::int64_t NearTicks = 60 * 90'000;  // one chance in 400 that a stranger's clock is so near
constexpr std::uint64_t LatePackets = 100;       // of a line that has ended, among those of the next
constexpr std::uint64_t LeastPackets = 20;       // of a sender
constexpr std::uint64_t LeastTurns = 8;

}  // namespace

// Lines that went on after one another.
struct SenderLines::Chain {
  std::set<Line> lines;
  std::uint64_t packets = 0;
  std::uint64_t turns = 0;
  std::uint64_t last = 0;
  SequenceNumber ends;

  // A chain that has ended is gone on with by what its numbers go on with, else by what comes next.
  std::pair<bool, std::uint64_t> claim_to(const Seen& line) const {
    const std::int64_t step = distance(ends, line.begins);
    return {step > 0 && step <= NearNumber, packets};
  }
};

void SenderLines::chain_up(Line line, const Seen& seen, std::vector<Chain>& chains) {
  Chain* before = nullptr;
  for (Chain& chain : chains) {
    const bool has_ended = seen.first + LatePackets >= chain.last;
    if (has_ended && (before == nullptr || chain.claim_to(seen) > before->claim_to(seen))) before = &chain;
  }
  if (before == nullptr) before = &chains.emplace_back();
  before->lines.insert(line);
  before->packets += seen.packets;
  before->turns += seen.turns;
  before->last = std::max(before->last, seen.last);
  before->ends = seen.ends;
}

SenderLines::Line SenderLines::line_of(const RtpPacket& packet) {
  Live* live = find(packet);
  if (live == nullptr) live = &begin(packet);
  Seen& seen = lines_[live->line];
  if (index_ > 0 && latest_ != live->line) ++seen.turns;
  latest_ = live->line;
  ++seen.packets;
  seen.last = live->last = index_++;
  if (distance(live->highest, packet.sequence) >= 0) {
    live->highest = seen.ends = packet.sequence;
    live->timestamp = packet.timestamp;
  }
  return live->line;
}

// The nearest in number.
SenderLines::Live* SenderLines::find(const RtpPacket& packet) {
  Live* nearest = nullptr;
  std::int64_t least = NearNumber + 1;
  for (Live& live : live_) {
    if (!live.used || std::abs(distance(live.timestamp, packet.timestamp)) > NearTicks) continue;
    const std::int64_t apart = std::abs(distance(live.highest, packet.sequence));
    if (apart >= least) continue;
    least = apart;
    nearest = &live;
  }
  return nearest;
}

// In the place of the line that has been silent for longest.
SenderLines::Live& SenderLines::begin(const RtpPacket& packet) {
  Live& oldest = *std::min_element(live_.begin(), live_.end(), [](const Live& a, const Live& b) {
    return std::pair(a.used, a.last) < std::pair(b.used, b.last);
  });
  if (lines_.size() < MostLines)
    lines_.push_back({.first = index_, .begins = packet.sequence, .ends = packet.sequence});
  oldest = {.used = true,
            .line = static_cast<Line>(lines_.size() - 1),
            .highest = packet.sequence,
            .timestamp = packet.timestamp,
            .last = index_};
  return oldest;
}

std::vector<std::set<SenderLines::Line>> SenderLines::senders() const {
  std::vector<Chain> chains;
  std::set<Line> few;
  for (Line line = 0; line < lines_.size(); ++line) {
    if (lines_[line].packets < LeastPackets)
      few.insert(line);
    else
      chain_up(line, lines_[line], chains);
  }
  std::stable_sort(chains.begin(), chains.end(),
                   [](const Chain& a, const Chain& b) { return a.packets > b.packets; });
  std::vector<std::set<Line>> senders;
  senders.push_back(std::move(few));
  for (Chain& chain : chains) {
    if (&chain != &chains.front() && chain.turns >= LeastTurns)
      senders.push_back(std::move(chain.lines));
    else
      senders.front().merge(chain.lines);
  }
  return senders;
}

std::uint64_t SenderLines::packets_of(const std::set<Line>& lines) const {
  std::uint64_t packets = 0;
  for (const Line line : lines) packets += lines_[line].packets;
  return packets;
}

}  // namespace greffe::rtp
