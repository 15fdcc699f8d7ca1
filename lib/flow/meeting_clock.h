// All tracks of a meeting on one clock (DESIGN 5).
#pragma once

#include <string>
#include <vector>

#include "flow/container_track.h"
#include "flow/track_survey.h"
#include "timeline/clock_map.h"

namespace greffe::flow {

// A track that was read once, and whose it is.
struct SurveyedTrack {
  TrackSource source;
  std::string participant;  // id
  std::string role;
  TrackSurvey survey;
  std::vector<timeline::SeenReport> reports;  // those that speak of it, from any file
  std::optional<ContainerTrack> container;    // of a file of another platform: then there is no survey
};

// When the meeting began: `start` if given, else the first arrival of any track that has a wall clock.
// nullopt when no track knows the time of day and none was given.
std::optional<WallTime> find_start(const std::vector<SurveyedTrack>& tracks, std::optional<WallTime> start);

// One map per track, in order. Tracks of one participant with sender reports share their sender's clock; the
// others go by arrival. A track without a wall clock begins at meeting time 0. Contradictions are damage.
std::vector<timeline::ClockMap> fit_meeting(const std::vector<SurveyedTrack>& tracks, WallTime start,
                                            DamageLog& damage);

}  // namespace greffe::flow
