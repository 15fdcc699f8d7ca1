// A whole meeting → its scenes (DESIGN 6).
#pragma once

#include <string_view>
#include <vector>

#include "layout/scene.h"
#include "layout/speech.h"
#include "timeline/meeting.h"

namespace greffe::layout {

enum class LayoutKind { Grid, Speaker };
std::string_view name_of(LayoutKind kind);
Result<LayoutKind> layout_kind_of(std::string_view name);

struct PlanOptions {
  LayoutKind layout = LayoutKind::Grid;
  int width = 1280;  // even, 64 to 8192
  int height = 720;
};

// Decides who is where, and when. Scenes lie back to back from meeting time 0 to the end; each begins where
// somebody joins or leaves, a camera goes on or off, a screen share starts or stops, a picture's shape
// changes, or (speaker layout) the main place moves. Changes within half a second of each other make one
// scene.
//
// Of the layers of one camera (TrackSidecar::alternative_of) each tile shows the smallest that fills it, or
// the largest there is. A participant without any track has no tile. Of more than 49 tiles, those with a
// picture come first. Fails when nobody has media at or after time 0.
Result<ScenePlan> plan_of(const timeline::Meeting& meeting, const std::vector<Utterance>& utterances,
                          const PlanOptions& options);

}  // namespace greffe::layout
