// scenes.json as people may have edited it.
#pragma once

#include <vector>

#include "json/reader.h"
#include "layout/scene.h"
#include "timeline/meeting.h"

namespace greffe::layout {

// A plan with all that is wrong in it; of use only when nothing is.
struct ScenesRead {
  ScenePlan plan;
  std::vector<json::Mistake> mistakes;
};

// Checks what can be told without the meeting: types, order and gaps of scenes, even rectangles inside the
// canvas and, where z is the same, apart. Goes on after each mistake, so that a person hears of all at once.
ScenesRead read_scenes(const json::Value& value);

// What of the plan does not fit this meeting: people and tracks that it does not have, tracks of somebody
// else, times after its end.
std::vector<json::Mistake> mistakes_of(const ScenePlan& plan, const timeline::Meeting& meeting);

// The plan, or its first mistake.
Result<ScenePlan> scene_plan_of(const json::Value& value);

}  // namespace greffe::layout
