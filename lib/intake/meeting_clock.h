// All tracks of a meeting on one clock (DESIGN 5).
#pragma once

#include <set>
#include <string>
#include <vector>

#include "intake/container_track.h"
#include "intake/track_survey.h"
#include "timeline/clock_evidence.h"
#include "timeline/clock_map.h"
#include "timeline/recorder_clock.h"

namespace greffe::intake {

// A track that was read once, and whose it is.
struct SurveyedTrack {
  TrackSource source;
  std::string participant;  // id
  std::string role;
  TrackSurvey survey;
  std::vector<timeline::SeenReport> reports;  // those that speak of it, from any file
  std::set<std::string> cnames;               // of its senders, as RTCP has them (RFC 3550 §6.5.1)
  std::optional<ContainerTrack> container;    // of a file of another platform: then there is no survey
  // Layers of one camera have one number (find_layers); nullopt for a track without other layers.
  std::optional<std::size_t> camera;
};

// When the meeting began: `start` if given, else the first arrival of any track that has a wall clock.
// nullopt when no track knows the time of day and none was given.
std::optional<WallTime> find_start(const std::vector<SurveyedTrack>& tracks, std::optional<WallTime> start);

struct FittedClock {
  timeline::ClockMap map;
  timeline::ClockEvidence evidence;
};

// R60: where the recorder's clock was set while it recorded, arrivals of packets and reports are brought onto
// its longest steady part, and `damage` says so. Tracks without a time of day stay.
void correct_arrivals(std::vector<SurveyedTrack>& tracks, DamageLog& damage);

// One clock per track, in order. Tracks of one sender with abs-capture-time share the capturer's clock, those
// with sender reports their sender's: that of the two which more of them have, capture times when both are as
// many. The others go by arrival. One sender: one participant's tracks of one CNAME or, where that is not
// known, of one source address; where neither is known all of the participant's. A track without a wall clock
// begins at meeting time 0. Contradictions are damage where they cost something; all are in the evidence.
std::vector<FittedClock> fit_meeting(const std::vector<SurveyedTrack>& tracks, WallTime start,
                                     DamageLog& damage);

}  // namespace greffe::intake
