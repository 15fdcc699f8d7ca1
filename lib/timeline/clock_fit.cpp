#include "timeline/clock_fit.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace greffe::timeline {
namespace {

// A point of a fit: media time by the nominal rate, and how much later it came, both in ns from the first
// point.
struct Point {
  double media;
  double later;
};

constexpr double SecondNs = 1e9;

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

double ticks_to_ns(std::int64_t ticks, ClockRate rate) {
  return static_cast<double>(ticks) * SecondNs / rate.hz;
}

std::vector<Point> points_of(const ObservedSegment& segment, ClockRate rate) {
  std::vector<Point> points;
  if (segment.envelope.empty()) return points;
  const EnvelopePoint& origin = segment.envelope.front();
  for (const EnvelopePoint& point : segment.envelope) {
    const double media = ticks_to_ns(point.tick - origin.tick, rate);
    points.push_back({media, static_cast<double>((point.arrival - origin.arrival).count()) - media});
  }
  return points;
}

// Theil–Sen: the median slope over all pairs at least a quarter of the span apart.
double robust_slope(const std::vector<Point>& points) {
  const double span = points.back().media - points.front().media;
  std::vector<double> slopes;
  for (std::size_t i = 0; i < points.size(); ++i)
    for (std::size_t j = i + 1; j < points.size(); ++j)
      if (const double apart = points[j].media - points[i].media; apart >= span / 4)
        slopes.push_back((points[j].later - points[i].later) / apart);
  return median(std::move(slopes));
}

// The sender's drift as extra nanoseconds of arrival per nanosecond of media, or 0 where the track does not
// show it.
double drift_slope(const std::vector<Point>& points) {
  // Under half a minute even a bad quartz (100 ppm) drifts 3 ms: less than jitter and the recorder's grain
  // hide.
  constexpr double LeastSpan = 20 * SecondNs;
  constexpr double Grain = 2e6;
  if (points.size() < 16 || points.back().media - points.front().media < LeastSpan) return 0;
  const double slope = robust_slope(points);
  std::vector<double> rest;
  for (const Point& point : points) rest.push_back(point.later - slope * point.media);
  const double middle = median(rest);
  for (double& value : rest) value = std::abs(value - middle);
  const double spread = median(std::move(rest));
  const double over_the_track = std::abs(slope) * (points.back().media - points.front().media);
  return over_the_track > 3 * spread + Grain ? slope : 0;
}

struct Line {
  double slope = 0;   // ns of arrival per ns of media, less 1
  double offset = 0;  // ns: arrival of the envelope's first tick, against its own arrival
  double residual_ms = 0;
};

// The line under all points: what lies on it waited least.
Line line_under(const std::vector<Point>& points, double slope) {
  Line line{.slope = slope};
  std::vector<double> rest;
  for (const Point& point : points) rest.push_back(point.later - slope * point.media);
  line.offset = *std::min_element(rest.begin(), rest.end());
  for (double& value : rest) value -= line.offset;
  line.residual_ms = median(std::move(rest)) / 1e6;
  return line;
}

ClockSegment segment_on(const ObservedSegment& seen, ClockRate rate, double slope, MeetingTime anchor) {
  constexpr std::int64_t Scale = 1'000'000;
  ClockSegment segment{.first_tick = seen.first_tick,
                       .last_tick = seen.last_tick,
                       .anchor_tick = seen.envelope.empty() ? seen.first_tick : seen.envelope.front().tick,
                       .anchor = anchor,
                       .rate_ticks = rate.hz,
                       .rate_ns = 1'000'000'000};
  if (slope != 0) {
    segment.rate_ticks = std::int64_t{rate.hz} * Scale;
    segment.rate_ns = std::llround(SecondNs * Scale * (1 + slope));
  }
  return segment;
}

// The drift of the longest segment counts for those too short to show their own.
double shared_slope(const ClockObservation& observation) {
  double slope = 0, longest = 0;
  for (const ObservedSegment& segment : observation.segments) {
    const auto points = points_of(segment, observation.rate);
    if (points.size() < 2) continue;
    const double span = points.back().media - points.front().media;
    if (span > longest) longest = span, slope = drift_slope(points);
  }
  return slope;
}

}  // namespace

ClockMap fit_arrival(const ClockObservation& observation, ArrivalTime zero, const AudioDelay& delay) {
  ClockMap map{.clock_rate = observation.rate, .witness = "arrival"};
  map.audio_advance = delay.packet + delay.look_ahead;
  const double slope = shared_slope(observation);
  std::vector<double> residuals;
  for (const ObservedSegment& seen : observation.segments) {
    const auto points = points_of(seen, observation.rate);
    const Line line = points.empty() ? Line{} : line_under(points, slope);
    const ArrivalTime first = seen.envelope.empty() ? seen.first_arrival : seen.envelope.front().arrival;
    const MeetingTime anchor =
        MeetingTime(first - zero) + Duration(std::llround(line.offset)) - map.audio_advance;
    map.segments.push_back(segment_on(seen, observation.rate, slope, anchor));
    residuals.push_back(line.residual_ms);
  }
  map.residual_ms = median(std::move(residuals));
  return map;
}

namespace {

bool consistent_with_arrival(const ClockSegment& by_arrival, const SeenReport& report) {
  const Duration apart = MeetingTime(report.arrival.time_since_epoch()) - by_arrival.at(report.tick);
  return apart > std::chrono::seconds(-1) && apart < std::chrono::seconds(1);
}

std::size_t segment_of(const ClockMap& map, std::int64_t tick) {
  for (std::size_t i = map.segments.size(); i-- > 1;)
    if (tick >= map.segments[i].first_tick) return i;
  return 0;
}

}  // namespace

std::optional<SenderClock> fit_reports(const ClockObservation& observation,
                                       const std::vector<SeenReport>& reports) {
  const ClockMap by_arrival = fit_arrival(observation, ArrivalTime{}, {});
  if (by_arrival.segments.empty()) return std::nullopt;
  std::vector<SeenReport> plausible;
  for (const SeenReport& report : reports)
    if (report.sender != NtpTime{}.wall_time() &&
        consistent_with_arrival(by_arrival.segments[segment_of(by_arrival, report.tick)], report))
      plausible.push_back(report);
  // The sender's clock may be wrong by years, but it must be wrong by the same amount all along.
  std::vector<double> apart;
  for (const SeenReport& report : plausible)
    apart.push_back(
        static_cast<double>((report.sender.time_since_epoch() - report.arrival.time_since_epoch()).count()));
  const double usual = median(apart);
  std::vector<SeenReport> used;
  for (std::size_t i = 0; i < plausible.size(); ++i)
    if (std::abs(apart[i] - usual) <= SecondNs) used.push_back(plausible[i]);
  if (used.empty()) return std::nullopt;

  SenderClock clock{.used = used.size(), .refused = reports.size() - used.size()};
  std::vector<double> residuals;
  for (std::size_t i = 0; i < observation.segments.size(); ++i) {
    const ObservedSegment& seen = observation.segments[i];
    std::vector<Point> points;
    const SeenReport* origin = nullptr;
    for (const SeenReport& report : used) {
      if (segment_of(by_arrival, report.tick) != i) continue;
      if (!origin) origin = &report;
      const double media = ticks_to_ns(report.tick - origin->tick, observation.rate);
      points.push_back({media, static_cast<double>((report.sender - origin->sender).count()) - media});
    }
    if (!origin) return std::nullopt;  // a segment without a report has no place on the sender's clock
    const double slope = drift_slope(points);
    std::vector<double> rest;
    for (const Point& point : points) rest.push_back(point.later - slope * point.media);
    const double middle = median(rest);
    for (const double value : rest) residuals.push_back(std::abs(value - middle) / 1e6);
    ClockSegment segment =
        segment_on(seen, observation.rate, slope, MeetingTime(origin->sender.time_since_epoch()));
    segment.anchor_tick = origin->tick;
    segment.anchor += Duration(std::llround(middle));
    clock.segments.push_back(segment);
  }
  clock.residual_ms = median(std::move(residuals));
  return clock;
}

namespace {

// The least time from a track's media to its arrival, on the sender's clock: the delay of the packet that
// waited least.
double least_delay(const ReportedTrack& track) {
  double least = INFINITY;
  for (std::size_t i = 0; i < track.clock.segments.size(); ++i)
    for (const EnvelopePoint& point : track.observation->segments[i].envelope) {
      const Duration sender = track.clock.segments[i].at(point.tick).time_since_epoch();
      least = std::min(least, static_cast<double>((point.arrival.time_since_epoch() - sender).count()));
    }
  return least;
}

bool is_audio(const ReportedTrack& track) { return track.delay.packet > Duration::zero(); }

// Chromium pairs the RTP time of an audio packet's first sample with the instant it sends the packet, so its
// reports put sound one packet late. It shows: sound that was captured a packet's length before it left
// cannot have waited less than the pictures beside it. Measured on council: 20 ms for two people out of two.
bool stamps_packet_ends(const ReportedTrack& track, double delay, const std::optional<double>& video_delay) {
  return is_audio(track) && video_delay &&
         delay - *video_delay < static_cast<double>(track.delay.packet.count()) / 2;
}

}  // namespace

std::optional<std::vector<ClockMap>> fit_shared(const std::vector<ReportedTrack>& tracks, ArrivalTime zero) {
  std::vector<double> delays;
  std::optional<double> video_delay;
  for (const ReportedTrack& track : tracks) {
    delays.push_back(least_delay(track));
    if (!is_audio(track)) video_delay = std::min(video_delay.value_or(INFINITY), delays.back());
  }
  if (delays.empty()) return std::nullopt;
  const auto [smallest, largest] = std::minmax_element(delays.begin(), delays.end());
  if (!std::isfinite(*largest) || *largest - *smallest > SecondNs) return std::nullopt;

  // Pictures leave at once, so their delay is the network's; sound alone is held back by its packet.
  double network = INFINITY;
  for (std::size_t i = 0; i < tracks.size(); ++i)
    network = std::min(
        network,
        is_audio(tracks[i]) && video_delay
            ? *video_delay
            : delays[i] - static_cast<double>((tracks[i].delay.packet + tracks[i].delay.look_ahead).count()));
  const Duration shift(std::llround(network));
  std::vector<ClockMap> maps;
  for (std::size_t i = 0; i < tracks.size(); ++i) {
    ClockMap map{.clock_rate = tracks[i].observation->rate,
                 .segments = tracks[i].clock.segments,
                 .witness = "sender-reports",
                 .residual_ms = tracks[i].clock.residual_ms};
    if (stamps_packet_ends(tracks[i], delays[i], video_delay)) map.audio_advance = tracks[i].delay.packet;
    for (ClockSegment& segment : map.segments)
      segment.anchor += shift - zero.time_since_epoch() - map.audio_advance;
    maps.push_back(std::move(map));
  }
  return maps;
}

}  // namespace greffe::timeline
