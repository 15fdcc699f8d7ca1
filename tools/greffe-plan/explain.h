// A plan as a table for people.
#pragma once

#include <string>

#include "layout/scene.h"

namespace greffe {

// One line for each scene: when, how long, why and who is where; below it the chapters and how calm the plan
// is.
std::string explained(const layout::ScenePlan& plan);

}  // namespace greffe
