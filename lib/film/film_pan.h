// Voices are heard from where their tiles stand.
#pragma once

#include <string_view>
#include <vector>

#include "layout/scene.h"
#include "mixer/pan.h"

namespace greffe::film {

// Where a participant's voice comes from over time: from the middle of the tile, the camera's where there are
// several, drawn towards the middle of the picture so that no voice is in one ear alone. Whoever has no tile
// in a scene is heard from the middle.
std::vector<mixer::PanPoint> pan_of(std::string_view participant, const layout::ScenePlan& plan);

}  // namespace greffe::film
