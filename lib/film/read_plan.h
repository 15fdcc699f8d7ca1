// What people write about who is where: scenes.json, checked against the meeting it is for, and regions.
#pragma once

#include "base/file.h"
#include "layout/plan_options.h"
#include "layout/scene.h"
#include "timeline/meeting.h"

namespace greffe::film {

// Fails with every mistake there is, one a line, each with its line in the file and its place in the
// document.
Result<layout::ScenePlan> read_plan(const Path& file, const timeline::Meeting& meeting);

// Takes the layout of `file` into the options: regions, or a kind that it names in another system's words.
// Its canvas is taken, too; another one that the user has given is refused. Fails like read_plan().
Status read_regions(const Path& file, bool size_given, layout::PlanOptions& options);

}  // namespace greffe::film
