// What is written on tiles.
#pragma once

#include <map>
#include <string>

#include "layout/scene.h"
#include "timeline/meeting.h"

namespace greffe::layout {

// What is shown for each participant id; a name that stands twice gets a number (R64).
using DisplayNames = std::map<std::string, std::string>;
DisplayNames display_names_of(const timeline::Meeting& meeting);

// The participant's name, or the id where there is none; with " (screen)" on a screen.
std::string label_of(const Tile& tile, const DisplayNames& names);

}  // namespace greffe::layout
