// A sender's drift from points that carry jitter and steps: how much of a slope the evidence supports. Pure.
#pragma once

#include <optional>
#include <vector>

namespace greffe::timeline {

// Media time by the nominal rate, and how much later a witness puts it, both in ns from the first point.
struct ClockPoint {
  double media = 0;
  double later = 0;
};

// Where a witness leaves its line once and stays on another: an audio device that drops a buffer, a clock
// that is set by less than what breaks a segment.
struct ClockStep {
  double media = 0;   // ns, as in the points
  double height = 0;  // ns; positive: later from there on
};

struct ClockSlope {
  double slope = 0;  // extra nanoseconds of the witness per nanosecond of media; 0 where nothing shows it
  std::optional<ClockStep> step;
};

// Points lie in order of media time. A slope that one step explains better is none. What is left shrinks
// towards 0 as far as the points could be mistaken: few of them, or a short track, say little against the
// 100 ppm within which clocks usually are; but by no more than twice what the slope could be mistaken by.
ClockSlope find_slope(const std::vector<ClockPoint>& points);

double median(std::vector<double> values);  // 0 of none

}  // namespace greffe::timeline
