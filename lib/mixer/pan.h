// Where between left and right a voice is heard.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace greffe::mixer {

struct PanPoint {
  std::int64_t output = 0;  // from this sample of the mix on
  float position = 0;       // -1 left, 0 middle, 1 right
  bool operator==(const PanPoint&) const = default;
};

// Constant power: left² + right² = 2, so that in the middle both are 1 and a voice is as loud wherever it is.
// Changes take 100 ms. Without points, sound stays where it was recorded. Not thread-safe.
class Pan {
 public:
  static constexpr std::int64_t RampOutputs = 4800;

  Pan() = default;
  // In order, at least one; before the first its position holds.
  explicit Pan(std::vector<PanPoint> points);

  bool moves() const { return !points_.empty(); }
  // What to multiply a voice by. `output` never goes back.
  std::array<float, 2> gains_at(std::int64_t output);

 private:
  double position_at(std::int64_t output) const;

  std::vector<PanPoint> points_;
  std::size_t point_ = 0;
  double from_ = 0;                           // where it was when point_ began
  std::array<float, 2> settled_{1.0F, 1.0F};  // after the ramp to point_
};

}  // namespace greffe::mixer
