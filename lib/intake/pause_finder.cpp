#include "intake/pause_finder.h"

#include <algorithm>

#include "units/media_time.h"

namespace greffe::intake {
namespace {

// More, in one gap between two frames, count as missing.
constexpr std::size_t MostPauses = 10'000;

struct LongestSteps {
  Duration step;   // between packets that are meant to follow each other
  Duration least;  // of a pause
};
LongestSteps longest_steps(media::CodecId codec) {
  constexpr Duration LongestPacket = std::chrono::milliseconds(120);
  if (media::facts_of(codec).kind == media::Kind::Audio) return {LongestPacket, LongestPacket};
  return {std::chrono::seconds(1), std::chrono::milliseconds(1500)};
}

}  // namespace

PauseFinder::PauseFinder(rtp::PacketSource& source, const timeline::ClockMap& clock,
                         const TrackCoding& coding, std::int64_t usual_step)
    : source_(source), clock_(clock), is_sound_(media::facts_of(coding.codec).kind == media::Kind::Audio) {
  const LongestSteps longest = longest_steps(coding.codec);
  step_ = std::min(media_time(usual_step, clock.clock_rate), longest.step);
  least_ = longest.least;
  for (const auto& [type, codec] : coding.payload_types)
    if (codec == media::CodecId::ComfortNoise) comfort_noise_.insert(type);
}

Result<rtp::OrderedPacket*> PauseFinder::next() {
  GREFFE_TRY(rtp::OrderedPacket* const packet, source_.next());
  if (!packet) return nullptr;
  Place now{.segment = last_ ? last_->segment : 0,
            .ticks = packet->ticks,
            .type = packet->packet.payload_type,
            .comfort_noise = comfort_noise_.contains(packet->packet.payload_type)};
  if (last_ && packet->starts_segment) ++now.segment;
  if (last_ && step_ > Duration::zero()) look_between(*last_, now, packet->lost_before);
  if (last_ && packet->lost_before == 0) note_step(*last_, now);
  last_ = now;
  return packet;
}

// A step of sound that is longer than any packet has a pause in it, as have those behind comfort noise.
void PauseFinder::note_step(const Place& before, const Place& now) {
  if (!is_sound_ || before.segment != now.segment || before.type != now.type || before.comfort_noise) return;
  const Duration step = media_time(now.ticks - before.ticks, clock_.clock_rate);
  if (step > Duration::zero() && step <= least_) step_ = step;
}

void PauseFinder::look_between(const Place& before, const Place& now, std::uint32_t missing) {
  if (before.segment == now.segment && before.ticks >= now.ticks) return;
  const MeetingTime start = clock_.at(before.segment, before.ticks);
  const MeetingTime end = clock_.at(now.segment, now.ticks);
  const Duration lost = step_ * missing;
  if (before.comfort_noise)
    add({{start, end - lost}, true});
  else if (end - start > step_ + lost + least_)
    add({{start + step_ + lost, end}, false});
}

void PauseFinder::add(const Pause& pause) {
  if (pause.range.start >= pause.range.end) return;
  if (pause.comfort_noise && !pauses_.empty() && pauses_.back().comfort_noise &&
      pauses_.back().range.end == pause.range.start)
    pauses_.back().range.end = pause.range.end;
  else if (pauses_.size() < MostPauses)
    pauses_.push_back(pause);
}

std::vector<Pause> PauseFinder::take(std::uint32_t segment, std::int64_t until_tick) {
  if (pauses_.empty()) return {};
  const MeetingTime until = clock_.at(segment, until_tick);
  const auto later = std::find_if(pauses_.begin(), pauses_.end(),
                                  [&](const Pause& pause) { return pause.range.end > until; });
  std::vector<Pause> taken(pauses_.begin(), later);
  pauses_.erase(pauses_.begin(), later);
  return taken;
}

}  // namespace greffe::intake
