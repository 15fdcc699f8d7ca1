#include "timeline/clock_observer.h"
#include "units/media_time.h"

#include <algorithm>

namespace greffe::timeline {
namespace {

constexpr Duration PartingLimit = std::chrono::milliseconds(500);  // R3
constexpr std::size_t PartingPackets = 3;
constexpr Duration PartingTime = std::chrono::seconds(1);
constexpr std::uint32_t VideoClock_hz = 90'000;  // of all pictures; of no sound that greffe reads
// What comes first may have waited for a connection.
constexpr Duration LongestLateness = std::chrono::seconds(3);
// Pending packets are bounded: a burst longer than this is decided as it stands.
constexpr std::size_t MostPending = 4096;
constexpr std::size_t MostSteps = 64;
// Arrival that rises by less, jitter hides.
constexpr Duration LeastRise = std::chrono::milliseconds(60);
constexpr std::size_t MostParts = 64;
static_assert(MostParts / 2 * LeastRise > PartingLimit);

}  // namespace

LowerEnvelope::LowerEnvelope(ClockRate rate)
    : rate_(rate), stretch_ticks_(std::max<std::int64_t>(1, rate.hz / 4)) {}

void LowerEnvelope::add(std::int64_t tick, ArrivalTime arrival) {
  const EnvelopePoint point{tick, arrival};
  const std::int64_t stretch = tick / stretch_ticks_;
  if (latest_ == nullptr || latest_->first != stretch) {
    const auto [place, inserted] = points_.try_emplace(stretch, point);
    latest_ = &*place;
    if (inserted) {
      if (points_.size() > MostPoints) join_pairs();
      return;
    }
  }
  const Duration later = arrival - latest_->second.arrival;
  if (later < media_time(tick - latest_->second.tick, rate_)) latest_->second = point;
}

void LowerEnvelope::join_pairs() {
  stretch_ticks_ *= 2;
  const auto old = std::exchange(points_, {});
  latest_ = nullptr;
  for (const auto& [stretch, point] : old) add(point.tick, point.arrival);
}

std::vector<EnvelopePoint> LowerEnvelope::points() const {
  std::vector<EnvelopePoint> points;
  for (const auto& [stretch, point] : points_) points.push_back(point);
  return points;
}

ClockObserver::ClockObserver(ClockRate rate, bool has_arrival) : rate_(rate), has_arrival_(has_arrival) {
  seen_.rate = rate;
}

void ClockObserver::see(const rtp::OrderedPacket& packet) {
  const Sample sample{.number = seen_packets_,
                      .last_number = seen_packets_,
                      .sequence = packet.sequence,
                      .tick = packet.ticks,
                      .arrival = packet.arrival,
                      .offset = packet.arrival.time_since_epoch() - media_time(packet.ticks, rate_)};
  ++seen_packets_;
  if (parts_.empty() || packet.starts_segment) {
    give_back_pending();
    close_segment();
    start_segment(sample);
    return;
  }
  if (!has_arrival_) {
    take(sample);
    return;
  }
  if (is_of_same_picture(sample)) return;
  if (is_apart(sample)) {
    pending_.push_back(sample);
    settle_pending();
    return;
  }
  // Back on the old line: what lay between was a burst, or packets whose RTP time was wrong.
  give_back_pending();
  take(sample);
}

bool ClockObserver::is_of_same_picture(const Sample& sample) {
  Sample& before = pending_.empty() ? *last_ : pending_.back();
  if (rate_.hz != VideoClock_hz || sample.tick != before.tick) return false;
  before.sequence = sample.sequence;
  before.last_number = sample.number;
  ObservedSegment& segment = parts_.back().segment;
  if (pending_.empty()) segment.last_arrival = std::max(segment.last_arrival, sample.arrival);
  ++segment.packets;
  return true;
}

// More than any lateness of what came before explains.
bool ClockObserver::leaps_ahead(const Sample& sample) const {
  const Part& part = parts_.back();
  const Duration floor = part.parted ? std::min(part.floor, old_floor_.value()) : old_floor_.value();
  const Duration below = floor - sample.offset;
  const bool is_young = taken_ < PartingPackets;
  return below > (is_young ? LongestLateness : PartingLimit);
}

bool ClockObserver::is_apart(const Sample& sample) const {
  // In a queue that grows what comes is late by and by, but RTP time goes on in it; who parted has not come
  // back before it is on the floor.
  const bool late = sample.offset - floor_.value() > PartingLimit;
  const bool parts = sample.offset - last_->offset > PartingLimit || sample.tick == last_->tick;
  return (late && (parts || !pending_.empty())) || leaps_ahead(sample);
}

void ClockObserver::settle_pending() {
  // After a stall the packets of a burst come one after the other: each step towards the old line is small,
  // so the samples drift back. A clock that broke stays where it is.
  const Sample& first = pending_.front();
  const Sample& latest = pending_.back();
  const Duration drifted = first.offset - latest.offset;
  const bool coming_back = first.offset > floor_.value() && drifted > PartingLimit / 5;
  const bool lasted = latest.arrival - first.arrival >= PartingTime && pending_.size() >= PartingPackets;
  if ((lasted && !coming_back) || pending_.size() >= MostPending) confirm_break();
}

void ClockObserver::confirm_break() {
  std::vector<Sample> pending = std::exchange(pending_, {});
  close_segment();
  if (seen_.segments.size() < MostSegments) seen_.breaks.push_back(pending.front().number);
  start_segment(pending.front());
  for (auto sample = pending.begin() + 1; sample != pending.end(); ++sample) take(*sample);
}

void ClockObserver::give_back_pending() {
  const std::vector<Sample> pending = std::exchange(pending_, {});
  for (const Sample& sample : pending) {
    // Late arrival is the network's doing; RTP time that leaps away from its neighbours is not.
    if (pending.size() < PartingPackets && leaps_ahead(sample))
      for (std::uint64_t number = sample.number; number <= sample.last_number; ++number)
        seen_.outliers.push_back(number);
    else
      take(sample);
  }
}

void ClockObserver::start_segment(const Sample& sample) {
  start_part(sample);
  floor_.forget();
  old_floor_.forget();
  taken_ = 0;
  last_.reset();
  take(sample);
}

void ClockObserver::start_part(const Sample& sample) {
  parts_.push_back({.segment = {.first_packet = sample.number,
                                .first_tick = sample.tick,
                                .last_tick = sample.tick,
                                .first_arrival = sample.arrival,
                                .last_arrival = sample.arrival},
                    .envelope = LowerEnvelope(rate_)});
}

void ClockObserver::RecentFloor::add(const Sample& sample) {
  if (sample.arrival - begun_ >= span_) {
    previous_ = std::exchange(current_, Duration::max());
    begun_ = sample.arrival;
  }
  current_ = std::min(current_, sample.offset);
}

// Begins a part where RTP time goes on by far less than passes, and joins those from which arrival came back.
void ClockObserver::part_where_it_rises(const Sample& sample) {
  if (last_) {
    const Duration media = media_time(sample.tick - last_->tick, rate_);
    const Duration rise = sample.offset - last_->offset;
    if (rise > LeastRise && rise > media / 4 && sample.offset - floor_.value() > LeastRise) {
      start_part(sample);
      parts_.back().parted = true;
      parts_.back().floor = floor_.value();
      parts_.back().rise = sample.offset - floor_.value();
      floor_.forget();
      if (parts_.size() > MostParts) close_parts(MostParts / 2);
    }
  }
  while (parts_.size() > 1) {
    Part& part = parts_.back();
    const Duration above = sample.offset - part.floor;
    if (sample.arrival - part.segment.first_arrival <= PartingTime) part.rise = std::min(part.rise, above);
    if (above > std::max(LeastRise, part.rise / 2)) break;
    join_last_part();
  }
  floor_.add(sample);
  old_floor_.add(sample);
}

void ClockObserver::join_last_part() {
  const Part last = std::move(parts_.back());
  parts_.pop_back();
  ObservedSegment& segment = parts_.back().segment;
  segment.first_tick = std::min(segment.first_tick, last.segment.first_tick);
  segment.last_tick = std::max(segment.last_tick, last.segment.last_tick);
  segment.first_arrival = std::min(segment.first_arrival, last.segment.first_arrival);
  segment.last_arrival = std::max(segment.last_arrival, last.segment.last_arrival);
  segment.packets += last.segment.packets;
  for (const EnvelopePoint& point : last.envelope.points())
    parts_.back().envelope.add(point.tick, point.arrival);
}

void ClockObserver::take(const Sample& sample) {
  ++taken_;
  count_step(sample);
  if (has_arrival_) part_where_it_rises(sample);
  ObservedSegment& segment = parts_.back().segment;
  segment.first_tick = std::min(segment.first_tick, sample.tick);
  segment.last_tick = std::max(segment.last_tick, sample.tick);
  segment.first_arrival = std::min(segment.first_arrival, sample.arrival);
  segment.last_arrival = std::max(segment.last_arrival, sample.arrival);
  segment.packets += 1;
  if (has_arrival_) parts_.back().envelope.add(sample.tick, sample.arrival);
  last_ = sample;
}

void ClockObserver::count_step(const Sample& sample) {
  if (!last_ || sample.sequence != last_->sequence + 1 || sample.tick <= last_->tick) return;
  const std::int64_t step = sample.tick - last_->tick;
  if (latest_step_ == nullptr || latest_step_->first != step) {
    if (steps_.size() == MostSteps && !steps_.contains(step)) return;
    latest_step_ = &*steps_.try_emplace(step).first;
  }
  ++latest_step_->second;
}

void ClockObserver::close_segment() {
  Duration risen{};
  for (std::size_t i = 1; i < parts_.size(); ++i) {
    const ObservedSegment& segment = parts_[i].segment;
    // What rose within the last second may be jitter.
    const bool lasted = i + 1 < parts_.size() || segment.last_arrival - segment.first_arrival >= PartingTime;
    if (lasted) risen += parts_[i].rise;
  }
  if (!has_stood_still_ && risen <= PartingLimit)
    while (parts_.size() > 1) join_last_part();
  close_parts(parts_.size());
}

// The first `count` parts become segments.
void ClockObserver::close_parts(std::size_t count) {
  has_stood_still_ = has_stood_still_ || count > 1;
  for (std::size_t i = 0; i < count; ++i) {
    Part& part = parts_[i];
    if (seen_.segments.size() >= MostSegments) {
      ++seen_.left_out;
      continue;
    }
    if (part.parted) seen_.breaks.push_back(part.segment.first_packet);
    part.segment.envelope = part.envelope.points();
    seen_.segments.push_back(std::move(part.segment));
  }
  parts_.erase(parts_.begin(), parts_.begin() + static_cast<std::ptrdiff_t>(count));
}

ClockObservation ClockObserver::finish() {
  if (pending_.size() >= PartingPackets)
    confirm_break();
  else
    give_back_pending();
  close_segment();
  const auto commonest = std::max_element(steps_.begin(), steps_.end(),
                                          [](const auto& a, const auto& b) { return a.second < b.second; });
  if (commonest != steps_.end()) seen_.usual_step = commonest->first;
  return std::move(seen_);
}

}  // namespace greffe::timeline
