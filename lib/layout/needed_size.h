// How large the pictures of a track must be, as the tiles of the plan show them.
#pragma once

#include <vector>

#include "layout/scene.h"
#include "timeline/track_sidecar.h"

namespace greffe::layout {

// A track in a tile: when, and where the picture lies in it.
struct TileSpan {
  TimeRange range;
  Rectangle picture;
};

// The spans in which a plan shows a track, in order of time.
std::vector<TileSpan> tile_spans_of(const ScenePlan& plan, const std::string& track);

// Answers for times that never go back. Only where the sidecar says that smaller pictures can be decoded
// without larger ones is anything but the largest enough.
class NeededSize {
 public:
  // `track` must outlive this object. `spans` in order of time.
  NeededSize(const timeline::TrackSidecar& track, std::vector<TileSpan> spans);

  // What fills every tile that shows the track from `time` to the next key frame, since what is not decoded
  // now cannot be decoded before that. nullopt: all there is.
  std::optional<media::PictureSize> at(MeetingTime time);

 private:
  std::optional<media::PictureSize> find(MeetingTime time, MeetingTime next_key) const;

  const timeline::TrackSidecar* track_;
  std::vector<TileSpan> spans_;
  bool turned_ = false;   // somewhere, so that width and height change places
  std::size_t next_ = 0;  // of spans_: those before it are over
  MeetingTime holds_until_ = MeetingTime::min();
  std::optional<media::PictureSize> size_;
};

}  // namespace greffe::layout
