#include "timeline/frame_cursor.h"

#include <algorithm>

namespace greffe::timeline {

std::optional<MeetingTime> FrameCursor::next() {
  const std::size_t segments = std::min(sidecar_->ticks.size(), sidecar_->clock.segments.size());
  for (; segment_ < segments; ++segment_, run_.reset()) {
    const FrameTicks& frames = sidecar_->ticks[segment_];
    const ClockSegment& clock = sidecar_->clock.segments[segment_];
    if (frames.empty) continue;
    if (!run_) {
      run_ = frames.runs.begin();
      in_run_ = 0;
      tick_ = frames.first_tick;
      return clock.at(tick_);
    }
    for (; *run_ != frames.runs.end() && in_run_ >= (**run_).count; ++*run_) in_run_ = 0;
    if (*run_ == frames.runs.end()) continue;
    ++in_run_;
    return clock.at(tick_ += (**run_).step_ticks);
  }
  return std::nullopt;
}

}  // namespace greffe::timeline
