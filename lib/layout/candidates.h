// Everybody and everything that could be shown at a time.
#pragma once

#include <string>
#include <vector>

#include "layout/names.h"
#include "layout/plan_options.h"
#include "layout/presence.h"
#include "layout/speech.h"
#include "timeline/meeting.h"

namespace greffe::layout {

// What a plan is made from.
struct Sources {
  std::vector<Presence> presences;
  std::vector<VisibleTrack> tracks;
  std::vector<SpeakerTurn> turns;
  SpeechOf speech;
  DisplayNames names;
};

// Without those who are never to appear.
Sources sources_of(const timeline::Meeting& meeting, const std::vector<Utterance>& utterances,
                   const PlanOptions& options);

// A tile before it has a place.
struct Candidate {
  Tile tile;
  std::string key;     // equal for the same person or screen from scene to scene
  std::string camera;  // of which the tile's track is one layer
  Aspect aspect;
  MeetingTime order{};  // earlier comes first
  MeetingTime since{};  // when this picture, or this person without one, came
};

// In the order in which they are to stand; of the layers of one camera, the largest that is there.
std::vector<Candidate> candidates_at(const Sources& sources, MeetingTime time, const PlanOptions& options);

// The smallest layer of a camera that fills the picture's place; the largest where none does.
const VisibleTrack* find_layer(const std::string& camera, const Rectangle& picture,
                               const std::vector<VisibleTrack>& tracks, MeetingTime time);

}  // namespace greffe::layout
