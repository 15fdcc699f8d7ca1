// scenes.json of a person, checked against the meeting it is for.
#pragma once

#include "base/file.h"
#include "layout/scene.h"
#include "timeline/meeting.h"

namespace greffe::flow {

// Fails with every mistake there is, one a line, each with its line in the file and its place in the
// document.
Result<layout::ScenePlan> read_plan(const Path& file, const timeline::Meeting& meeting);

}  // namespace greffe::flow
