#include "timeline/clock_fit.h"

#include <algorithm>
#include <cmath>

#include "timeline/clock_slope.h"

namespace greffe::timeline {
namespace {

using Point = ClockPoint;
constexpr double SecondNs = 1e9;

double ticks_to_ns(std::int64_t ticks, ClockRate rate) {
  return static_cast<double>(ticks) * SecondNs / rate.hz;
}

std::vector<Point> points_of(const std::vector<EnvelopePoint>& envelope, ClockRate rate) {
  std::vector<Point> points;
  if (envelope.empty()) return points;
  const EnvelopePoint& origin = envelope.front();
  for (const EnvelopePoint& point : envelope) {
    const double media = ticks_to_ns(point.tick - origin.tick, rate);
    points.push_back({media, static_cast<double>((point.arrival - origin.arrival).count()) - media});
  }
  return points;
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
ClockSlope shared_slope(const ClockObservation& observation) {
  double longest = 0;
  ClockSlope slope;
  for (const ObservedSegment& segment : observation.segments) {
    const auto points = points_of(segment.envelope, observation.rate);
    if (points.size() < 2) continue;
    const double span = points.back().media - points.front().media;
    if (span > longest) longest = span, slope = find_slope(points);
  }
  return slope;
}

// Send times know the drift without the network's jitter, as long as they keep with arrival to the end.
std::optional<double> sent_slope(const ClockObservation& observation, double by_arrival) {
  constexpr double MostApartNs = 20e6;  // half of what R8 allows over a track
  const auto points = points_of(observation.sent, observation.rate);
  if (points.size() < 2) return std::nullopt;
  const double slope = find_slope(points).slope;
  const double span = points.back().media - points.front().media;
  if (std::abs(slope - by_arrival) * span > MostApartNs) return std::nullopt;
  return slope;
}

}  // namespace

ArrivalDrift arrival_drift(const ClockObservation& observation) {
  const ClockSlope by_arrival = shared_slope(observation);
  ArrivalDrift drift{.slope = by_arrival.slope, .step = by_arrival.step};
  if (const auto sent = sent_slope(observation, by_arrival.slope)) {
    drift.slope = *sent;
    drift.by_send_times = true;
  }
  return drift;
}

ClockMap fit_arrival(const ClockObservation& observation, ArrivalTime zero, const AudioDelay& delay) {
  ClockMap map{.clock_rate = observation.rate, .witness = "arrival"};
  map.audio_advance = delay.packet + delay.look_ahead;
  const double slope = arrival_drift(observation).slope;
  std::vector<double> residuals;
  for (const ObservedSegment& seen : observation.segments) {
    const auto points = points_of(seen.envelope, observation.rate);
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

ClockMap fit_rtp_time(const ClockObservation& observation, ArrivalTime zero) {
  ClockMap map{.clock_rate = observation.rate, .witness = "none"};
  std::optional<MeetingTime> end;
  for (const ObservedSegment& seen : observation.segments) {
    MeetingTime anchor(seen.first_arrival - zero);
    if (end) anchor = std::max(anchor, *end);
    map.segments.push_back(segment_on(seen, observation.rate, 0, anchor));
    end = map.segments.back().at(seen.last_tick + observation.usual_step);
  }
  return map;
}

namespace {

bool consistent_with_arrival(const ClockSegment& by_arrival, const SeenReport& report) {
  const Duration apart = MeetingTime(report.arrival.time_since_epoch()) - by_arrival.at(report.tick);
  return apart > std::chrono::seconds(-1) && apart < std::chrono::seconds(1);
}

}  // namespace

ReportVerdicts judge_reports(const ClockObservation& observation, const std::vector<SeenReport>& reports) {
  ReportVerdicts verdicts{.by_arrival = fit_arrival(observation, ArrivalTime{}, {})};
  const ClockMap& by_arrival = verdicts.by_arrival;
  if (by_arrival.segments.empty()) return verdicts;
  const auto refuse = [&](const SeenReport& report, std::size_t& count) {
    ++count;
    verdicts.first_refused = std::min(verdicts.first_refused.value_or(report.arrival), report.arrival);
  };
  std::vector<SeenReport> plausible;
  for (const SeenReport& report : reports) {
    if (report.sender == NtpTime{}.wall_time())
      refuse(report, verdicts.without_time);
    else if (!consistent_with_arrival(by_arrival.segments[segment_of(observation, report)], report))
      refuse(report, verdicts.apart_from_arrival);
    else
      plausible.push_back(report);
  }
  // The sender's clock may be wrong by years, but it must be wrong by the same amount all along.
  std::vector<double> apart;
  for (const SeenReport& report : plausible)
    apart.push_back(
        static_cast<double>((report.sender.time_since_epoch() - report.arrival.time_since_epoch()).count()));
  const double usual = median(apart);
  for (std::size_t i = 0; i < plausible.size(); ++i) {
    if (std::abs(apart[i] - usual) <= SecondNs)
      verdicts.used.push_back(plausible[i]);
    else
      refuse(plausible[i], verdicts.clock_leaps);
  }
  return verdicts;
}

namespace {

struct ReportedSegment {
  std::vector<Point> points;
  const SeenReport* origin = nullptr;
};

std::vector<ReportedSegment> by_segment(const ClockObservation& observation, const ClockMap& by_arrival,
                                        const std::vector<SeenReport>& reports) {
  std::vector<ReportedSegment> segments(by_arrival.segments.size());
  for (const SeenReport& report : reports) {
    ReportedSegment& segment = segments[segment_of(observation, report)];
    if (!segment.origin) segment.origin = &report;
    const double media = ticks_to_ns(report.tick - segment.origin->tick, observation.rate);
    segment.points.push_back(
        {media, static_cast<double>((report.sender - segment.origin->sender).count()) - media});
  }
  for (ReportedSegment& segment : segments)
    std::stable_sort(segment.points.begin(), segment.points.end(),
                     [](const Point& a, const Point& b) { return a.media < b.media; });
  return segments;
}

// The sender's clock less arrival's, in ns: where a segment without a report lies on the sender's clock.
double usual_distance(const ClockObservation& observation, const ClockMap& by_arrival,
                      const std::vector<SeenReport>& reports) {
  std::vector<double> apart;
  for (const SeenReport& report : reports) {
    const MeetingTime arrives =
        by_arrival.at(static_cast<std::uint32_t>(segment_of(observation, report)), report.tick);
    apart.push_back(
        static_cast<double>((report.sender.time_since_epoch() - arrives.time_since_epoch()).count()));
  }
  return median(std::move(apart));
}

}  // namespace

std::optional<SenderClock> fit_reports(const ClockObservation& observation,
                                       const std::vector<SeenReport>& reports) {
  return fit_reports(observation, judge_reports(observation, reports));
}

std::optional<SenderClock> fit_reports(const ClockObservation& observation, const ReportVerdicts& verdicts) {
  if (verdicts.used.empty()) return std::nullopt;
  const ClockMap& by_arrival = verdicts.by_arrival;
  const auto reported = by_segment(observation, by_arrival, verdicts.used);
  SenderClock clock{.used = verdicts.used.size(), .refused = verdicts.refused()};
  double longest = -1;
  for (const ReportedSegment& segment : reported)
    if (segment.origin && segment.points.back().media - segment.points.front().media > longest) {
      longest = segment.points.back().media - segment.points.front().media;
      clock.slope = find_slope(segment.points).slope;
    }
  clock.distance_ns = usual_distance(observation, by_arrival, verdicts.used);
  std::vector<double> residuals;
  for (std::size_t i = 0; i < reported.size(); ++i) {
    const MeetingTime by_distance = by_arrival.segments[i].anchor + Duration(std::llround(clock.distance_ns));
    ClockSegment segment = segment_on(observation.segments[i], observation.rate, clock.slope, by_distance);
    if (const SeenReport* const origin = reported[i].origin) {
      std::vector<double> rest;
      for (const Point& point : reported[i].points) rest.push_back(point.later - clock.slope * point.media);
      const double middle = median(rest);
      for (const double value : rest) residuals.push_back(std::abs(value - middle) / 1e6);
      segment.anchor_tick = origin->tick;
      segment.anchor = MeetingTime(origin->sender.time_since_epoch()) + Duration(std::llround(middle));
    }
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

double spread_of_delays(const std::vector<double>& delays) {
  const auto [smallest, largest] = std::minmax_element(delays.begin(), delays.end());
  return std::isfinite(*largest) ? *largest - *smallest : INFINITY;
}

// By the delays of their first samples or, as sound waits until its packet is full, of their last ones.
bool share_a_clock(const std::vector<ReportedTrack>& tracks, std::vector<double> delays) {
  constexpr double MostApartNs = 200e6;
  if (spread_of_delays(delays) <= MostApartNs) return true;
  for (std::size_t i = 0; i < tracks.size(); ++i)
    delays[i] -= static_cast<double>((tracks[i].delay.packet + tracks[i].delay.look_ahead).count());
  return spread_of_delays(delays) <= MostApartNs;
}

}  // namespace

std::optional<std::vector<ClockMap>> fit_shared(const std::vector<ReportedTrack>& tracks, ArrivalTime zero,
                                                std::string_view witness) {
  std::vector<double> delays;
  std::optional<double> video_delay;
  for (const ReportedTrack& track : tracks) {
    delays.push_back(least_delay(track));
    if (!is_audio(track)) video_delay = std::min(video_delay.value_or(INFINITY), delays.back());
  }
  if (delays.empty()) return std::nullopt;
  if (!share_a_clock(tracks, delays)) return std::nullopt;

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
                 .witness = std::string(witness),
                 .residual_ms = tracks[i].clock.residual_ms};
    if (witness == SenderReports && stamps_packet_ends(tracks[i], delays[i], video_delay))
      map.audio_advance = tracks[i].delay.packet;
    for (ClockSegment& segment : map.segments)
      segment.anchor += shift - zero.time_since_epoch() - map.audio_advance;
    maps.push_back(std::move(map));
  }
  return maps;
}

}  // namespace greffe::timeline
