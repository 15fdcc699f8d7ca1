// The meeting times of a track's frames, one by one: a day of video has millions.
#pragma once

#include <optional>

#include "timeline/track_sidecar.h"

namespace greffe::timeline {

// Not thread-safe.
class FrameCursor {
 public:
  // `sidecar` must outlive the cursor and stay as it is.
  explicit FrameCursor(const TrackSidecar& sidecar) : sidecar_(&sidecar) {}

  // Of the next frame in file order, or nullopt after the last.
  std::optional<MeetingTime> next();

 private:
  const TrackSidecar* sidecar_;
  std::size_t segment_ = 0;
  std::optional<TickRuns::Iterator> run_;  // none: the segment's first frame is next
  std::uint32_t in_run_ = 0;               // frames given of it
  std::int64_t tick_ = 0;                  // of the frame given last
};

}  // namespace greffe::timeline
