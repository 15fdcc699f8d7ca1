// A whole meeting → its scenes (DESIGN 6).
#pragma once

#include <vector>

#include "layout/plan_options.h"
#include "layout/scene.h"
#include "layout/speech.h"
#include "timeline/meeting.h"

namespace greffe::layout {

// Decides who is where, and when. Scenes lie back to back from meeting time 0 to the end; each begins where
// somebody joins or leaves, a camera goes on or off, a screen share starts or stops, a picture's shape
// changes, or the main place moves. Changes within half a second of each other make one scene. Whoever stays
// keeps their place as far as the layout allows.
//
// Of the layers of one camera (TrackSidecar::alternative_of) each tile shows the smallest that fills it, or
// the largest there is. A participant without any track has no tile. Where there are more than fit, those who
// lead or spoke last come first, then those with a picture. Fails when nobody has media at or after time 0.
Result<ScenePlan> plan_of(const timeline::Meeting& meeting, const std::vector<Utterance>& utterances,
                          const PlanOptions& options);

}  // namespace greffe::layout
