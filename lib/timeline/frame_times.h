// A small sample of when a video's frames were taken, by which layers of one camera are known: each has RTP
// times of its own, with the same irregular steps.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "units/time.h"

namespace greffe::timeline {

// Keeps the frames of whole seconds of arrival; of long tracks of every second, fourth, eighth … second, the
// same ones for every track. Memory is bounded.
class FrameTimes {
 public:
  static constexpr std::size_t Most = 2048;

  // In sending order; packets of one frame have one RTP time.
  void add(std::int64_t ticks, ArrivalTime arrival);

  // Whether the frames of both were taken at the same instants: most of those of the one that has fewer lie
  // at the same distance from one of the other, and their steps are not so even that this says nothing. A
  // hundred of each are looked at, from seconds all over the time that both have: a tenth of a
  // millisecond.
  bool coincide_with(const FrameTimes& other) const;

 private:
  struct Frame {
    std::int64_t second = 0;
    std::int64_t ticks = 0;
  };
  using Frames = std::span<const Frame>;
  // A second that both have.
  struct SharedSecond {
    Frames ours, theirs;
  };
  std::vector<SharedSecond> shared_with(const FrameTimes& other) const;
  bool keeps(std::int64_t second) const { return second % stride_ == 0; }
  bool is_uneven() const;

  std::vector<Frame> frames_;  // in order of seconds
  std::optional<std::int64_t> last_ticks_;
  std::int64_t stride_ = 1;
};

}  // namespace greffe::timeline
