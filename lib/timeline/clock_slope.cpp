#include "timeline/clock_slope.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace greffe::timeline {
namespace {

constexpr double SecondNs = 1e9;
// Recorders stamp in whole milliseconds, and the network's least delay is not met in every stretch.
constexpr double GrainNs = 2e6;

// Theil–Sen: the median slope over all pairs whose distance lies within the given shares of the span. Pairs
// far apart see every step there is; of pairs close together few lie on both sides of one.
double robust_slope(const std::vector<ClockPoint>& points, double least_share, double most_share) {
  const double span = points.back().media - points.front().media;
  std::vector<double> slopes;
  for (std::size_t i = 0; i < points.size(); ++i)
    for (std::size_t j = i + 1; j < points.size(); ++j) {
      const double apart = points[j].media - points[i].media;
      if (apart > span * most_share) break;
      if (apart > 0 && apart >= span * least_share)
        slopes.push_back((points[j].later - points[i].later) / apart);
    }
  return median(std::move(slopes));
}

std::vector<double> rest_of(const std::vector<ClockPoint>& points, double slope) {
  std::vector<double> rest;
  for (const ClockPoint& point : points) rest.push_back(point.later - slope * point.media);
  return rest;
}

// Mean distance from `middle`, their median.
double spread_of(const std::vector<double>& values, double middle) {
  double sum = 0;
  for (const double value : values) sum += std::abs(value - middle);
  return values.empty() ? 0 : sum / static_cast<double>(values.size());
}

struct Split {
  std::size_t at = 0;
  double height = 0;
  double spread = 0;
};

// The split into two level parts that leaves the least. Looked for at 64 places, then point by point between
// the two that surround the best.
Split best_split(const std::vector<double>& rest) {
  const auto split_at = [&](std::size_t at) {
    const auto middle = rest.begin() + static_cast<std::ptrdiff_t>(at);
    const std::vector<double> before(rest.begin(), middle), after(middle, rest.end());
    const double level_before = median(before), level_after = median(after);
    const double share = static_cast<double>(at) / static_cast<double>(rest.size());
    return Split{
        .at = at,
        .height = level_after - level_before,
        .spread = share * spread_of(before, level_before) + (1 - share) * spread_of(after, level_after)};
  };
  const std::size_t margin = std::max<std::size_t>(2, rest.size() / 32);
  const std::size_t stride = std::max<std::size_t>(1, rest.size() / 64);
  Split best = split_at(margin);
  const auto look = [&](std::size_t from, std::size_t to, std::size_t step) {
    for (std::size_t at = from; at <= to; at += step)
      if (const Split split = split_at(at); split.spread < best.spread) best = split;
  };
  const std::size_t last = rest.size() - margin;
  look(margin, last, stride);
  const std::size_t around = best.at;
  look(std::max(margin, around - std::min(around, stride)), std::min(last, around + stride), 1);
  return best;
}

// How far the slope could be wrong, as a standard error: of a line through this many points, and never less
// than the grain over the whole track.
double doubt(const std::vector<ClockPoint>& points, double spread) {
  const double span = points.back().media - points.front().media;
  const double by_points =
      std::sqrt(12.0) * 1.25 * spread / (span * std::sqrt(static_cast<double>(points.size())));
  return std::max(by_points, GrainNs / span);
}

double supported(double slope, const std::vector<ClockPoint>& points, double spread) {
  constexpr double Usual = 100e-6;                               // quartz in telephones and computers
  constexpr double TenTimesTooFast = -0.9, TenTimesTooSlow = 9;  // doubled clocks are known, not these
  if (slope < TenTimesTooFast || slope > TenTimesTooSlow) return 0;
  const double span = points.back().media - points.front().media;
  if (std::abs(slope) * span <= 3 * spread + GrainNs) return 0;
  const double error = doubt(points, spread);
  const double shrinks = slope * (error * error) / (Usual * Usual + error * error);
  return slope - std::clamp(shrinks, -2 * error, 2 * error);
}

// Every pair is looked at: of more points than this, the middle one of each run stands for it.
constexpr std::size_t MostPoints = 256;

std::vector<ClockPoint> thinned(const std::vector<ClockPoint>& points) {
  std::vector<ClockPoint> kept;
  for (std::size_t run = 0; run < MostPoints; ++run) {
    const auto first = points.begin() + static_cast<std::ptrdiff_t>(run * points.size() / MostPoints);
    const auto last = points.begin() + static_cast<std::ptrdiff_t>((run + 1) * points.size() / MostPoints);
    std::vector<ClockPoint> members(first, last);
    const auto middle = members.begin() + static_cast<std::ptrdiff_t>((members.size() - 1) / 2);
    std::nth_element(members.begin(), middle, members.end(),
                     [](const ClockPoint& a, const ClockPoint& b) { return a.later < b.later; });
    kept.push_back(*middle);
  }
  return kept;
}

}  // namespace

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

ClockSlope find_slope(const std::vector<ClockPoint>& points) {
  // Under half a minute even a bad quartz (100 ppm) drifts 3 ms: less than jitter and the recorder's grain
  // hide.
  constexpr double LeastSpan = 20 * SecondNs;
  constexpr std::size_t LeastPoints = 16;
  constexpr double LeastStep = 5e6;
  if (points.size() < LeastPoints || points.back().media - points.front().media < LeastSpan) return {};
  if (points.size() > MostPoints) return find_slope(thinned(points));
  const double whole = robust_slope(points, 0.25, 1);
  const double local = robust_slope(points, 1.0 / 32, 1.0 / 8);
  const std::vector<double> rest = rest_of(points, whole);
  const double line_spread = spread_of(rest, median(rest));
  // A step is believed when two level parts, or two parallel ones, leave half of what one line leaves.
  for (const double slope : {0.0, local}) {
    const Split split = best_split(rest_of(points, slope));
    if (split.spread * 2 >= line_spread || std::abs(split.height) < LeastStep ||
        std::abs(split.height) < 4 * split.spread)
      continue;
    return {.slope = supported(slope, points, split.spread),
            .step = ClockStep{.media = points[split.at].media, .height = split.height}};
  }
  return {.slope = supported(whole, points, line_spread), .step = std::nullopt};
}

}  // namespace greffe::timeline
