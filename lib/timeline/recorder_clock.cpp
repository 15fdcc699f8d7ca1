#include "timeline/recorder_clock.h"
#include "units/media_time.h"

#include <algorithm>
#include <set>

namespace greffe::timeline {
namespace {

constexpr Duration Alike = std::chrono::milliseconds(100);
constexpr Duration AtOnce = std::chrono::seconds(2);  // by then every track that sends has sent a packet

struct Leap {
  RecorderStep step;
  std::size_t track = 0;
  std::size_t next = 0;  // the segment behind it
};

// The median of arrival less media time of a few points: what waited for once does not count.
Duration offset_of(std::vector<EnvelopePoint> points, ClockRate rate) {
  std::vector<Duration> offsets;
  for (const EnvelopePoint& point : points)
    offsets.push_back(point.arrival.time_since_epoch() - media_time(point.tick, rate));
  std::sort(offsets.begin(), offsets.end());
  return offsets[offsets.size() / 2];
}

// How much later arrival reads behind the break before segment `next`, RTP time being right.
std::optional<Leap> leap_at(const ClockObservation& seen, std::size_t next, std::size_t track) {
  constexpr std::ptrdiff_t Near = 8;  // 2 s
  const ObservedSegment& a = seen.segments[next - 1];
  const ObservedSegment& b = seen.segments[next];
  const bool broken = std::binary_search(seen.breaks.begin(), seen.breaks.end(), b.first_packet);
  if (!broken || a.envelope.empty() || b.envelope.empty() || b.first_tick < a.last_tick) return std::nullopt;
  const auto last = a.envelope.end() - std::min<std::ptrdiff_t>(Near, std::ssize(a.envelope));
  const auto first = b.envelope.begin() + std::min<std::ptrdiff_t>(Near, std::ssize(b.envelope));
  const Duration height =
      offset_of({b.envelope.begin(), first}, seen.rate) - offset_of({last, a.envelope.end()}, seen.rate);
  return Leap{.step = {.before = a.last_arrival, .after = b.first_arrival, .height = height},
              .track = track,
              .next = next};
}

bool same_step(const RecorderStep& a, const RecorderStep& b) {
  return std::chrono::abs(a.height - b.height) <= Alike && std::chrono::abs(a.before - b.before) <= AtOnce &&
         std::chrono::abs(a.after - b.after) <= AtOnce;
}

// Packets on both sides of the step, in one segment: a track that knows nothing of it.
bool goes_on_without(const ClockObservation& seen, const RecorderStep& step) {
  return std::any_of(seen.segments.begin(), seen.segments.end(), [&](const ObservedSegment& segment) {
    return segment.first_arrival < std::min(step.before, step.after) - AtOnce &&
           segment.last_arrival > std::max(step.before, step.after) + AtOnce;
  });
}

// How much later arrival reads behind the leap by the sender's own clock; nullopt without a pair on either
// side.
std::optional<Duration> height_by_sender(const RecordedClock& track, std::size_t next) {
  std::vector<Duration> before, after;
  for (const SeenReport& pair : track.pairs) {
    const std::size_t segment = segment_of(*track.observation, pair);
    if (segment + 1 == next)
      before.push_back(pair.arrival.time_since_epoch() - pair.sender.time_since_epoch());
    if (segment == next) after.push_back(pair.arrival.time_since_epoch() - pair.sender.time_since_epoch());
  }
  if (before.empty() || after.empty()) return std::nullopt;
  std::sort(before.begin(), before.end());
  std::sort(after.begin(), after.end());
  return after[after.size() / 2] - before[before.size() / 2];
}

bool is_recorders(const RecorderStep& step, const std::vector<Leap>& leaps,
                  const std::vector<RecordedClock>& tracks) {
  std::set<std::string> participants;
  bool by_sender = false;
  for (const Leap& leap : leaps) {
    if (!same_step(leap.step, step)) continue;
    participants.insert(tracks[leap.track].participant);
    const auto height = height_by_sender(tracks[leap.track], leap.next);
    if (height && std::chrono::abs(*height) <= Alike) return false;
    by_sender = by_sender || (height && std::chrono::abs(*height - step.height) <= Alike);
  }
  const bool goes_back = step.after < step.before - std::chrono::milliseconds(500);
  if (participants.size() < 2 && !goes_back && !by_sender) return false;
  return std::none_of(tracks.begin(), tracks.end(),
                      [&](const RecordedClock& track) { return goes_on_without(*track.observation, step); });
}

}  // namespace

std::vector<RecorderStep> find_recorder_steps(const std::vector<RecordedClock>& tracks) {
  std::vector<Leap> leaps;
  for (std::size_t i = 0; i < tracks.size(); ++i)
    for (std::size_t next = 1; next < tracks[i].observation->segments.size(); ++next)
      if (const auto leap = leap_at(*tracks[i].observation, next, i)) leaps.push_back(*leap);
  std::vector<RecorderStep> steps;
  for (const Leap& leap : leaps) {
    const auto known = std::find_if(steps.begin(), steps.end(),
                                    [&](const RecorderStep& step) { return same_step(step, leap.step); });
    if (known == steps.end()) {
      if (is_recorders(leap.step, leaps, tracks)) steps.push_back(leap.step);
      continue;
    }
    known->before = std::max(known->before, leap.step.before);
    known->after = std::min(known->after, leap.step.after);
  }
  std::sort(steps.begin(), steps.end(),
            [](const RecorderStep& a, const RecorderStep& b) { return a.before < b.before; });
  return steps;
}

ArrivalCorrection::ArrivalCorrection(std::vector<RecorderStep> steps, ArrivalTime first, ArrivalTime last)
    : steps_(std::move(steps)) {
  Duration longest{-1};
  for (std::size_t part = 0; part <= steps_.size(); ++part) {
    const ArrivalTime from = part == 0 ? first : steps_[part - 1].after;
    const ArrivalTime to = part == steps_.size() ? last : steps_[part].before;
    if (to - from > longest) longest = to - from, reference_ = part;
  }
}

Duration ArrivalCorrection::of_part(std::size_t part) const {
  Duration sum{};
  for (std::size_t i = reference_; i < part; ++i) sum -= steps_[i].height;
  for (std::size_t i = part; i < reference_; ++i) sum += steps_[i].height;
  return sum;
}

std::vector<Duration> ArrivalCorrection::shifts_of(const ClockObservation& observation) const {
  std::size_t part = 0;
  std::vector<Duration> shifts;
  for (const ObservedSegment& segment : observation.segments) {
    const bool broken =
        std::binary_search(observation.breaks.begin(), observation.breaks.end(), segment.first_packet);
    // A break that is one of the steps begins the part behind it; else the time of day tells.
    std::size_t next = part;
    while (next < steps_.size() && segment.first_arrival > steps_[next].before) ++next;
    if (broken)
      for (std::size_t i = part; i < steps_.size(); ++i)
        if (std::chrono::abs(segment.first_arrival - steps_[i].after) <= AtOnce) next = std::max(next, i + 1);
    part = next;
    shifts.push_back(of_part(part));
  }
  return shifts;
}

void ArrivalCorrection::correct(ClockObservation& observation,
                                const std::vector<std::vector<SeenReport>*>& pairs) const {
  const std::vector<Duration> shifts = shifts_of(observation);
  for (std::vector<SeenReport>* const some : pairs)
    for (SeenReport& pair : *some) pair.arrival += shifts[segment_of(observation, pair)];
  for (std::size_t i = 0; i < shifts.size(); ++i) {
    ObservedSegment& segment = observation.segments[i];
    segment.first_arrival += shifts[i];
    segment.last_arrival += shifts[i];
    for (EnvelopePoint& point : segment.envelope) point.arrival += shifts[i];
  }
}

}  // namespace greffe::timeline
