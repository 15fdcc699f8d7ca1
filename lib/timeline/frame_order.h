// In which order the frames of a video track lie in its file, and in which they are shown.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "timeline/frame_cursor.h"
#include "timeline/track_sidecar.h"

namespace greffe::timeline {

// Of a track whose pictures are shown as they are coded times never fall: where the clock map lets one
// segment begin before the end of another, a frame counts as of the time before it. Of H.264 and H.265 with B
// frames they do. Walks along the sidecar's list as it is asked; memory does not grow with the track.
class FrameOrder {
 public:
  // `track` must outlive this object.
  explicit FrameOrder(const TrackSidecar& track);

  // The most frames that stand ahead of one that is shown before them.
  int reordered() const { return reordered_; }
  // When a frame is shown, by its place in the file; nullopt behind the last, and for frames further back
  // than pictures are held back. Places that are asked for rise, but for those few.
  std::optional<MeetingTime> time_of(std::uint64_t frame);
  // The earliest time at which this frame or one behind it is shown: then it must be decoded.
  std::optional<MeetingTime> due(std::uint64_t frame);
  // The last key frame that is shown at `time` or before; 0 when there is none. Times never fall.
  std::uint64_t last_key_frame(MeetingTime time);

 private:
  struct KeyFrame {
    std::uint64_t frame = 0;
    MeetingTime time{};
  };
  // Times as they count, one by one.
  class Times {
   public:
    Times(const TrackSidecar& track, bool may_fall) : cursor_(track), may_fall_(may_fall) {}
    std::optional<MeetingTime> next();

   private:
    FrameCursor cursor_;
    bool may_fall_;
    std::optional<MeetingTime> last_;
  };

  void find_next_key_frame();

  const TrackSidecar* track_;
  int reordered_ = 0;
  Times times_;
  std::deque<MeetingTime> window_;  // around the frames that are asked for
  std::uint64_t window_start_ = 0;
  Times ahead_;  // on the way to the next key frame
  std::uint64_t ahead_frame_ = 0;
  std::size_t key_frames_passed_ = 0;
  std::optional<KeyFrame> next_key_frame_;
  std::uint64_t last_key_frame_ = 0;
};

}  // namespace greffe::timeline
