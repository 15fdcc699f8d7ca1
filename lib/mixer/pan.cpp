#include "mixer/pan.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace greffe::mixer {
namespace {

std::array<float, 2> gains_of(double position) {
  if (position == 0) return {1.0F, 1.0F};
  const double angle = std::numbers::pi / 4 * (1 + std::clamp(position, -1.0, 1.0));
  return {static_cast<float>(std::numbers::sqrt2 * std::cos(angle)),
          static_cast<float>(std::numbers::sqrt2 * std::sin(angle))};
}

}  // namespace

Pan::Pan(std::vector<PanPoint> points) : points_(std::move(points)) {
  if (moves()) settled_ = gains_of(double{points_.front().position});
}

double Pan::position_at(std::int64_t output) const {
  const std::int64_t since = output - points_[point_].output;
  const double after = double{points_[point_].position};
  if (point_ == 0 || since >= RampOutputs) return after;
  return from_ + (after - from_) * static_cast<double>(since) / static_cast<double>(RampOutputs);
}

std::array<float, 2> Pan::gains_at(std::int64_t output) {
  if (!moves()) return settled_;
  while (point_ + 1 < points_.size() && output >= points_[point_ + 1].output) {
    from_ = position_at(points_[point_ + 1].output);
    settled_ = gains_of(double{points_[++point_].position});
  }
  const bool ramps = point_ > 0 && output - points_[point_].output < RampOutputs;
  return ramps ? gains_of(position_at(output)) : settled_;
}

}  // namespace greffe::mixer
