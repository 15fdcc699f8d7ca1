#include "intake/loss_recorder.h"

namespace greffe::intake {
namespace {

// More are joined with the last: a sidecar is read whole.
constexpr std::size_t MostLosses = 50'000;

}  // namespace

Result<rtp::OrderedPacket*> LossRecorder::next() {
  GREFFE_TRY(rtp::OrderedPacket* const packet, source_.next());
  if (!packet) return nullptr;
  const bool first = !segment_;
  if (packet->starts_segment || first) segment_ = first ? 0 : *segment_ + 1;
  if (packet->lost_before > 0 && !first) record(*packet);
  last_segment_ = *segment_;
  last_ticks_ = packet->ticks;
  return packet;
}

void LossRecorder::record(const rtp::OrderedPacket& packet) {
  auto& losses = sidecar_.losses;
  const MeetingTime at = sidecar_.clock.at(*segment_, packet.ticks);
  const TimeRange range{std::min(sidecar_.clock.at(last_segment_, last_ticks_), at), at};
  if (losses.size() >= MostLosses) {
    losses.back().range.end = range.end;
    losses.back().packets += packet.lost_before;
    return;
  }
  losses.push_back({range, as_sent<std::uint16_t>(packet.sequence - packet.lost_before), packet.lost_before});
}

}  // namespace greffe::intake
