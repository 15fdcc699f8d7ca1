// What of a participant can be seen, and when: the raw material of scenes.
#pragma once

#include <string>
#include <vector>

#include "layout/grid.h"
#include "timeline/meeting.h"
#include "units/time.h"

namespace greffe::layout {

// A picture's shape from a time on.
struct ShapeChange {
  MeetingTime at{};
  Aspect aspect;
};

// A picture's size as it is shown, after rotation, from a time on.
struct ShownSize {
  MeetingTime at{};
  media::PictureSize size;
};

// A camera or screen track as a candidate for a tile.
struct VisibleTrack {
  std::string participant;
  std::string track;
  std::string camera;  // equal for the layers of one camera or screen: one of them is shown
  bool screen = false;
  std::vector<TimeRange> visible;   // sorted, apart
  std::vector<ShapeChange> shapes;  // sorted; the first holds from ever on
  std::vector<ShownSize> sizes;     // the same

  bool visible_at(MeetingTime time) const;
  Aspect aspect_at(MeetingTime time) const;
  media::PictureSize size_at(MeetingTime time) const;  // empty when no size is known
};

struct Presence {
  std::string participant;
  MeetingTime joined{};
  std::vector<TimeRange> present;  // sorted, apart
  bool present_at(MeetingTime time) const;
};

// A camera is off once its pictures have stayed away for longer than this; it is then still shown for half of
// it, so that a short gap neither moves nor blanks a tile.
constexpr Duration CameraPause = std::chrono::seconds(2);

// In order of first join; participants without a track are left out.
std::vector<Presence> presences_of(const timeline::Meeting& meeting);
// All camera and screen tracks, in order of start.
std::vector<VisibleTrack> visible_tracks_of(const timeline::Meeting& meeting);

}  // namespace greffe::layout
